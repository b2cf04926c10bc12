"""Full text over names, titles, tags, descriptions and links, with filters.

Words are joined by AND, the last one matches as a prefix too, "quoted words" must stand so. Filters:
`tag: owner: kind: type: lifecycle: system: lang:`, and `not:` before a word or a filter (`not:deprecated`,
`not:tag:java`). Best first: all words in the name, then name and title, then with tags, then anywhere.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice
from operator import and_
from typing import NamedTuple

from data.catalog.entity import Entity
from data.catalog.indexes.names import DESCRIPTION, KIND_WORDS, NAME, TITLE, Row, fold
from data.catalog.indexes.words import ANYWHERE, NAMES, Words, words

FILTERS = ("tag", "owner", "kind", "type", "lifecycle", "system", "lang")
MOST_TERMS = 24  # words and filters taken from one query
LONGEST_QUERY = 1000  # characters
_TERM = re.compile(r'((?:[A-Za-z]+:)*)(?:"([^"]*)"?|(\S+))')

Named = Callable[[str], str]


class Found(NamedTuple):
    """`total` entities match; `hits` are the best of them; `unknown_filters` were ignored, such as ("tier",)."""

    total: int
    hits: Sequence[Entity]
    unknown_filters: tuple[str, ...] = ()


@dataclass
class Query:
    """What a query asks for."""

    words: list[str] = field(default_factory=list)
    begun: str = ""  # the last word, if it stands at the end and without quotes
    phrases: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)  # ("", word) or (filter, value)
    unknown: list[str] = field(default_factory=list)


def parse(text: str) -> Query:
    """Read a query; nothing in it is an error."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return _plain(text[:LONGEST_QUERY].lower().split()[:MOST_TERMS])
    query = Query()
    for prefix, quoted, plain in islice(_TERM.findall(text[:LONGEST_QUERY]), MOST_TERMS):
        if query.begun:
            query.words.append(query.begun)
            query.begun = ""
        names = prefix.lower().rstrip(":").split(":") if prefix else []
        negated = names[:1] == ["not"]
        _take(query, names[negated:], quoted or plain, bool(quoted), negated)
    return query


def _plain(found: list[str]) -> Query:
    """Words and nothing else, as most queries are."""
    begun = found.pop() if found else ""
    return Query(found, begun)


def _take(query: Query, names: list[str], value: str, quoted: bool, negated: bool) -> None:
    if names and names[0] not in FILTERS:
        query.unknown.append(names[0])
    elif negated:
        query.without.append((names[0] if names else "", ":".join([*names[1:], value])))
    elif names:
        query.facts.append((names[0], ":".join([*names[1:], value])))  # owner:group:default/team-payments
    else:
        found = words(value)
        query.words.extend(found)
        if quoted:
            query.phrases.append(" ".join(found))
        elif found:
            query.begun = query.words.pop()


def find(
    text: str, limit: int, index: Words, rows: Sequence[Row], named: Named
) -> tuple[int, list[int], list[str]]:
    """(how many match, row numbers of the best, unknown filters). `named` makes a reference of a team's name."""
    query = parse(text)
    if not (query.words or query.begun or query.facts or query.without):
        return 0, [], query.unknown
    allowed = _allowed(query, index, named)
    levels = (_level(query, index, field, allowed) for field in range(NAMES, ANYWHERE))
    everything = _level(query, index, ANYWHERE, allowed)
    if query.phrases:
        return *_phrased(query, index.rows(everything), rows, limit), query.unknown
    return everything.bit_count(), list(islice(_ranked(levels, everything, index), limit)), query.unknown


def _ranked(levels: Iterator[int], everything: int, index: Words) -> Iterator[int]:
    taken = 0
    for level in chain(levels, (everything,)):
        yield from index.rows(level ^ taken)  # each level holds the one before
        taken = level


def _level(query: Query, index: Words, field: int, allowed: int) -> int:
    """Of the positions `allowed` those that have every word in this field or a better one."""
    sets = [index.bits(word, field) for word in query.words]
    if query.begun:
        sets.append(index.beginning(query.begun, field))
    if query.facts or query.without or not sets:
        sets.append(allowed)
    return reduce(and_, sets)


def _allowed(query: Query, index: Words, named: Named) -> int:
    bits = index.everything
    for name, value in query.facts:
        bits &= _fact(name, value, index, named)
    for name, value in query.without:
        bits &= ~(_fact(name, value, index, named) if name else _word(value, index))
    return bits


def _word(value: str, index: Words) -> int:
    bits = index.everything
    for word in words(value):
        bits &= index.bits(word)
    return bits


def _fact(name: str, value: str, index: Words, named: Named) -> int:
    if name == "kind":
        kind = value.lower()
        return index.fact(f"kind:{KIND_WORDS.get(kind, kind)}") or index.fact(f"kind:{kind.removesuffix('s')}")
    if name == "lang":
        return index.fact(f"lang:{fold(value)}") | index.fact(f"tag:{fold(value)}")
    found = index.fact(f"{name}:{value.lower()}") or index.fact(f"{name}:{fold(value)}")
    if not found and name in ("owner", "system"):
        return index.fact(f"{name}:{named(value)}")
    return found


def _phrased(query: Query, numbers: Iterator[int], rows: Sequence[Row], limit: int) -> tuple[int, list[int]]:
    """Of the rows that have the words, those that have them side by side in one text."""
    hits = [number for number in numbers if _has(rows[number], query.phrases)]
    return len(hits), hits[:limit]


def _has(row: Row, phrases: Sequence[str]) -> bool:
    texts = [f" {' '.join(words(row[at]))} " for at in (NAME, TITLE, DESCRIPTION)]
    return all(any(f" {phrase} " in text for text in texts) for phrase in phrases)
