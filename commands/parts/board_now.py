"""The board that holds at the moment of a question, and the shifts on it."""

from datetime import datetime, timedelta

from commands.parts.ask import Ask
from commands.parts.board import LIFE, Board
from data.ports.oncall import Rotas

AHEAD = timedelta(days=15)  # how far shifts are looked up for "next" and for "when am I on call"


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
    if isinstance(last, Board) and last.rotas is rotas and last.steady and last.since <= now < last.steady:
        fresh.told, fresh.steady = last.told, last.steady
    ask.snapshot.remember(Board, fresh)
    return fresh


def rotas_of(ask: Ask, at: datetime | None = None) -> Rotas:
    """All shifts from the hour of `at` (now) on."""
    return _rotas_at(ask, at) if at else board_of(ask).rotas


def _rotas_at(ask: Ask, at: datetime) -> Rotas:
    """Whole hours: one look-up serves everybody in it."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return ask.idp.oncall.rotas(hour, hour + AHEAD)
