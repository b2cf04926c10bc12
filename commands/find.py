"""/idp find: full text with filters."""

from collections.abc import Mapping
from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.facts import age, entity_data
from commands.parts.labels import line, owner_word
from commands.parts.paging import FROM, begin, page, requoted
from commands.parts.reply import Button, Buttons, Later, Note, Part, Reply, Section, code, md
from data.catalog.search import FILTERS, Found
from data.errors import Invalid

MOST = 15
MOST_FOR_MACHINES = 1000


@command(
    "find",
    group="ASK",
    order=5,
    usage="find <words> [tag: owner: kind: type: lifecycle: system: not:]",
    example="find tag:python lifecycle:production owner:team-payments",
    aliases=("search", "list", "ls"),
    flags=(FROM,),
)
def find(ask: Ask) -> Reply:
    """Everything that has these words in its name, title, description, tags or links.

    Filters narrow it: tag: owner: kind: type: lifecycle: system: lang:, and not: before a word or a filter, as in
    not:deprecated or not:tag:java. "Quoted words" must stand so.
    --json: query, total, hits [{ref, kind, name, title, type, lifecycle, owner, source}] (at most 1,000),
    unknown_filters.
    """
    query = " ".join(requoted(word) for word in ask.words)
    if not query:
        raise Invalid("Find what?", "Such as: /idp find postgres owner:team-payments")
    seen = begin(ask)
    found = ask.snapshot.search(query, seen + MOST)
    data = Later(lambda: _data(ask, query, ask.snapshot.search(query, MOST_FOR_MACHINES)))
    if not found.hits:
        return _nothing(ask, query, found, data)
    hits, content = found.hits[seen:], ask.snapshot.content
    names = ", ".join([hit.name for hit in hits[:5]])
    text = md("{} found for “{}”: {}", f"{found.total:,}", query, names)
    parts: list[Part] = [
        Section(md("*{} found* for “{}”", f"{found.total:,}", query)),
        *page(ask, [line(hit, owner_word(content, hit)) for hit in hits], found.total),
        *_notes(ask, found),
        Buttons([Button(hit.label, f"show {hit.ref}") for hit in hits[:5]]),
    ]
    return Reply(text, parts, data)


def _data(ask: Ask, query: str, found: Found) -> dict[str, Any]:
    return {
        "query": query,
        "total": found.total,
        "hits": [entity_data(ask.snapshot, hit) for hit in found.hits],
        "unknown_filters": list(found.unknown_filters),
    }


def _notes(ask: Ask, found: Found) -> list[Part]:
    notes: list[Part] = []
    if found.unknown_filters:
        unknown = ", ".join(f"{name}:" for name in found.unknown_filters)
        notes.append(Note(md("Not a filter, left out: {}. Filters are {}.", unknown, ", ".join(FILTERS))))
    times = [state.synced_at for state in ask.snapshot.sources.values() if state.synced_at]
    if times:
        sources = ", ".join(ask.snapshot.sources)
        notes.append(Note(md("{} · synced {}", sources, age(ask.now, min(times)))))
    return notes


def _nothing(ask: Ask, query: str, found: Found, data: Mapping[str, Any]) -> Reply:
    """Nothing has all the words: a name that is nearly so is offered."""
    match = ask.snapshot.resolve(query)
    text = md("Nothing found for “{}”.", query)
    near = match.candidates[:5]
    if near:
        text = md("{} Did you mean {}?", text, ", ".join(entity.name for entity in near))
    tip = md("Fewer words find more; {} shows the filters.", code("/idp help find"))
    buttons = [Button(entity.label, f"show {entity.ref}") for entity in near] or [Button("Help", "help find")]
    return Reply(text, [Section(text), Note(tip), *_notes(ask, found), Buttons(buttons)], data)
