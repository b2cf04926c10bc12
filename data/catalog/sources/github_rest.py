"""The same without GraphQL, for tokens and servers that do not have it: search, lists and the contents API."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from data.catalog.repos.repositories import is_companion
from data.catalog.sources.github_queries import BROUGHT, Repo
from data.catalog.sources.tree import refused
from data.errors import NotAllowed, NotFound, UserError
from data.http.answers import understood
from data.ports.catalog import SourceFile

if TYPE_CHECKING:  # types only: that module imports this one's neighbour
    from data.catalog.sources.github_api import GitHubApi

SEARCHED = 1000  # results that GitHub's search hands out at most


def repositories(api: "GitHubApi", org: str, why: UserError) -> list[Repo]:
    """All repositories of an organisation; their `mark` is the moment of the last push.

    Raises `why` GraphQL did not answer when the lists do not either.
    """
    try:
        rows = [row for page in api.pages(f"/orgs/{org}/repos", {"type": "all"}) for row in page]
    except (NotFound, NotAllowed):
        raise why from None
    with understood("GitHub"):
        return [_repo(row) for row in rows if row.get("pushed_at") and row.get("default_branch")]


def _repo(row: Mapping[str, object]) -> Repo:
    topics = row.get("topics")
    return Repo(
        id="",
        name=str(row["name"]),
        full_name=str(row["full_name"]),
        url=str(row.get("html_url") or ""),
        archived=bool(row.get("archived")),
        fork=bool(row.get("fork")),
        topics=tuple(sorted(map(str, topics))) if isinstance(topics, list) else (),
        branch=str(row["default_branch"]),
        head="",
        mark=str(row["pushed_at"]),
    )


def holding(api: "GitHubApi", org: str, paths: Sequence[str]) -> set[str] | None:
    """Which repositories hold a file of such a name, by search; None when search does not know for sure.

    Its index is behind by minutes and knows default branches only, so it may narrow a first reading, nothing else.
    """
    names: set[str] = set()
    for name in sorted({path.rpartition("/")[2] for path in paths}):
        try:
            pages = list(api.pages("/search/code", {"q": f"org:{org} filename:{name}"}))
        except UserError:
            return None
        if (
            not pages
            or pages[0].get("incomplete_results")
            or int(pages[0].get("total_count", SEARCHED)) >= SEARCHED
        ):
            return None
        names |= {str(item["repository"]["name"]) for page in pages for item in page.get("items", ())}
    return names


def files(api: "GitHubApi", repo: Repo, paths: Sequence[str], known: Mapping[str, str]) -> Iterator[SourceFile]:
    """The catalog files and companions of one repository, each asked for with the etag that is known."""
    for path in (*paths, *BROUGHT):
        full = f"{repo.name}/{path}"
        try:
            content, etag = api.file(repo, path, known.get(full, ""))
        except NotFound:
            continue
        except NotAllowed as error:
            yield SourceFile(full, "", None, problem=refused(full, error.message, error.hint))
            continue
        page = f"{repo.url}/blob/{repo.branch}/{path}"
        yield SourceFile(full, etag, content, page, form="companion" if is_companion(path) else "yaml")
