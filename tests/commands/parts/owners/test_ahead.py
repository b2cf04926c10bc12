"""What is said ahead of owners is what would be said at the moment of the question, never longer than it is so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.parts.board import Board
from commands.parts.owners.ahead import say_ahead
from commands.parts.reply import Reply
from data.catalog.entity import Entity
from data.integrations.oncall import AllOnCall
from data.integrations.rota import Rota
from data.ports.oncall import Rotas, Schedule, Shift

START = datetime(2026, 11, 25, 10, 20, 2, tzinfo=UTC)  # a Wednesday
PAYMENTS = "group:default/team-payments"
ROTA = """
schedules:
  - name: payments
    covers: [team-payments]
    timezone: Europe/Berlin
    rotation: [ann, ben]
    start: 2026-11-16
    length: 1d
    handover: "09:10"
    overrides:
      - {from: 2026-11-26 09:25, to: 2026-11-27 13:35, who: zoe}
  - name: identity
    covers: [team-identity]
    timezone: Asia/Kolkata
    layers:
      - {rotation: [cara@acme.example], start: 2026-01-05, length: 1d, handover: "09:00", hours: "09:05-17:05"}
"""
ASKED = ("checkout", "users", "quiet", "lost", "guessed", "orphan", "team-payments")

Read = Callable[[Reply], str]


@dataclass
class Moving:
    """A clock that moves when told, and one of seconds beside it."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        return (self.time - START).total_seconds()

    def advance(self, **span: float) -> None:
        self.time += timedelta(**span)


@dataclass
class Paged:
    """On-call as a pager tells it: another answer whenever it has read again."""

    answer: Rotas = field(default_factory=lambda: Rotas((), (), START))
    asked: int = 0

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        self.asked += 1
        return self.answer

    def tells(self, *shifts: Shift) -> None:
        week = Schedule("payments", "pager", (PAYMENTS,))
        self.answer = Rotas((week,), shifts, START)


def shift(person: str, begins: timedelta, ends: timedelta) -> Shift:
    return Shift("payments", 1, person, START + begins, START + ends, "pager")


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
def asked(ask: Any, clock: Moving, rota_file: Path) -> Any:
    """The small company, with the rota of its file, at the moment that the clock shows."""
    return ask.with_idp(now=clock, oncall=AllOnCall([Rota(rota_file, clock, clock.seconds)], clock))


def paged(ask: Any, clock: Moving) -> tuple[Any, Paged]:
    pager = Paged()
    pager.tells(shift("ben", timedelta(hours=-1), timedelta(hours=8)))
    return ask.with_idp(now=clock, oncall=pager), pager


def changed(entities: Sequence[Entity], ref: str, **fields: Any) -> list[Entity]:
    return [entity._replace(**fields) if entity.ref == ref else entity for entity in entities]


def test_all_owners_are_said_before_anybody_asks(asked: Any) -> None:
    say_ahead(asked.idp)
    board = asked.idp.catalog.snapshot.recall(Board)
    assert set(board.told) == {entity.owner for entity in asked.idp.catalog.snapshot}


@pytest.mark.parametrize("step", [timedelta(minutes=20), timedelta(minutes=97)])
def test_at_any_moment_of_a_week_it_is_what_would_be_said_then(
    ask: Any,
    clock: Moving,
    hold: Callable[..., Any],
    small_company: list[Entity],
    tmp_path: Path,
    read: Read,
    step: timedelta,
) -> None:
    """Hand-overs, an override, hours without anybody and days that end are in that week, none at a whole hour."""
    (tmp_path / "rota.yaml").write_text(ROTA)
    asked = ask.with_idp(now=clock, oncall=AllOnCall([Rota(tmp_path / "rota.yaml", clock, clock.seconds)], clock))
    while clock.time < START + timedelta(days=7):
        for name in ASKED:
            unprepared = asked.with_idp(catalog=hold(small_company))
            assert read(asked(f"who-owns {name}")) == read(unprepared(f"who-owns {name}"))
        say_ahead(asked.idp)
        clock.time += step


def test_a_hand_over_counts_at_once(asked: Any, clock: Moving) -> None:
    say_ahead(asked.idp)
    clock.time = datetime(2026, 11, 26, 7, 59, 59, tzinfo=UTC)
    asked("who-owns checkout")
    say_ahead(asked.idp)
    assert "on call: Ben Okoro until 09:00 CET" in asked("who-owns checkout").text
    clock.advance(seconds=1)
    assert "on call: Ann Sommer until Fri 09:00 CET" in asked("who-owns checkout").text


def test_a_shift_that_a_pager_ends_at_an_odd_second_is_over_within_five(ask: Any, clock: Moving) -> None:
    asked, pager = paged(ask, clock)
    odd = timedelta(seconds=1)
    pager.tells(shift("ben", -odd, odd), shift("ann", odd, timedelta(hours=1)))
    assert "on call: Ben Okoro" in asked("who-owns checkout").text
    clock.advance(seconds=2)  # the board is still the one on which Ben is said
    say_ahead(asked.idp)
    clock.advance(seconds=3)
    assert "on call: Ann Sommer" in asked("who-owns checkout").text
    say_ahead(asked.idp)
    assert "on call: Ann Sommer" in asked("who-owns checkout").text


def test_what_a_pager_has_read_again_counts_within_five_seconds(ask: Any, clock: Moving) -> None:
    asked, pager = paged(ask, clock)
    say_ahead(asked.idp)
    assert "on call: Ben Okoro" in asked("who-owns checkout").text
    pager.tells(shift("ann", timedelta(hours=-1), timedelta(hours=8)))  # somebody takes over
    clock.advance(seconds=5)
    assert "on call: Ann Sommer" in asked("who-owns checkout").text
    say_ahead(asked.idp)
    pager.answer = Rotas((), (), START, ("The pager does not answer.",))
    clock.advance(seconds=5)
    assert "on call: unknown (The pager does not answer.)" in asked("who-owns checkout").text


def test_what_is_read_again_while_owners_are_said_counts(ask: Any, clock: Moving) -> None:
    asked, pager = paged(ask, clock)

    def meanwhile() -> None:
        pager.tells(shift("ann", timedelta(hours=-1), timedelta(hours=8)))
        clock.advance(seconds=6)

    say_ahead(asked.idp, meanwhile)
    assert "on call: Ann Sommer" in asked("who-owns checkout").text
    assert "on call: Ann Sommer" in asked("who-owns checkout-db").text


def test_a_schedule_file_that_is_edited_counts(asked: Any, clock: Moving, rota_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "rota.yaml"
    file.write_text(rota_file.read_text())
    asked = asked.with_idp(oncall=AllOnCall([Rota(file, clock, clock.seconds)], clock))
    say_ahead(asked.idp)
    assert "on call: Ben Okoro" in asked("who-owns checkout").text
    takes_over = "overrides:\n      - {from: 2026-11-25 09:00, to: 2026-11-26 08:00, who: zoe}"
    file.write_text(file.read_text().replace("overrides:", takes_over))
    clock.advance(seconds=5)
    assert "on call: Zoe Hart until Thu 08:00 CET" in asked("who-owns checkout").text
    say_ahead(asked.idp)
    file.write_text("schedules: []")
    clock.advance(seconds=5)
    assert asked("who-owns checkout").text.endswith("on call: no schedule covers it")


def test_another_owner_or_name_counts_with_its_catalog(
    asked: Any, hold: Callable[..., Any], small_company: list[Entity]
) -> None:
    say_ahead(asked.idp)
    taken = changed(small_company, "component:default/checkout", owner="group:default/team-identity")
    renamed = changed(taken, PAYMENTS, title="Money")
    led = changed(renamed, "user:default/ben", title="Benedict Okoro")
    later = replace(asked, idp=replace(asked.idp, catalog=hold(led)))
    say_ahead(later.idp)
    assert "owned by Identity (team-identity)" in later("who-owns checkout").text
    said = later("who-owns checkout-db")
    assert "owned by Money (team-payments); on call: Benedict Okoro" in said.text


def test_a_service_with_a_schedule_of_its_own_has_its_own_words(ask: Any, clock: Moving) -> None:
    asked, pager = paged(ask, clock)
    own = Schedule("own", "pager", ("component:default/checkout",))
    hers = Shift("own", 1, "zoe", START - timedelta(hours=1), START + timedelta(hours=1), "pager")
    pager.answer = Rotas((*pager.answer.schedules, own), (*pager.answer.shifts, hers), START)
    say_ahead(asked.idp)
    assert "on call: Zoe Hart" in asked("who-owns checkout").text
    assert "on call: Ben Okoro" in asked("who-owns checkout-db").text


def test_no_pager_is_bothered_while_nobody_asks(ask: Any, clock: Moving) -> None:
    asked, pager = paged(ask, clock)
    say_ahead(asked.idp)
    first = pager.asked
    for _ in range(60):
        clock.advance(minutes=30)
        say_ahead(asked.idp)
    assert pager.asked == first
    asked("who-owns checkout")
    say_ahead(asked.idp)
    board = asked.idp.catalog.snapshot.recall(Board)
    assert board.steady > clock.time
    assert len(board.told) > 1
