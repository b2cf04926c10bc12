"""The first half of a sync: look at every file of a source, read those that changed. No database here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from data.catalog.descriptors.placeholders import may_hold_placeholder
from data.catalog.descriptors.reading import Reading, read_entity, read_file
from data.catalog.entity import Problem
from data.catalog.syncing.fetch import Fetch, digest_of
from data.catalog.syncing.readers import Readers
from data.ports.catalog import Checkout, Known, Recognising, SourceFile, Standing
from data.store.sync_memory import Memory, Reads

MAX_TARGETS = 1_000  # that the Locations of one file name
EVERY = 200  # files somebody hears how many they were


class Looked(NamedTuple):
    """A file whose content was looked at: its stamp, the digest with what its placeholders named, and what that is
    with its stamps."""

    stamp: str
    digest: str
    reads: Reads


@dataclass(slots=True)
class Collected:
    """A source as it is now, told as differences to what is remembered, by path.

    `seen` are all files, `gone` those that are remembered and no longer there; `looked` those whose content was
    looked at; `readings` those of them that say something new; `broken` what is there but could not be read;
    `walk` what was found on the way from file to file; `companions` the texts among `readings` that are kept as
    they are; `notes` what the checkout wants to be told the next time.
    """

    seen: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    looked: dict[str, Looked] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    broken: dict[str, Problem] = field(default_factory=dict)
    walk: list[Problem] = field(default_factory=list)
    companions: dict[str, str] = field(default_factory=dict)
    left_alone: set[str] = field(default_factory=set)
    notes: str = ""


def collect(
    checkout: Checkout, source: str, memory: Memory, tick: Callable[[int], None], *, anew: bool = False
) -> Collected:
    """Look at every file once; `tick` hears how many that were, about every 200 files.

    `anew` tells the source that nothing is known, so that it tells everything and misses nothing.
    """
    with Readers(source) as readers:
        look = _Look(checkout, source, memory, tick, readers)
        known = Known({}) if anew else _known(checkout, memory)
        standing = checkout.standing(known) if isinstance(checkout, Recognising) else Standing()
        memory.set_aside(len(standing.paths), standing.others)
        named = look.recognise(standing.paths) | look.take(checkout.files(known))
        while named:
            look.follow(named)
            named = look.take(checkout.wanted(known))
    if len(standing.paths) != memory.files:  # what stands is known; when it is all that is known, nothing is gone
        look.found.gone = memory.stamps.keys() - look.found.seen
    return look.found


def _known(checkout: Checkout, memory: Memory) -> Known:
    """What is remembered, without the stamps of files where what a placeholder names may have changed."""
    moved = {
        path: ""
        for path, reads in memory.reads.items()
        if any(not stamp or checkout.stamp(path, target) != stamp for target, stamp in reads)
    }
    stamps = _Stamps(memory, moved) if memory.files else {}
    return Known(stamps, memory.notes, again={*memory.again, *moved})


class _Stamps(Mapping[str, str]):
    """The stamps of files, got when the first one is asked for."""

    def __init__(self, memory: Memory, moved: Mapping[str, str]) -> None:
        self._memory, self._moved = memory, moved

    @cached_property
    def _all(self) -> Mapping[str, str]:
        return {**self._memory.stamps, **self._moved} if self._moved else self._memory.stamps

    def __getitem__(self, path: str) -> str:
        return self._all[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@dataclass(slots=True)
class _Look:
    checkout: Checkout
    source: str
    memory: Memory
    tick: Callable[[int], None]
    readers: Readers
    found: Collected = field(default_factory=Collected)
    fresh: dict[str, Reading] = field(default_factory=dict)  # what these files say

    def recognise(self, paths: Sequence[str]) -> dict[str, Sequence[str]]:
        """Take in files that stand as they are known; gives the Location targets that they name, by path."""
        self.found.seen.update(paths)
        if len(paths) >= EVERY:
            self.tick(len(paths))
        targets = self.memory.targets
        return {path: targets[path] for path in targets.keys() & self.found.seen}

    def take(self, files: Iterable[SourceFile]) -> dict[str, Sequence[str]]:
        """Take these files in; gives the Location targets that they name, by path."""
        seen, targets, old = self.found.seen, self.memory.targets, list[str]()
        add = seen.add
        for file in files:
            path, _, content, _, problem, form = file
            add(path)
            if form == "left alone":
                self.found.left_alone.add(path)
                continue
            if not len(seen) % EVERY:
                self.tick(len(seen))
            if problem:
                self.found.broken[path] = problem
            if (content is None or self._is_known(file, content)) and path in targets:
                old.append(path)
        self.found.notes = self.checkout.notes()  # now, while what was found is still being read
        old += self._take_results()
        named: dict[str, Sequence[str]] = {path: targets[path] for path in old}
        named |= {path: reading.targets for path, reading in self.fresh.items() if reading.targets}
        self.found.readings |= self.fresh
        self.fresh = {}
        return named

    def _is_known(self, file: SourceFile, content: bytes) -> bool:
        """Whether the file says what it said; else it is read, now or with others."""
        path = file.path
        if (digest := self.memory.digests.get(path)) and self._says_the_same(file, content, digest):
            return True
        if file.form == "yaml" and may_hold_placeholder(content):  # what it names can be had here only
            fetch = Fetch(self.checkout, path)
            self.fresh[path] = read_file(content, path, self.source, fetch, file.url)
            self.found.looked[path] = Looked(file.stamp, fetch.digest(content), fetch.reads())
            return False
        if file.form == "companion":
            self.found.companions[path] = content.decode(errors="replace").replace("\0", "\ufffd")
            self.fresh[path] = Reading()
        elif file.form == "entity":
            self.fresh[path] = read_entity(content, path, self.source, file.url)
        else:
            self.readers.submit((path, content, file.url))
        self.found.looked[path] = Looked(file.stamp, digest_of(content).hexdigest(), ())
        return False

    def _says_the_same(self, file: SourceFile, content: bytes, digest: str) -> bool:
        fetch = Fetch(self.checkout, file.path)
        named = [target for target, _ in self.memory.reads.get(file.path, ())]
        if fetch.repeat(named, content) != digest:
            return False
        self.found.looked[file.path] = Looked(file.stamp, digest, fetch.reads())
        return True

    def _take_results(self) -> list[str]:
        """Take in what was read; gives the paths of those that could not be and named targets before."""
        broken = []
        for path, result in self.readers.results().items():
            if isinstance(result, Problem):
                self.found.broken[path] = result
                del self.found.looked[path]
                broken += [path] if path in self.memory.targets else []
            else:
                self.fresh[path] = result
        return broken

    def follow(self, named: Mapping[str, Sequence[str]]) -> None:
        """Ask for what Locations name, in the order of their paths: limits cut the same every time."""
        for path in sorted(named):
            targets, walk = named[path], self.found.walk
            for target in targets[:MAX_TARGETS]:
                walk.extend(self.checkout.want(path, target))
            if len(targets) > MAX_TARGETS:
                message = f"The file names {len(targets):,} targets; only the first {MAX_TARGETS:,} are followed."
                walk.append(Problem(path, 1, "warning", "limit", message, "fewer targets, or a glob"))
