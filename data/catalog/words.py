"""Which entity has which word: postings by field, answered as bit sets."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from data.catalog.lazily import Rest
from data.catalog.names import (
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

NAMES, TITLES, LABELS, ANYWHERE = range(4)  # fields, best first: a word counts once, in its best field
MOST_COMPLETIONS = 200  # words that a prefix stands for
_MEMORY = 6_000_000  # bytes of bit sets remembered
_WORD = re.compile(r"[^\W_]+")

Posting = "int | array[int]"


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits of any script."""
    return _WORD.findall(text.casefold())


class Words:
    """Positions stand for rows in the order in which equals are shown: short names first, then by kind."""

    def __init__(self, rows: Sequence[Row], rest: Rest) -> None:
        self.order = _order(rows, rest)
        self._fields: list[dict[str, int | array[int]]] = [{} for _ in range(4)]
        self._facts: dict[str, int | array[int]] = {}
        self._bits: dict[tuple[str, int], int] = {}
        self._most_bits = max(16, _MEMORY // (len(rows) // 8 + 64))
        for position, number in enumerate(self.order):
            self._read(position, rows[number])
            if not position % (STEP // 5):
                rest()
        self._sorted = self._sort(rest)
        self.everything = (1 << len(rows)) - 1

    def _read(self, position: int, row: Row) -> None:
        detail = orjson.loads(row[DETAIL]) if row[DETAIL] else {}
        seen: set[str] = set()
        for field, text in zip(self._fields, _texts(row, detail), strict=True):
            for word in _WORD.findall(text.casefold()):
                if word not in seen:
                    seen.add(word)
                    _post(field, word, position)
        for fact in _facts(row, detail):
            _post(self._facts, fact, position)

    def _sort(self, rest: Rest) -> list[list[str]]:
        """All words by their first letter, sorted, for prefixes; in small lists so that no sort takes long."""
        letters: dict[str, set[str]] = {}
        for field in self._fields:
            for count, word in enumerate(field):
                letters.setdefault(word[:2], set()).add(word)
                if not count % (STEP * 8):
                    rest()
        done = []
        for start in sorted(letters):
            done.append(sorted(letters[start]))
            rest()
        return done

    def bits(self, word: str, field: int = ANYWHERE) -> int:
        """Positions that have the word in this field or a better one."""
        key = (word, field)
        known = self._bits.get(key)
        if known is None:
            postings = [self._fields[at].get(word) for at in range(field + 1)]
            known = self._remember(key, [posting for posting in postings if posting is not None])
        return known

    def fact(self, fact: str) -> int:
        """Positions with a fact such as "tag:java" or "kind:component"."""
        key = (fact, -1)
        known = self._bits.get(key)
        if known is None:
            posting = self._facts.get(fact)
            known = self._remember(key, [] if posting is None else [posting])
        return known

    def _remember(self, key: tuple[str, int], postings: "list[int | array[int]]") -> int:
        bits = _set(postings)
        if len(self._bits) >= self._most_bits:
            self._bits.pop(next(iter(self._bits)), None)
        self._bits[key] = bits
        return bits

    def beginning(self, prefix: str, field: int = ANYWHERE) -> int:
        """Positions with a word that begins so, in this field or a better one."""
        key = (prefix + "*", field)
        known = self._bits.get(key)
        if known is None:
            found = [self._fields[at].get(word) for word in self._completions(prefix) for at in range(field + 1)]
            known = self._remember(key, [posting for posting in found if posting is not None])
        return known

    def _completions(self, prefix: str) -> Iterator[str]:
        at = bisect_left(self._sorted, [prefix[:2]])
        count = 0
        for group in self._sorted[at:]:
            if not group[0].startswith(prefix[:2]):
                return
            for word in group[bisect_left(group, prefix) :]:
                if count == MOST_COMPLETIONS or not word.startswith(prefix):
                    break
                yield word
                count += 1

    def rows(self, bits: int) -> Iterator[int]:
        """The rows of the positions, in their order."""
        packed = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
        for match in _NOT_ZERO.finditer(packed):
            base, byte = match.start() * 8, packed[match.start()]
            for bit in range(8):
                if byte >> bit & 1:
                    yield self.order[base + bit]


_NOT_ZERO = re.compile(rb"[^\0]")


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


def _post(field: "dict[str, int | array[int]]", word: str, position: int) -> None:
    """A word of one entity, as most are, costs no array."""
    known = field.setdefault(word, position)
    if isinstance(known, array):
        known.append(position)
    elif known != position:
        field[word] = array("I", (known, position))


def _set(postings: "list[int | array[int]]") -> int:
    """Postings as one integer, bit by position."""
    highest = max((one if isinstance(one, int) else one[-1] for one in postings), default=-1)
    packed = bytearray(highest // 8 + 1)
    for posting in postings:
        for position in (posting,) if isinstance(posting, int) else posting:
            packed[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(packed, "little")
