"""A git repository as a source of catalog files, read without ever checking it out."""

import fcntl
import shutil
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO

from data.catalog.sources.git_process import Git
from data.catalog.sources.git_tree import GitTree, read_tree
from data.catalog.sources.remote import check_ref, parse_remote
from data.catalog.sources.tree import TreeCheckout
from data.errors import Invalid, Unavailable
from data.ports.catalog import Checkout

LOCK_SECONDS = 240  # how long to wait for another process that reads the same repository
MAX_PACKS = 20  # each fetch may leave one; then the cache starts afresh


@dataclass(frozen=True, slots=True)
class GitSource:
    """`url` is https, ssh, scp-like (git@host:team/repo.git), file:// or the path of a local repository.

    `ref` is a branch, a tag or a full commit id ("" is the remote's default branch), `path` the folder, file or
    glob inside it. Fetched objects are kept below `cache`. A user and token in an https URL go to that host only,
    never into a command line, a message or the database.
    """

    name: str
    url: str = field(repr=False)
    cache: Path
    ref: str = ""
    path: str = "."

    @property
    def type(self) -> str:
        return "git"

    @property
    def location(self) -> str:
        try:
            address = parse_remote(self.url).address
        except Invalid:
            address = "a URL that cannot be used"
        where = ", ".join(part for part in (self.ref, self.path) if part not in {"", "."})
        return f"{address} ({where})" if where else address

    def open(self) -> Checkout:
        remote = parse_remote(self.url)
        if self.ref:
            check_ref(self.ref)
        key = blake2b(f"{self.name}\0{remote.address}".encode(), digest_size=8).hexdigest()
        git = Git((self.cache / f"{key}.git").absolute(), remote)
        with ExitStack() as stack:
            stack.enter_context(_locked(self.cache / f"{key}.lock"))
            commit = _fetch(git, self.ref or "HEAD")
            files = read_tree(git, commit)
            batch = stack.enter_context(git.start(["cat-file", "--batch"]))
            tree = GitTree(files, batch, remote, self.ref or "HEAD", self.path)
            tree.closing = stack.pop_all()
        return TreeCheckout(tree)


def _locked(path: Path) -> IO[str]:
    """Hold the lock file of a cache folder until it is closed."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise Unavailable("The folder for fetched repositories cannot be used.", str(error)) from error
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        if time.monotonic() > deadline:
            file.close()
            raise Unavailable("Another sync reads the same repository.", "Try again in a few minutes.")
        time.sleep(0.1)


def _fetch(git: Git, ref: str) -> str:
    """Bring the newest commit of `ref` into the cache, without its history; gives the commit's id."""
    _tidy(git.folder)
    if not git.folder.exists():
        git.run("init", "--quiet", "--bare", "--template=")
    options = ["--quiet", "--depth=1", "--force", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"]
    try:
        git.run("fetch", *options, "--", git.remote.address, f"+{ref}:refs/idp/head")
    except Unavailable as error:
        if "couldn't find remote ref" not in error.hint:
            raise
        if ref == "HEAD":
            raise Unavailable("The repository has no commit yet.", "Commit the catalog files there.") from None
        raise Unavailable(
            f"There is no {ref} in the repository.",
            "Correct `ref` in the configuration: a branch, a tag or a commit.",
        ) from None
    return git.run("rev-parse", "--verify", "refs/idp/head^{commit}").decode().strip()


def _tidy(folder: Path) -> None:
    """Remove what a fetch that was killed has left, and a cache that has grown."""
    for left in [*folder.rglob("*.lock"), *folder.glob("objects/pack/tmp_*")]:
        left.unlink()
    if len(list(folder.glob("objects/pack/*.pack"))) > MAX_PACKS:
        shutil.rmtree(folder)
