from collections.abc import Callable
from typing import Any

import pytest

from commands.parts.reply import Reply

Read = Callable[[Reply], str]


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
