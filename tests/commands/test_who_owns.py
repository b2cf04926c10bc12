from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from bot.slack.drawing.drawn import json_for_you, only_you
from bot.slack.drawing.views import render
from commands.parts.reply import Reply
from data.ports.oncall import Rotas, Schedule, Shift

Read = Callable[[Reply], str]
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)


def test_says_owner_channel_lead_on_call_source_and_age(ask: Any, read: Read) -> None:
    reply = ask("who-owns checkout")
    assert reply.text == "checkout is owned by Payments (team-payments); on call: Ben Okoro until Thu 09:00 CET"
    said = read(reply)
    assert "Channel: #team-payments · Lead: Ben Okoro" in said
    assert "acme · checkout/catalog-info.yaml:3 · synced 3 min ago" in said


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("checkout-db", "checkout-db is owned by Payments (team-payments)"),
        ("users-api", "users-api is owned by Identity (team-identity)"),
        ("orphan", "orphan states no owner"),
        ("lost", "lost is owned by group:default/team-gone, which is not in the catalog"),
        ("guessed", "guessed is probably owned by team-search; "),
        ("team-payments", "Payments (team-payments) is a team"),
        ("payments", "Payments (team-payments) is a team"),
        ("acme/checkout", "checkout is owned by Payments"),
        ("https://github.com/acme/checkout/blob/main/app.py", "checkout is owned by Payments"),
        ("my_service", "my_service is owned by Payments"),
    ],
)
def test_answers_for_everything_in_the_catalog(ask: Any, name: str, sentence: str) -> None:
    reply = ask(f"who-owns {name}")
    assert reply.ok
    assert reply.text.startswith(sentence)


@pytest.mark.parametrize("question", ["who-owns {}", "who-owns {}x", "who-owns {} --share", "who-owns {} --json"])
def test_is_drawn_as_any_other_answer_is_rendered(ask: Any, question: str) -> None:
    for entity in ask.idp.catalog.snapshot:
        reply = ask(question.format(entity.ref if "x" not in question else entity.name))
        rendered = only_you(render(reply._replace(parts=tuple(reply.parts))))
        assert json_for_you(reply) == orjson.dumps(rendered)


def test_a_doubtful_owner_is_explained(ask: Any, read: Read) -> None:
    reply = ask("who-owns guessed")
    assert "group:default/team-search, which is not in the catalog; only group:shop/team-search" in read(reply)
    assert reply.data["certainty"] == "probably"


def test_the_last_good_version_of_a_broken_file_is_marked(ask: Any, read: Read) -> None:
    assert "its last good version" in read(ask("who-owns quiet"))
    assert "its last good version" not in read(ask("who-owns checkout"))


def test_on_call_falls_back_to_the_groups_above(ask: Any) -> None:
    assert "on call: Zoe Hart until" in ask("who-owns quiet").text


def test_facts_for_machines(ask: Any) -> None:
    data = dict(ask("who-owns checkout").data)
    assert data["owner"] == "group:default/team-payments"
    assert data["channel"] == "team-payments"
    assert [(shift["person"], shift["level"]) for shift in data["on_call"]] == [
        ("user:default/ben", 1),
        ("user:default/ann", 2),
    ]
    assert data["source"] == {"name": "acme", "path": "checkout/catalog-info.yaml", "line": 3, "stale": False}


def test_unknown_owners_are_null_for_machines(ask: Any) -> None:
    assert ask("who-owns orphan").data["owner"] is None
    assert ask("who-owns orphan").data["certainty"] == "not stated"


def test_every_answer_offers_what_to_ask_next(ask: Any, buttons: Callable[[Reply], list[str]]) -> None:
    for words in buttons(ask("who-owns checkout")):
        assert ask(words).ok


class Changing:
    """On-call whose schedules are read again."""

    def __init__(self) -> None:
        self.answer = Rotas((), (), NOW)

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        return self.answer


def test_a_schedule_that_is_new_is_seen_within_seconds_where_nobody_was_on_call(ask: Any) -> None:
    times, oncall = [NOW], Changing()
    asked = ask.with_idp(oncall=oncall, now=lambda: times[0])
    assert asked("who-owns checkout").text.endswith("on call: no schedule covers it")
    times[0] += timedelta(seconds=6)
    assert asked("who-owns checkout-db").text.endswith("on call: no schedule covers it")
    week = Schedule("payments", "rota", ("group:default/team-payments",))
    shift = Shift("payments", 1, "ben", NOW, NOW + timedelta(hours=8), "rota")
    oncall.answer = Rotas((week,), (shift,), NOW)
    times[0] += timedelta(seconds=6)
    assert "on call: Ben Okoro until" in asked("who-owns checkout").text
