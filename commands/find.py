"""/idp find: full text with filters."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.reply import Button, Buttons, Later, Md, Note, Reply, Section, code, escape, escape_all, md
from commands.parts.texts.facts import entity_data, sources_note
from commands.parts.texts.lines import owned_lines
from commands.parts.texts.paging import FROM, Page, begin, cut_page, page_parts, requoted
from data.catalog.indexes.search import FILTERS, Found
from data.errors import Invalid

MOST = 10  # fill the screen of a phone; those after them are a press away
MOST_CARDS = 5
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
    query = " ".join(map(requoted, ask.words))
    if not query:
        raise Invalid("Find what?", "Such as: /idp find postgres owner:team-payments")
    seen = begin(ask)
    found = ask.snapshot.search(query, seen + MOST)
    data = Later(_data, ask, query)
    if not found.hits:
        return _nothing(ask, query, found, data)
    hits = found.hits[seen:]
    page = cut_page(ask, owned_lines(ask.snapshot, hits), seen, found.total)
    total, asked = f"{found.total:,}", escape(query)
    names = ", ".join(escape_all([hit.name for hit in hits[:MOST_CARDS]]))
    more = (page.left, page.following) if page.left else ()
    notes = _notes(ask, found)
    cards = [text for hit in hits[:MOST_CARDS] for text in (hit.label, hit.ref)]
    layout = _layout(len(page.lines), bool(more), len(notes), len(cards) // 2)
    values = (total, asked, *page.lines, *more, *notes, *cards)
    return Reply(Md(f"{total} found for “{asked}”: {names}"), Filled(layout, values), data)


@lru_cache(maxsize=256)
def _layout(lines: int, more: bool, notes: int, cards: int) -> Layout:
    """Of an answer with so many of each."""
    blanks = iter(BLANKS)
    total, asked, *rows = islice(blanks, 2 + lines)
    left, following = islice(blanks, 2) if more else ("", "")
    return Layout(
        Section(Md(f"*{total} found* for “{asked}”")),
        *page_parts(Page(rows, left, following)),
        *[Note(blank) for blank in islice(blanks, notes)],
        Buttons([Button(next(blanks), f"show {next(blanks)}") for _ in range(cards)]),
    )


def _data(ask: Ask, query: str) -> dict[str, Any]:
    found = ask.snapshot.search(query, MOST_FOR_MACHINES)
    return {
        "query": query,
        "total": found.total,
        "hits": [entity_data(ask.snapshot, hit) for hit in found.hits],
        "unknown_filters": list(found.unknown_filters),
    }


def _notes(ask: Ask, found: Found) -> list[Md]:
    notes = [sources_note(ask)]
    if found.unknown_filters:
        unknown = ", ".join(f"{name}:" for name in found.unknown_filters)
        notes.insert(0, md("Not a filter, left out: {}. Filters are {}.", unknown, ", ".join(FILTERS)))
    return [note for note in notes if note]


def _nothing(ask: Ask, query: str, found: Found, data: Mapping[str, Any]) -> Reply:
    """Nothing has all the words: a name that is nearly so is offered."""
    match = ask.snapshot.resolve(query)
    text = md("Nothing found for “{}”.", query)
    near = match.candidates[:MOST_CARDS]
    if near:
        text = md("{} Did you mean {}?", text, ", ".join(entity.name for entity in near))
    bare = next((word for word in ask.words if word.endswith(":") and word[:-1].lower() in FILTERS), "")
    tip = md("Fewer words find more; {} shows the filters.", code("/idp help find"))
    if bare:
        tip = md("Write what it should be right behind the colon, such as {}.", code(f"{bare}payments"))
    buttons = [Button(entity.label, f"show {entity.ref}") for entity in near] or [Button("Help", "help find")]
    return Reply(text, [Section(text), Note(tip), *map(Note, _notes(ask, found)), Buttons(buttons)], data)
