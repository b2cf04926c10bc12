"""One reading of a GitHub organisation: the list of its repositories, and the files of those that moved."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote, unquote

import orjson

from data.catalog.entity import Problem
from data.catalog.repos.repositories import FACTS, is_companion
from data.catalog.sources import github_rest
from data.catalog.sources.github_api import GitHubApi
from data.catalog.sources.github_queries import BROUGHT, Blob, Repo
from data.catalog.sources.targets import from_root, is_pattern, matches, resolve
from data.catalog.sources.tree import MAX_BYTES, refused
from data.errors import Invalid, NotAllowed, NotFound, UserError
from data.http.answers import TokenRefused
from data.ports.catalog import Known, SourceFile

COMPANION_BYTES = 512 << 10  # of a README or a page; what is longer is left out


class Choice(Protocol):
    """What is wanted of an organisation; see GitHubSource, which is one."""

    @property
    def org(self) -> str: ...
    @property
    def paths(self) -> Sequence[str]: ...
    @property
    def only(self) -> Sequence[str]: ...
    def wants(self, repo: Repo) -> bool: ...


class GitHubCheckout:
    """Paths of files begin with the name of their repository: `shop/catalog-info.yaml`."""

    def __init__(self, source: Choice, api: GitHubApi) -> None:
        self._source = source
        self._api = api
        self._repos: dict[str, Repo] = {}
        self._known: Mapping[str, str] = {}  # stamps
        self._unchanged: set[str] = set()
        self._queue: deque[SourceFile] = deque()
        self._seen: set[str] = set()
        self._trees: dict[str, list[str]] = {}

    def files(self, known: Known) -> Iterator[SourceFile]:
        self._known = known.stamps
        by_folder = _by_folder(known.stamps)
        wanted, left_alone = self._listed(by_folder)
        for folder in left_alone:
            for path in by_folder[folder]:
                self._seen.add(path)
                yield SourceFile(path, known.stamps[path], None, form="left alone")
        self._repos = {repo.name: repo for repo in wanted}
        moved = [repo for repo in wanted if not self._stands(repo)]
        self._unchanged = self._repos.keys() - {repo.name for repo in moved}
        for name in self._unchanged:
            yield from self._as_known(self._repos[name], by_folder.get(name, ()))
        for file in self._read(moved):
            if file.path not in self._seen:
                self._seen.add(file.path)
                yield file

    def wanted(self, known: Known) -> Iterator[SourceFile]:  # noqa: ARG002  # it is the one of `files`
        while self._queue:
            yield self._queue.popleft()

    def _listed(self, by_folder: Mapping[str, Sequence[str]]) -> tuple[list[Repo], set[str]]:
        """The repositories to look at, and the folders that this sync leaves alone."""
        if self._source.only:
            found = self._api.named(self._source.only)
            return [repo for repo in found if self._source.wants(repo)], by_folder.keys() - set(self._source.only)
        try:
            listed = self._api.repositories()
        except TokenRefused:
            raise
        except (NotAllowed, NotFound) as error:  # GraphQL is not to be had
            listed = github_rest.repositories(self._api, self._source.org, error)
        return [repo for repo in listed if self._source.wants(repo)], set()

    def _read(self, moved: Sequence[Repo]) -> Iterator[SourceFile]:
        exact = [path for path in self._source.paths if not is_pattern(path)]
        for repo, blobs in self._api.contents([repo for repo in moved if repo.id], [*exact, *BROUGHT]):
            yield _facts(repo)
            for blob in blobs:
                if file := self._file(repo, blob):
                    yield file
            yield from self._globbed(repo)
        yield from self._read_singly([repo for repo in moved if not repo.id], exact)

    def _read_singly(self, moved: Sequence[Repo], exact: Sequence[str]) -> Iterator[SourceFile]:
        """Without GraphQL: file by file; on the first reading only where search says that there is something."""
        holding = None if self._known or not moved else github_rest.holding(self._api, self._source.org, exact)
        for repo in moved:
            yield _facts(repo)
            if holding is None or repo.name in holding:
                yield from github_rest.files(self._api, repo, exact, self._known)
                yield from self._globbed(repo)

    def _globbed(self, repo: Repo) -> Iterator[SourceFile]:
        for pattern in filter(is_pattern, self._source.paths):
            for path in self._tree(repo):
                if matches(pattern, path):
                    yield self._asked(repo, path)

    def _file(self, repo: Repo, blob: Blob) -> SourceFile | None:
        path, url = f"{repo.name}/{blob.path}", _page(repo, blob.path)
        if is_companion(blob.path):
            too_much = blob.text is None or blob.binary or blob.size > COMPANION_BYTES
            return (
                None
                if too_much
                else SourceFile(path, repo.head, (blob.text or "").encode(), url, form="companion")
            )
        if blob.size > MAX_BYTES:
            problem = refused(path, "The file is too large.", f"at most {MAX_BYTES >> 20} MiB", code="limit")
            return SourceFile(path, "", None, problem=problem)
        if blob.text is None or blob.binary:  # GraphQL hands out neither long nor odd files
            return self._asked(repo, blob.path)
        return SourceFile(path, repo.head, blob.text.encode(), url)

    def _asked(self, repo: Repo, path: str) -> SourceFile:
        """One file by itself."""
        try:
            content, _ = self._api.file(repo, path)
        except (NotFound, NotAllowed) as error:
            return SourceFile(f"{repo.name}/{path}", "", None, problem=refused(path, error.message, error.hint))
        return SourceFile(f"{repo.name}/{path}", repo.head, content, _page(repo, path))

    def _stands(self, repo: Repo) -> bool:
        return self._known.get(f"{repo.name}/{FACTS}") == stamp_of(repo)

    def _as_known(self, repo: Repo, paths: Sequence[str]) -> Iterator[SourceFile]:
        """What a search would find again in a repository that stands; what Locations name follows from them."""
        for path in paths:
            inside = path.removeprefix(f"{repo.name}/")
            if is_companion(inside) or any(matches(pattern, inside) for pattern in self._source.paths):
                self._seen.add(path)
                yield self._again(repo, inside)

    def _again(self, repo: Repo, inside: str) -> SourceFile:
        """A file of a repository that stands: as it is known, unless it could not be read."""
        path = f"{repo.name}/{inside}"
        stamp = self._known.get(path, "")
        return SourceFile(path, stamp, None) if stamp or is_companion(inside) else self._asked(repo, inside)

    def want(self, path: str, target: str) -> Iterable[Problem]:
        try:
            repo, inside = self._resolved(path, target, elsewhere=True)
            found = [one for one in self._tree(repo) if matches(inside, one)] if is_pattern(inside) else [inside]
            for one in found:
                self._follow(repo, one)
        except UserError as error:
            return [Problem(path, 1, "warning", "location", error.message, error.hint)]
        return []

    def _follow(self, repo: Repo, inside: str) -> None:
        path = f"{repo.name}/{inside}"
        if path in self._seen:
            return
        self._seen.add(path)
        if repo.name in self._unchanged and self._known.get(path):
            self._queue.append(SourceFile(path, self._known[path], None))
            return
        content, _ = self._api.file(repo, inside)
        self._queue.append(SourceFile(path, repo.head, content, _page(repo, inside)))

    def read(self, path: str, target: str) -> bytes:
        repo, inside = self._resolved(path, target, elsewhere=False)
        content, _ = self._api.file(repo, inside)
        return content or b""

    def stamp(self, path: str, target: str) -> str:  # noqa: ARG002  # the stamp of the file covers its repository
        return "repository"

    def notes(self) -> str:
        return ""

    def _resolved(self, path: str, target: str, *, elsewhere: bool) -> tuple[Repo, str]:
        """The repository and path that a target means; of another repository of the source if `elsewhere`."""
        name, _, here = path.partition("/")
        url = target.removeprefix("url:")
        if "://" not in url:
            return self._repo(name), resolve(here, target, from_root)
        repo, inside = self._by_url(url)
        if repo is None or (repo.name != name and not elsewhere):
            raise NotAllowed(f"The target {url[:200]} is not followed: it is outside of this source.")
        return repo, resolve("", inside, lambda _: None)

    def _repo(self, name: str) -> Repo:
        """A repository of this source; when a sync is narrowed to others, it is asked for now."""
        if name not in self._repos and self._source.only:
            self._repos |= {repo.name: repo for repo in self._api.named([name]) if self._source.wants(repo)}
        if name not in self._repos:
            raise Invalid(f"The repository {name} is not part of this source.")
        return self._repos[name]

    def _by_url(self, url: str) -> tuple[Repo | None, str]:
        """The repository and path of a page such as …/shop/blob/main/services/catalog-info.yaml."""
        parts = url.partition("?")[0].partition("#")[0].split("/")
        if (
            len(parts) < 8
            or parts[3].lower() != self._source.org.lower()
            or parts[5] not in {"blob", "tree", "raw"}
        ):
            return None, ""
        repo = self._repo(parts[4])
        rest = unquote("/".join(parts[6:]))
        branch = next((one for one in (repo.branch, "HEAD") if rest.startswith(f"{one}/")), "")
        if not branch or "/".join(parts[:5]).lower() != repo.url.lower():
            return None, ""
        return repo, rest.removeprefix(f"{branch}/")

    def _tree(self, repo: Repo) -> list[str]:
        if repo.name not in self._trees:
            self._trees[repo.name] = self._api.tree(repo)
        return self._trees[repo.name]

    def close(self) -> None:
        self._api.close()


def stamp_of(repo: Repo) -> str:
    """What moves when a repository says something new: its newest commit or push, or what is told of it."""
    return f"{repo.mark} {repo.branch} {repo.url}"


def _facts(repo: Repo) -> SourceFile:
    """What is known of a repository itself; also the mark that it was looked into, when it holds nothing else."""
    facts = {"name": repo.full_name, "url": repo.url, "branch": repo.branch, "topics": repo.topics}
    return SourceFile(f"{repo.name}/{FACTS}", stamp_of(repo), orjson.dumps(facts), repo.url, form="companion")


def _page(repo: Repo, path: str) -> str:
    return f"{repo.url}/blob/{quote(repo.branch)}/{quote(path)}"


def _by_folder(known: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in known:
        folders.setdefault(path.partition("/")[0], []).append(path)
    return folders
