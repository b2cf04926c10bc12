"""The monthly note for leadership: the fleet by level and by rule, with a picture and a table; nobody is named."""

import csv
import io
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from data.errors import UserError
from data.idp import Idp
from data.ports.chat import Enclosure
from data.store import digests
from data.store.digests import Digest
from workflows.digests.composing import points
from workflows.digests.content import NoteContent, Point, Tally, packed
from workflows.digests.picturing import panels
from workflows.digests.teams import teams_of
from workflows.digests.words import change_of, percent, tracks_alt
from workflows.journal import show
from workflows.scorecards.results import Day
from workflows.scorecards.trends import history

log = logging.getLogger(__name__)

BACK = timedelta(weeks=13)  # that the picture shows
COLUMNS = (
    *("what", "day or month", "name", "entities", "passed", "failed", "unknown", "percent passed"),
    "scorecard",
)


def make_note(idp: Idp, digest: Digest) -> None:
    """The work "digest" for leadership; quiet when there is nothing to compare yet."""
    content = note_of(idp, digest.period)
    if content is None:
        with idp.database.store() as store:
            digests.move(store, digest.id, {"due"}, idp.now(), state="quiet")
        return
    place = idp.digests.leadership
    values = {"content": packed(content), "place": place, "picture": _picture(idp, content), "state": "ready"}
    with idp.database.store() as store:
        if digests.move(store, digest.id, {"due"}, idp.now(), **values):
            key = f"note:{digest.period}"
            show(idp, store, key=key, kind="note", subject=digest.id, place=place)


def note_of(idp: Idp, month: str) -> NoteContent | None:
    """The note that is told in this month, about the one before; None without two days to compare."""
    end = date.fromisoformat(f"{month}-01") - timedelta(days=1)
    days = history(idp, end - BACK, end)
    notes = [note for name in _scorecards(idp, days) if (note := _of_scorecard(idp, end, name, days))]
    return replace(notes[0], more=notes[1:]) if notes else None


def _scorecards(idp: Idp, days: Sequence[Day]) -> list[str]:
    """The names of those that were written down: as they are configured, then those that are no longer."""
    order = [card.name for card in idp.scorecards.cards]
    return sorted(
        {day.scorecard for day in days}, key=lambda name: (name not in order, [*order, name].index(name))
    )


def _of_scorecard(idp: Idp, end: date, name: str, days: Sequence[Day]) -> NoteContent | None:
    card, ours = idp.scorecards.card(name), [one for one in days if one.scorecard == name]
    begun = [one for one in ours if one.day >= end.replace(day=1)]
    if len(begun) < 2:
        return None
    return NoteContent(
        month=f"{end:%Y-%m}",
        scorecard=card.title if card else name,
        services=sum(begun[-1].levels.values()),
        teams=sum(1 for _ in teams_of(idp.catalog.snapshot)),
        order=list(card.levels) if card else sorted(level for level in begun[-1].levels if level),
        trend=points(ours),
        before=_tallies(idp, begun[0], begun[-1]),
        after=_tallies(idp, begun[-1], begun[-1]),
    )


def _tallies(idp: Idp, day: Day, like: Day) -> list[Tally]:
    """By rule, in the order of the newer day: what fails most comes first."""
    rules = sorted(like.rules, key=lambda name: -like.rules[name].failed)
    counts = ((name, day.rules.get(name)) for name in rules)
    return [
        Tally(_title(idp, name), count.passed, count.failed, count.unknown)
        if count
        else Tally(_title(idp, name), 0, 0, 0)
        for name, count in counts
    ]


def _title(idp: Idp, rule: str) -> str:
    known = idp.scorecards.rules.get(rule)
    return known.title if known else rule


def _picture(idp: Idp, content: NoteContent) -> str:
    """The id of the uploaded picture; "" where nobody takes it."""
    from data.pictures.trend import draw_fleet  # an imaging library, which a start does not wait for

    title = _titled(content)
    try:
        pairs = [pair for one in (content, *content.more) for pair in _pairs(one)]
        rules = [(now.title, percent(then), percent(now)) for then, now in pairs]
        png = draw_fleet(title, panels(content), rules)
        return idp.files.upload(f"fleet-{content.month}.png", title, note_alt(content), png)
    except UserError as error:  # the words are worth posting without it
        log.warning("the note of %s goes without its picture: %s", content.month, error.message)
        return ""


def _titled(content: NoteContent) -> str:
    return f"Scores of the whole fleet, {content.month}"


def table_name(period: str) -> str:
    """The name of the table that belongs to the note of a month; also the key of its message."""
    return f"fleet-note-{period}.csv"


def note_table(period: str, content: NoteContent) -> Enclosure:
    """The numbers of the note, as they are shared in its thread."""
    return Enclosure(table_name(period), _titled(content), as_csv(content).encode())


def _pairs(content: NoteContent) -> list[tuple[Tally, Tally]]:
    return list(zip(content.before, content.after, strict=True))


def note_alt(content: NoteContent) -> str:
    """The note's picture in words."""
    pairs = [pair for one in (content, *content.more) for pair in _pairs(one)]
    rules = "; ".join(f"{now.title}: {change_of(then, now)}" for then, now in pairs)
    return f"{tracks_alt(content.tracks)} By rule: {rules}."


def as_csv(content: NoteContent) -> str:
    """Two tables in one file, told apart by the first column: days by level, and rules; of every scorecard."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for one in (content, *content.more):
        rows.writerows([*row, _plain(one.scorecard)] for row in _level_rows(one.trend, one.order))
        for day, tallies in ((f"{one.month} start", one.before), (f"{one.month} end", one.after)):
            rows.writerows([*row, _plain(one.scorecard)] for row in _rule_rows(day, tallies))
    return out.getvalue()


def _level_rows(trend: Sequence[Point], order: Sequence[str]) -> list[list[object]]:
    names = ["", *order]
    return [
        ["level", one.day, name or "none", one.levels.get(name, 0), "", "", "", ""]
        for one in trend
        for name in names
    ]


def _rule_rows(day: str, tallies: Sequence[Tally]) -> list[list[object]]:
    return [
        [
            "rule",
            day,
            _plain(one.title),
            "",
            one.passed,
            one.failed,
            one.unknown,
            "" if (p := percent(one)) is None else p,
        ]
        for one in tallies
    ]


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
