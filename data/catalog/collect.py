"""The first half of a sync: look at every file of a source, read those that changed. No database here."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from data.catalog.entity import Problem
from data.catalog.reading import Reading, read_entity, read_file
from data.errors import Invalid, UserError
from data.ports import Checkout, SourceFile
from data.store.sync_rows import Memory

MAX_TARGETS = 1_000  # that the Locations of one file name
MAX_FETCHES = 100  # different things that the placeholders of one file name
MAX_FETCHED = 16 << 20  # bytes of them all


class Looked(NamedTuple):
    """A file whose content was looked at: its stamp, and the digest with what its placeholders named."""

    stamp: str
    digest: str
    reads: Sequence[str]


@dataclass(slots=True)
class Collected:
    """A source as it is now, told as differences to what is remembered, by path.

    `seen` are all files; `looked` those whose content was looked at; `readings` those of them that say something
    new; `broken` what is there but could not be read; `walk` what was found on the way from file to file;
    `companions` the texts among `readings` that are kept as they are.
    """

    seen: set[str] = field(default_factory=set)
    looked: dict[str, Looked] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    broken: dict[str, Problem] = field(default_factory=dict)
    walk: list[Problem] = field(default_factory=list)
    companions: dict[str, str] = field(default_factory=dict)


class Fetch:
    """Serves placeholders and writes down what was asked for and what came back."""

    def __init__(self, checkout: Checkout, path: str) -> None:
        self._checkout = checkout
        self._path = path
        self.answers: dict[str, bytes | UserError] = {}

    def __call__(self, target: str) -> bytes:
        if target not in self.answers:
            self.answers[target] = self._ask(target)
        answer = self.answers[target]
        if isinstance(answer, UserError):
            raise answer
        return answer

    def _ask(self, target: str) -> bytes | UserError:
        held = sum(len(answer) for answer in self.answers.values() if isinstance(answer, bytes))
        if len(self.answers) >= MAX_FETCHES or held > MAX_FETCHED:
            return Invalid(
                "The file names too much.", f"at most {MAX_FETCHES} files, {MAX_FETCHED >> 20} MiB in all"
            )
        try:
            return self._checkout.read(self._path, target)
        except UserError as error:
            return error

    def digest(self, content: bytes) -> str:
        """A hash of the file with everything it fetched, in the order of asking."""
        total = blake2b(content, digest_size=16)
        for target, answer in self.answers.items():
            told = answer if isinstance(answer, bytes) else answer.message.encode(errors="replace")
            total.update(f"\0{len(told)}\0{target}\0".encode(errors="replace") + told)
        return total.hexdigest()


def collect(
    checkout: Checkout, source: str, memory: Memory, tick: Callable[[int], None], *, anew: bool = False
) -> Collected:
    """Look at every file once; `tick` hears how many that were, every 200 files.

    `anew` tells the source that nothing is known, so that it tells everything and misses nothing.
    """
    found = Collected()
    for count, file in enumerate(checkout.files({} if anew else memory.known), 1):
        found.seen.add(file.path)
        _follow(found, checkout, file.path, _look(found, checkout, source, memory, file))
        if count % 200 == 0:
            tick(count)
    return found


def _follow(found: Collected, checkout: Checkout, path: str, targets: Sequence[str]) -> None:
    for target in targets[:MAX_TARGETS]:
        found.walk.extend(checkout.want(path, target))
    if len(targets) > MAX_TARGETS:
        message = f"The file names {len(targets):,} targets; only the first {MAX_TARGETS:,} are followed."
        found.walk.append(Problem(path, 1, "warning", "limit", message, "fewer targets, or a glob"))


def _look(found: Collected, checkout: Checkout, source: str, memory: Memory, file: SourceFile) -> Sequence[str]:
    """Take one file in; returns the Location targets that it names."""
    known = memory.known.get(file.path)
    if file.problem:
        found.broken[file.path] = file.problem
        return known.targets if known else ()
    if file.content is None:
        return known.targets if known else ()
    fetch = Fetch(checkout, file.path)
    if (
        known
        and memory.digests[file.path]
        and (digest := _repeat(fetch, file, memory)) == memory.digests[file.path]
    ):
        found.looked[file.path] = Looked(file.stamp, digest, memory.reads.get(file.path, ()))
        return known.targets
    reading = _read(found, source, file, file.content, fetch)
    found.looked[file.path] = Looked(file.stamp, fetch.digest(file.content), list(fetch.answers))
    found.readings[file.path] = reading
    return reading.targets


def _read(found: Collected, source: str, file: SourceFile, content: bytes, fetch: Fetch) -> Reading:
    if file.form == "companion":
        found.companions[file.path] = content.decode(errors="replace").replace("\0", "\ufffd")
        return Reading()
    if file.form == "entity":
        return read_entity(content, file.path, source, file.url)
    return read_file(content, file.path, source, fetch, file.url)


def _repeat(fetch: Fetch, file: SourceFile, memory: Memory) -> str:
    """The digest that the file has if it asks for what it asked for last time."""
    for target in memory.reads.get(file.path, ()):
        with suppress(UserError):
            fetch(target)
    digest = fetch.digest(file.content or b"")
    fetch.answers.clear()
    return digest
