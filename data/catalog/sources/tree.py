"""What a folder and a git commit have in common: files found by name, and the files that these name."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from data.catalog.entity import Problem
from data.catalog.repos import devcontainers
from data.catalog.repos.origins import COPIER
from data.catalog.sources.targets import is_pattern, resolve
from data.errors import Invalid, UserError
from data.ports.catalog import Form, Known, SourceFile, Standing

BESIDE = frozenset({COPIER, *devcontainers.NAMES})  # brought along for their text
NAMES = frozenset({"catalog-info.yaml", "catalog-info.yml", *BESIDE})
MAX_BYTES = 4 * 1024 * 1024  # of one file
MAX_FILES = 250_000  # of one source
MAX_PATTERNS = 200  # different globs of one source, each of which looks at every file
MAX_PATH = 1024  # bytes; longer ones cannot be a key in every database


class Node(NamedTuple):
    """A file of a tree; `stamp` moves with its content, "" for one that may have changed unnoticed. With `problem`
    it may not or cannot be read.

    A path that ends in / is a folder that cannot be read.
    """

    path: str
    stamp: str
    problem: Problem | None = None


class Tree(Protocol):
    """A tree of files with paths like `services/pay/catalog-info.yaml`."""

    def standing(self, known: Known) -> Standing:
        """Those files that the source asks for and that all at once are seen to stand as they are known."""
        ...

    def search(self) -> Iterator[Node]:
        """The other files that the source itself asks for, in a stable order; asked after `standing`."""
        ...

    def glob(self, pattern: str) -> Iterator[Node]:
        """The files whose whole path matches, in a stable order."""
        ...

    def look(self, path: str) -> Node | None:
        """One file, None when there is none."""
        ...

    def load(self, path: str) -> bytes:
        """The content of a file that was looked up. Raises UserError with the reason when it cannot be had."""
        ...

    def url(self, path: str) -> str:
        """Where a person can look at the file, "" if nowhere."""
        ...

    def inside(self, named: str) -> str | None:
        """The path of a file that a URL or an absolute path names, None when that is not of this tree."""
        ...

    def notes(self) -> str:
        """What the next search wants to be told, "" for nothing."""
        ...

    def close(self) -> None: ...


def refused(path: str, message: str, expected: str = "", code: str = "location") -> Problem:
    """A file that is not read, and why."""
    return Problem(path, 1, "error", code, message, expected)


def _form(path: str) -> Form:
    return "companion" if path.rpartition("/")[2] in BESIDE else "yaml"


class TreeCheckout:
    """A `Checkout` over a tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._queue: deque[Node] = deque()
        self._seen: set[str] = set()
        self._patterns: set[str] = set()
        self._was_asked = False  # what stands

    def standing(self, known: Known) -> Standing:
        found = self._tree.standing(known)
        self._seen.update(found.paths)
        self._was_asked = True
        return found

    def files(self, known: Known) -> Iterator[SourceFile]:
        if not self._was_asked:
            yield from (SourceFile(path, known.stamps[path], None) for path in self.standing(known).paths)
        yield from self._offered(self._tree.search(), known.stamps)

    def wanted(self, known: Known) -> Iterator[SourceFile]:
        return self._offered(self._queued(), known.stamps)

    def _queued(self) -> Iterator[Node]:
        while self._queue:
            yield self._queue.popleft()

    def _offered(self, nodes: Iterable[Node], stamps: Mapping[str, str]) -> Iterator[SourceFile]:
        seen, stamp_of = self._seen, stamps.get
        for node in nodes:
            path, stamp, problem = node
            if path in seen:
                continue
            seen.add(path)
            if len(seen) > MAX_FILES:
                raise Invalid(f"The source has more than {MAX_FILES:,} files; none was taken.")
            if stamp and stamp_of(path) == stamp:
                yield SourceFile(path, stamp, None)
            elif problem is None:
                yield self._read(path, stamp)
            elif path.endswith("/"):
                yield from self._below(node, stamps)
            else:
                yield SourceFile(path, "", None, problem=problem)

    def _below(self, folder: Node, known: Iterable[str]) -> Iterator[SourceFile]:
        """A folder that cannot be read: what is known of its files stays."""
        yield SourceFile(folder.path, "", None, problem=folder.problem)
        for path in known:
            if path.startswith(folder.path) and path not in self._seen:
                self._seen.add(path)
                yield SourceFile(path, "", None, problem=folder.problem)

    def _read(self, path: str, stamp: str) -> SourceFile:
        try:
            content, form = self._tree.load(path), _form(path)
            return SourceFile(path, stamp, content, self._tree.url(path), form=form)
        except UserError as error:
            return SourceFile(path, "", None, problem=refused(path, error.message, error.hint))

    def want(self, path: str, target: str) -> Iterable[Problem]:
        try:
            resolved = resolve(path, target, self._tree.inside)
        except UserError as error:
            return [Problem(path, 1, "warning", "location", error.message, error.hint)]
        if resolved in self._patterns:
            return []
        if is_pattern(resolved) and len(self._patterns) >= MAX_PATTERNS:
            message = f"The source names more than {MAX_PATTERNS} globs; {target} is not followed."
            return [Problem(path, 1, "warning", "limit", message, "fewer globs")]
        nodes = list(self._matching(resolved))
        if not nodes:
            message = f"The target {target} does not exist."
            return [
                Problem(path, 1, "warning", "location", message, "a file of this source, relative to this one")
            ]
        self._queue.extend(node for node in nodes if node.path not in self._seen)
        return []

    def _matching(self, resolved: str) -> Iterator[Node]:
        if is_pattern(resolved):
            self._patterns.add(resolved)
            yield from self._tree.glob(resolved)
        elif node := self._tree.look(resolved):
            yield node

    def read(self, path: str, target: str) -> bytes:
        resolved = resolve(path, target, self._tree.inside)
        node = self._tree.look(resolved)
        if node is None:
            raise Invalid(f"{target} does not exist.", "Name a file of the same source, relative to this one.")
        if node.problem:
            raise Invalid(node.problem.message, node.problem.expected)
        return self._tree.load(resolved)

    def stamp(self, path: str, target: str) -> str:
        try:
            node = self._tree.look(resolve(path, target, self._tree.inside))
        except UserError:
            return ""
        return node.stamp if node else ""

    def notes(self) -> str:
        return self._tree.notes()

    def close(self) -> None:
        self._tree.close()
