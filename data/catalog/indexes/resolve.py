"""From what a person typed to the entity meant."""

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Literal, NamedTuple

from data.catalog.entity import DEFAULT_NAMESPACE, Entity
from data.catalog.indexes.content import Content
from data.catalog.indexes.names import KIND_WORDS, Marks, fold, ids, kind_order
from data.catalog.indexes.words import TITLES, words

How = Literal[
    "ref", "name", "title", "alias", "repository", "email", "channel", "typo", "parts", "none", "ambiguous"
]
MOST_CANDIDATES = 5
LONGEST = 400  # characters; names and addresses are shorter


class Match(NamedTuple):
    """What a person's words named.

    `entity` is None when nothing fits (how="none") or several do equally (how="ambiguous"). `candidates` are
    at most five, best first; when there is an entity it is the first of them, and the others would fit too.
    """

    entity: Entity | None
    candidates: tuple[Entity, ...]
    how: How
    asked: str


Ids = tuple[int, ...]
Way = tuple[How, str, Callable[[Marks, str], Ids]]  # how, the sign without which it is not, the way

_ANY: frozenset[str] = frozenset()


def resolve(content: Content, text: str, kinds: Collection[str] = ()) -> Match:
    """The entity that `text` names; `kinds` are preferred, other kinds are taken only if nothing of them fits."""
    asked = text.strip()
    bare = asked[:LONGEST].removeprefix("@")
    if ":" in bare or "/" in bare:
        number = _by_reference(content, bare)
        if number >= 0:
            return _only(content, number, "ref", asked)
    key, wanted = fold(bare), frozenset([kind.lower() for kind in kinds]) if kinds else _ANY
    if wanted:
        match = _exact(content, bare, key, asked, wanted) or _unique_parts(content, bare, asked, wanted)
        if match:
            return match
    return (
        _exact(content, bare, key, asked, _ANY)
        or _slip(content, key, asked, wanted)
        or _choose(content, _parts(content, bare, _ANY), "parts", asked, key)
        or Match(None, (), "none", asked)
    )


def _by_reference(content: Content, text: str) -> int:
    """[kind:][namespace/]name in any case; also with the everyday words team: and service:."""
    kind, colon, rest = text.lower().rpartition(":") if "://" not in text else ("", "", text)
    if not colon:
        candidates = [f"{kind}:{rest}" for kind in ("component", "system", "api", "resource", "group", "user")]
    elif "/" in rest:
        candidates = [f"{KIND_WORDS.get(kind, kind)}:{rest}"]
    else:
        candidates = [f"{KIND_WORDS.get(kind, kind)}:{DEFAULT_NAMESPACE}/{rest}"]
    return next((content.by_ref[ref] for ref in candidates if ref in content.by_ref), -1)


def _exact(content: Content, bare: str, key: str, asked: str, wanted: frozenset[str]) -> Match | None:
    """By name or title, else by alias, else as what its sign says that it is."""
    if key in content.names:
        match = _choose(content, _of_kinds(content, ids(content.names, key), wanted), "name", asked, key)
        if match is not None:
            return match
    marks = content.marks()
    if key in marks.aliases:
        match = _choose(content, _of_kinds(content, ids(marks.aliases, key), wanted), "alias", asked, key)
        if match is not None:
            return match
    ways = (
        _choose(content, _of_kinds(content, way(marks, bare), wanted), how, asked, key)
        for how, sign, way in _WAYS
        if sign in bare
    )
    return next(filter(None, ways), None)


_WAYS: tuple[Way, ...] = (
    ("email", "@", lambda marks, bare: ids(marks.emails, bare.lower())),
    ("channel", "#", lambda marks, bare: ids(marks.channels, bare.lower())),
    ("repository", "/", lambda marks, bare: marks.repository(bare)),
)


def _of_kinds(content: Content, numbers: Ids, wanted: frozenset[str]) -> Ids:
    """Those of the kinds that are wanted; all if none is."""
    return tuple([each for each in numbers if content.rows[each].kind.lower() in wanted]) if wanted else numbers


def _choose(content: Content, numbers: Ids, how: How, asked: str, key: str) -> Match | None:
    """The one that comes first, or ambiguity if two do."""
    if not numbers:
        return None
    if len(numbers) == 1:
        return _only(content, numbers[0], _title_or(how, content, numbers[0], key), asked)
    ranked = sorted(numbers, key=lambda number: _rank(content, number, asked, key))
    first, second = (_rank(content, number, asked, key) for number in ranked[:2])
    candidates = tuple([content.rows[number] for number in ranked[:MOST_CANDIDATES]])
    if first == second or how == "parts":
        return Match(None, candidates, "ambiguous", asked)
    return Match(candidates[0], candidates, _title_or(how, content, ranked[0], key), asked)


def _only(content: Content, number: int, how: How, asked: str) -> Match:
    entity = content.rows[number]
    return Match(entity, (entity,), how, asked)


def _title_or(how: How, content: Content, number: int, key: str) -> How:
    return "title" if how == "name" and fold(content.rows[number].name) != key else how


def _rank(content: Content, number: int, asked: str, key: str) -> tuple[int, int, bool]:
    """Exact spelling first, then the kind that people mean first, then the default namespace."""
    row = content.rows[number]
    name = row.name
    spelling = 0 if name.lower() == asked.lower() else 1 if fold(name) == key else 2
    return spelling, kind_order(row.kind), row.namespace != DEFAULT_NAMESPACE


def _slip(content: Content, key: str, asked: str, wanted: frozenset[str]) -> Match | None:
    """The nearest name if there is one nearest, else the five nearest to choose from."""
    near = content.typos().near(key)
    if not near:
        return None
    slips, nearest = near[0]
    if len(near) == 1 and not wanted:
        called = content.names.get(nearest)
        if isinstance(called, int) and nearest not in content.marks().aliases:  # nearly every slip
            return _only(content, called, "typo", asked)
    rows = [_called(content, hit[1]) for hit in near[: 4 * MOST_CANDIDATES]]
    numbers = list(dict.fromkeys([number for each in rows for number in each]))
    if wanted:
        numbers.sort(key=lambda number: content.rows[number].kind.lower() not in wanted)
    candidates = tuple([content.rows[number] for number in numbers[:MOST_CANDIDATES]])
    if len(near) == 1 or near[1][0] > slips:
        chosen = _choose(content, rows[0], "typo", asked, nearest)
        if chosen and chosen.entity and (not wanted or chosen.entity.kind.lower() in wanted):
            return Match(chosen.entity, _first(chosen.entity, candidates), "typo", asked)
    return Match(None, candidates, "ambiguous", asked)


def _first(entity: Entity, candidates: Iterable[Entity]) -> tuple[Entity, ...]:
    others = [other for other in candidates if other.ref != entity.ref]
    return (entity, *others[: MOST_CANDIDATES - 1])


def _called(content: Content, key: str) -> Ids:
    """The rows of that name, title or alias, those first whom people mean first."""
    numbers = ids(content.names, key) + ids(content.marks().aliases, key)
    if len(numbers) < 2:
        return numbers
    return tuple(sorted(dict.fromkeys(numbers), key=lambda number: _rank(content, number, key, key)))


def _unique_parts(content: Content, bare: str, asked: str, wanted: frozenset[str]) -> Match | None:
    numbers = _parts(content, bare, wanted)
    return _only(content, numbers[0], "parts", asked) if len(numbers) == 1 else None


def _parts(content: Content, bare: str, wanted: frozenset[str]) -> Ids:
    """Entities whose name or title has all words typed, the last one perhaps unfinished; at most five."""
    typed = words(bare)
    if not typed or typed == [typed[0][:1]]:  # one letter begins half of all names
        return ()
    index = content.words()
    bits = index.beginning(typed[-1], TITLES)
    for word in typed[:-1]:
        bits &= index.bits(word, TITLES)
    if wanted:
        kinds = 0
        for kind in wanted:
            kinds |= index.fact(f"kind:{kind}")
        bits &= kinds
    return tuple(islice(index.rows(bits), MOST_CANDIDATES))
