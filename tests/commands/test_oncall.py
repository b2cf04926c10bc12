from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.parts.reply import Reply
from data.integrations.oncall import AllOnCall
from data.integrations.rota import Rota

Read = Callable[[Reply], str]


def test_says_who_until_when_each_level_and_who_is_next(ask: Any, read: Read) -> None:
    said = read(ask("oncall checkout"))
    assert "Level 1: *Ben Okoro* until Thu 09:00 CET" in said
    assert "Level 2: *Ann Sommer* until Mon 09:00 CET" in said
    assert "Next: Ann Sommer from Thu 09:00 CET" in said
    assert "Schedule payments-primary (rota.yaml, Europe/Berlin) through team-payments" in said


def test_another_moment_is_read_in_the_zone_of_the_schedule(ask: Any) -> None:
    reply = ask("oncall checkout --at tomorrow 9:00")
    assert reply.text == "On call for checkout, Thu 09:00 CET: *Ann Sommer* until Fri 09:00 CET"
    assert reply.data["at"] == "2026-11-26T08:00:00+00:00"


def test_an_override_ends_exactly_when_it_ends(ask: Any) -> None:
    assert "*Ann Sommer*" in ask("oncall checkout --at 2026-11-27 08:59").text
    assert "*Ben Okoro*" in ask("oncall checkout --at 2026-11-27 09:00").text


def test_a_gap_is_said_with_who_comes_then(ask: Any) -> None:
    now = lambda: ask.idp.now() + timedelta(hours=10)  # noqa: E731 (20:20 in London, after hours)
    reply = ask.with_idp(now=now)("oncall users")
    assert reply.text == "On call for users: nobody until Thu 09:00 GMT, then *Cara Lindqvist*"


def test_a_schedule_can_be_named(ask: Any) -> None:
    assert "*Cara Lindqvist* until 17:00 GMT" in ask("oncall identity-hours").text


def test_unknown_is_said_with_what_to_do(ask: Any) -> None:
    reply = ask("oncall guessed")
    assert reply.ok
    assert reply.text.startswith("On call for guessed: unknown. No schedule covers it")
    assert "Add group:shop/team-search to `covers`" in reply.text


def test_not_connected_is_said_with_what_to_do(ask: Any) -> None:
    reply = ask.with_idp(oncall=AllOnCall([], ask.idp.now))("oncall checkout")
    assert "On-call is not connected." in reply.text
    assert "idp.yaml" in reply.text


def test_without_a_name_all_schedules_are_listed(ask: Any, read: Read) -> None:
    said = read(ask("oncall"))
    assert all(name in said for name in ("payments-primary", "identity-hours", "everybody"))


@pytest.mark.parametrize("words", ["oncall me", "when am I on call?", "oncall ann"])
def test_my_own_shifts(ask: Any, words: str, read: Read) -> None:
    said = read(ask(words))
    assert "payments-primary, level 2: now, until Mon 09:00 CET" in said
    assert "payments-primary: Thu 09:00 CET to Fri 09:00 CET" in said


def test_somebody_whom_the_catalog_does_not_know_is_told_what_to_do(ask: Any) -> None:
    stranger = replace(ask, asker=ask.asker._replace(email="new@acme.example"))
    reply = stranger("oncall me")
    assert not reply.ok
    assert "new@acme.example" in reply.text
    assert "User" in reply.text


def test_the_hand_over_counts_from_its_first_second(ask: Any) -> None:
    before = ask.with_idp(now=lambda: ask.idp.now().replace(day=30, hour=7, minute=59, second=59))
    after = before.with_idp(now=lambda: ask.idp.now().replace(day=30, hour=8, minute=0, second=0))
    assert "on call: Ben Okoro" in before("who-owns checkout").text
    assert "on call: Ann Sommer" in after("who-owns checkout").text


def test_a_broken_rota_is_said_and_the_last_good_one_answers(ask: Any, tmp_path: Path, read: Read) -> None:
    path = tmp_path / "rota.yaml"
    path.write_text("schedules:\n  - {name: a, covers: [team-payments], rotation: [ben], start: 2026-01-01}\n")
    ticks = iter(range(0, 1000, 10))
    asking = ask.with_idp(oncall=AllOnCall([Rota(path, ask.idp.now, lambda: next(ticks))], ask.idp.now))
    assert "*Ben Okoro*" in asking("oncall checkout").text
    path.write_text("schedules:\n  - {name: a, rotation: [], start: soon}\n")
    said = read(asking("oncall checkout"))
    assert "*Ben Okoro*" in said
    assert "rota.yaml:2" in said


@pytest.mark.parametrize("at", ["9999-12-31", "0001-01-01", "in 9999w", "nonsense", "2026-02-30"])
def test_odd_times_are_refused_with_an_example(ask: Any, at: str) -> None:
    reply = ask(f"oncall checkout --at {at}")
    assert not reply.ok
    assert f"“{at}”" in reply.text


def test_every_answer_offers_what_to_ask_next(ask: Any, buttons: Callable[[Reply], list[str]]) -> None:
    for words in buttons(ask("oncall checkout")):
        assert ask(words).ok
