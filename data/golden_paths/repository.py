"""Templates in git repositories: fetched without history, their versions, and the files of a commit."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from data.catalog.sources.git_process import MAX_SECONDS, Git, stop
from data.catalog.sources.git_tree import read_tree
from data.catalog.sources.remote import check_ref
from data.errors import Invalid, NotFound, Unavailable
from data.golden_paths.files import FULL, check_size, write


def is_git(source: str) -> bool:
    """Whether a source is a git repository: a URL, or a folder that is one."""
    folder = Path(source)
    if not folder.is_dir():
        return True
    return (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir())


def is_commit(text: str) -> bool:
    """Whether this is a full commit id."""
    return len(text) == FULL and all(c in "0123456789abcdef" for c in text)


def fetch(git: Git, commit: str = "", seconds: float = MAX_SECONDS) -> None:
    """Bring the tags and the newest commit (and one more) into the cache, without history."""
    if not git.folder.exists():
        git.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        git.run("init", "--quiet", "--bare", "--template=")
    options = ["--quiet", "--depth=1", "--force", "--no-recurse-submodules", "--no-write-fetch-head"]
    more = [f"+{commit}:refs/idp/{commit}"] if commit else []
    git.run(
        "fetch",
        *options,
        "--",
        git.remote.address,
        "+HEAD:refs/idp/head",
        "+refs/tags/*:refs/tags/*",
        *more,
        seconds=seconds,
    )


def tags(git: Git) -> list[str]:
    """The tags that are versions (PEP 440, with or without a leading v), the oldest first."""
    from packaging.version import InvalidVersion, Version  # comes with copier, which most questions do not need

    found = []
    for name in git.run("tag", "--list").decode(errors="replace").split():
        with suppress(InvalidVersion):
            found.append((Version(name), name))
    return [name for _, name in sorted(found)]


def commit_of(git: Git, wanted: str) -> tuple[str, str]:
    """(full id, name for people) of a tag, a full commit id, or "" for the newest."""
    newest = tags(git)
    if not wanted and newest:
        wanted = newest[-1]
    if wanted and not is_commit(wanted):
        check_ref(wanted)
        if wanted not in git.run("tag", "--list").decode(errors="replace").split():
            raise NotFound(f"The template has no version {wanted}.", "Its versions: " + ", ".join(newest[-5:]))
    ref = f"refs/tags/{wanted}" if wanted and not is_commit(wanted) else wanted or "refs/idp/head"
    found = git.run("rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()
    named = git.run("tag", "--points-at", found).decode(errors="replace").split()
    shown = wanted if wanted in named else (named or [found[:12]])[-1]
    return found, shown


def check_out(git: Git, commit: str, into: Path) -> None:
    """Write the files of a commit, with their links and executable bits; submodules are left out."""
    tree = read_tree(git, commit)
    check_size(len(tree), sum(blob.size for blob in tree.values()))
    _stay_inside(tree)
    batch = git.start(["cat-file", "--batch"])
    try:
        if batch.stdin is None or batch.stdout is None:
            raise Unavailable("git cannot be talked to.")
        for name, blob in tree.items():
            batch.stdin.write(f"{blob.id}\n".encode())
            batch.stdin.flush()
            batch.stdout.readline()
            write(into / name, batch.stdout.read(blob.size + 1)[:-1], blob.mode)
    finally:
        stop(batch)
        for pipe in (batch.stdin, batch.stdout):
            if pipe:
                pipe.close()


def _stay_inside(names: Collection[str]) -> None:
    """Raises Invalid for a tree that no git makes: what it holds would be written elsewhere."""
    for name in names:
        parts = name.split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        if not {"", ".", "..", ".git"}.isdisjoint(parts) or any(folder in names for folder in above):
            raise Invalid(f"The template holds {name[:80]!r}, which may not be.")
