"""What was said within the last seconds, to be said again: a hundred questions at once cost one look-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from commands.parts.ask import Ask
from commands.parts.reply import Md
from data.catalog.snapshot import Owner
from data.ports.oncall import OnCall, Rotas, Schedule

LIFE = 5  # seconds
AHEAD = timedelta(days=15)  # how far shifts are looked up for "next" and for "when am I on call"


class Duty(NamedTuple):
    """The schedules that answer for an entity, and whose they are; no schedules: nobody is known."""

    ref: str  # of the entity that the schedules cover: the one asked about, its owner or a group above
    schedules: Sequence[Schedule]
    rotas: Rotas


class Told(NamedTuple):
    """What is said of everything that an owner owns: `section` and `text` follow the name of the thing."""

    owner: Owner
    duty: Duty
    section: str
    text: str


@dataclass(slots=True)
class Board:
    """Sentences about on-call, ages and teams, true for a few seconds of one snapshot.

    It ends at a whole multiple of LIFE in wall time, so that it never outlives a hand-over. What is said of owners
    whom no schedule covers, `quiet`, goes on to the next board as long as the schedules stay as they are.
    """

    oncall: OnCall
    since: datetime
    until: datetime
    rotas: Rotas
    covering: Mapping[str, Sequence[Schedule]]
    duties: dict[str, tuple[Duty, Md]] = field(default_factory=dict)  # by entity or owner
    ages: dict[str, tuple[str, Md]] = field(
        default_factory=dict
    )  # by source, "" for all: its name, how old what it told is
    told: dict[str, Told] = field(default_factory=dict)  # by owner as stated
    quiet: dict[str, Told] = field(default_factory=dict)  # likewise
    opinions: dict[str, Md] = field(default_factory=dict)  # by entity: what CODEOWNERS says against its file


def board_of(ask: Ask) -> Board:
    """The board of this moment."""
    board = ask.board
    if board is None:
        last, now = ask.snapshot.recall(Board), ask.now
        if type(last) is Board and last.since <= now < last.until and last.oncall is ask.idp.oncall:
            board = last
        else:
            board = _next(ask, last)
        ask.board = board
    return board


def _next(ask: Ask, last: object) -> Board:
    """The board that takes the place of the last one, if there was one."""
    oncall, now = ask.idp.oncall, ask.now
    until = now.replace(microsecond=0) + timedelta(seconds=LIFE - now.second % LIFE)
    rotas = _rotas_at(ask, now)
    fresh = Board(oncall, now, until, rotas, rotas.covering)
    if isinstance(last, Board) and last.rotas is rotas:
        fresh.quiet = last.quiet
    ask.snapshot.remember(Board, fresh)
    return fresh


def rotas_of(ask: Ask, at: datetime | None = None) -> Rotas:
    """All shifts from the hour of `at` (now) on."""
    return _rotas_at(ask, at) if at else board_of(ask).rotas


def _rotas_at(ask: Ask, at: datetime) -> Rotas:
    """Whole hours: one look-up serves everybody in it."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return ask.idp.oncall.rotas(hour, hour + AHEAD)
