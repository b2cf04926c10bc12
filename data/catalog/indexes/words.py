"""Which entity has which word: postings by field, answered as bit sets."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import Any

import orjson

from data.catalog.indexes.names import (
    DESCRIPTION,
    DETAIL,
    KIND,
    LIFECYCLE,
    NAME,
    OWNER,
    STEP,
    SYSTEM,
    TAGS,
    TITLE,
    TYPE,
    Row,
    fold,
    kind_order,
)
from data.catalog.indexes.postings import Field, gather, positions
from data.catalog.lazily import Rest
from data.catalog.packing import unpacked

NAMES, TITLES, LABELS, ANYWHERE, FACTS = range(5)  # fields, best first: a word counts once, in its best field
MOST_COMPLETIONS = 200  # words that a prefix stands for
_MEMORY = 12_000_000  # bytes of bit sets remembered
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits of any script."""
    return _WORD.findall(text.casefold())


class Words:
    """Positions stand for rows; of equals the highest is shown first: short names, then by kind."""

    def __init__(self, rows: Sequence[Row], rest: Rest) -> None:
        self.order = _order(rows, rest)
        self.everything = (1 << len(rows)) - 1
        self._size = len(rows)
        self._fields = [Field() for _ in range(5)]
        self._bits: dict[tuple[str, int], int] = {}
        self._most_bits = max(16, _MEMORY // (len(rows) // 8 + 64))
        for position, number in enumerate(self.order):
            self._read(position, rows[number])
            if not position % (STEP // 5):
                rest()
        self._sorted = _sorted(self._fields[:FACTS], rest)
        for field in self._fields:
            field.pack(self._size, rest)

    def _read(self, position: int, row: Row) -> None:
        detail = orjson.loads(unpacked(row[DETAIL], row[NAME])) if row[DETAIL] else {}
        seen: set[str] = set()
        for field, text in zip(self._fields, _texts(row, detail), strict=False):
            found = set(_WORD.findall(text.casefold())) - seen
            seen |= found
            for word in found:
                field.add(word, position)
        for fact in _facts(row, detail):
            self._fields[FACTS].add(fact, position)

    def bits(self, word: str, field: int = ANYWHERE) -> int:
        """Positions that have the word in this field or a better one, bit by position."""
        return self._bits.get((word, field)) or self._gather((word, field), (word,), self._fields[: field + 1])

    def beginning(self, prefix: str, field: int = ANYWHERE) -> int:
        """Positions with a word that begins so, in this field or a better one."""
        key = (prefix + "*", field)
        return self._bits.get(key) or self._gather(key, self._completions(prefix), self._fields[: field + 1])

    def fact(self, fact: str) -> int:
        """Positions with a fact such as "tag:java" or "kind:component"."""
        return self._bits.get((fact, FACTS)) or self._gather((fact, FACTS), (fact,), self._fields[FACTS:])

    def _gather(self, key: tuple[str, int], words: Iterable[str], fields: Sequence[Field]) -> int:
        bits = gather(fields, words, self._size)
        if len(self._bits) >= self._most_bits:
            self._bits.pop(next(iter(self._bits)), None)
        self._bits[key] = bits
        return bits

    def _completions(self, prefix: str) -> Iterator[str]:
        return islice(self._begun(prefix), MOST_COMPLETIONS)

    def _begun(self, prefix: str) -> Iterator[str]:
        for group in self._sorted[bisect_left(self._sorted, [prefix[:2]]) :]:
            if not group[0].startswith(prefix[:2]):
                return
            yield from takewhile(lambda word: word.startswith(prefix), group[bisect_left(group, prefix) :])

    def rows(self, bits: int) -> Iterator[int]:
        """The rows of the positions, in the order in which they are shown."""
        return map(self.order.__getitem__, positions(bits))


def _sorted(fields: Iterable[Field], rest: Rest) -> list[list[str]]:
    """All words, sorted, in small lists by their first two letters so that no sort takes long."""
    starts: dict[str, set[str]] = {}
    for field in fields:
        for count, word in enumerate(field.few):
            starts.setdefault(word[:2], set()).add(word)
            if not count % (STEP * 8):
                rest()
    done = []
    for start in sorted(starts):
        done.append(sorted(starts[start]))
        rest()
    return done


def _order(rows: Sequence[Row], rest: Rest) -> "array[int]":
    buckets: dict[tuple[int, int], array[int]] = {}
    for number, row in enumerate(rows):
        bucket = (min(len(row[NAME]), 64), kind_order(row[KIND]))
        if bucket not in buckets:
            buckets[bucket] = array("I")
        buckets[bucket].append(number)
        if not number % STEP:
            rest()
    order = array("I")
    for bucket in sorted(buckets):
        order.extend(buckets[bucket])
    order.reverse()
    return order


def _texts(row: Row, detail: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """The texts of the four fields."""
    links = [f"{link.get('title', '')} {link.get('url', '')}" for link in detail.get("links", ())]
    profile = detail.get("profile", {})
    title = " ".join((row[TITLE], *detail.get("aliases", ()), profile.get("displayName", "")))
    labels = f"{row[TAGS]} {row[TYPE]} {row[LIFECYCLE]} {row[KIND]}"
    anywhere = " ".join((row[DESCRIPTION], profile.get("email", ""), *links))
    return row[NAME], title, labels, anywhere


def _facts(row: Row, detail: Mapping[str, Any]) -> Iterator[str]:
    """What filters ask for."""
    yield f"kind:{row[KIND].lower()}"
    for key, at in (("type", TYPE), ("lifecycle", LIFECYCLE)):
        if row[at]:
            yield f"{key}:{fold(row[at])}"
    for key, at in (("owner", OWNER), ("system", SYSTEM)):
        if row[at]:
            yield f"{key}:{row[at]}"
            yield f"{key}:{fold(row[at].rpartition('/')[2])}"
    yield from _languages(row[TAGS].split(), detail)


def _languages(tags: Iterable[str], detail: Mapping[str, Any]) -> Iterator[str]:
    for tag in tags:
        yield f"tag:{fold(tag)}"
    for key, value in (*detail.get("labels", {}).items(), *detail.get("annotations", {}).items()):
        if key.rpartition("/")[2] in ("language", "lang"):
            yield f"lang:{fold(value)}"
