"""What becomes of digests that cannot be posted, or whose answer was lost: at most once, and reported."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import Conflict, Unavailable
from data.ports.chat import TooMany, Uncertain
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.mondays import BAD, GOOD, cards, led, monday, texts
from tests.workflows.digests.scored import learn, states, team
from tests.workflows.house import ANN, House
from workflows.digests.cards import DetailsCard, DigestCard
from workflows.digests.planning import plan
from workflows.digests.sending import send
from workflows.telling.manners import MANNERS


def test_troubles_cost_only_their_team_and_are_told_once(database_url: str, tmp_path: Path, hand: Hand) -> None:
    teams = [
        team("archived"), team("fine"), team("platform"),
        team("leaderless", **{"slack.com/channel": ""}),
        team("led", **{"slack.com/channel": "", "idp/lead": "user:default/ann"}),
    ]  # fmt: skip
    names = ("archived", "fine", "leaderless", "led")
    house = led(database_url, tmp_path, hand, teams, dict.fromkeys(names, 1))
    house.chat.closed.add("archived")
    learn(house.idp, {f"{name}-0": BAD for name in names})
    monday(house, hand)
    monday(house, hand)
    assert states(house.idp) == {
        "archived 2026-W10": "failed", "fine 2026-W10": "posted",
        "leaderless 2026-W10": "unreachable", "led 2026-W10": "posted",
    }  # fmt: skip
    assert len(cards(house, "fine", DigestCard)) == len(cards(house, ANN, DigestCard)) == 1
    told = texts(house, "platform")
    assert len(told) == 1
    assert all(word in told[0] for word in ("leaderless", "archived", "There is no channel archived"))
    house.chat.closed.clear()
    assert [one.what for one in send(house.idp, "", "archived")] == ["known"]
    assert [one.what for one in send(house.idp, "", "archived", again=True)] == ["again"]
    hand.run(house.idp)
    assert len(cards(house, "archived", DigestCard)) == 1
    assert [one.what for one in send(house.idp, "", "archived", again=True)] == ["known"]
    hand.run(house.idp)
    assert len(cards(house, "archived", DigestCard)) == 1
    house.engine.close()
    house.idp.database.close()


def test_too_many_calls_are_waited_out_and_a_broken_token_ends(
    payments: House, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MANNERS, "digest", replace(MANNERS["digest"], tries=15))
    payments.chat.fault = TooMany("Slack wants fewer calls.", 900.0)
    plan(payments.idp, "")
    hand.clock.advance(hours=1)
    plan(payments.idp, "")
    hand.run(payments.idp, timedelta(minutes=5))
    payments.chat.fault = None
    hand.run(payments.idp, timedelta(minutes=9))
    assert not cards(payments, "payments", DigestCard)  # not before Slack said
    hand.run(payments.idp, timedelta(minutes=5))
    assert len(cards(payments, "payments", DigestCard)) == 1
    hand.clock.time = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    learn(payments.idp, {"payments-0": GOOD})
    hand.clock.advance(hours=1)
    payments.chat.fault = Unavailable("Slack refused it: token_revoked.")
    plan(payments.idp, "")
    hand.run(payments.idp, timedelta(hours=1))
    assert states(payments.idp)["payments 2026-W11"] == "failed"
    payments.chat.fault = None
    plan(payments.idp, "")
    hand.run(payments.idp)
    assert "token_revoked" in texts(payments, "platform")[-1]


def test_a_post_whose_answer_was_lost_is_looked_for_and_never_repeated(payments: House, hand: Hand) -> None:
    post = payments.chat.post

    def lost(*args: Any, **options: Any) -> Any:
        post(*args, **options)
        payments.chat.post = post  # type: ignore[method-assign]  # once
        raise Uncertain("Slack cannot be reached: TimeoutError.")

    payments.chat.post = lost  # type: ignore[method-assign]  # the world breaks here
    monday(payments, hand)
    assert states(payments.idp) == {"payments 2026-W10": "posted"}
    assert len(cards(payments, "payments", DigestCard)) == 1
    assert len(cards(payments, "payments", DetailsCard)) == 1


def test_while_nobody_can_look_for_it_it_is_not_posted_again(payments: House, hand: Hand) -> None:
    post, find = payments.chat.post, payments.chat.find

    def lost(*args: Any, **options: Any) -> Any:
        post(*args, **options)
        payments.chat.post = post  # type: ignore[method-assign]  # once
        raise Uncertain("Slack cannot be reached: TimeoutError.")

    def away(*args: Any, **options: Any) -> Any:
        payments.chat.find = find  # type: ignore[method-assign]  # once
        raise Unavailable("Slack cannot be reached: TimeoutError.")

    payments.chat.post, payments.chat.find = lost, away  # type: ignore[method-assign]  # the world breaks here
    monday(payments, hand)
    assert states(payments.idp) == {"payments 2026-W10": "posted"}
    assert len(cards(payments, "payments", DigestCard)) == 1


def test_where_nobody_can_look_it_is_given_up_and_reported(payments: House, hand: Hand) -> None:
    def lost(*args: Any, **options: Any) -> Any:
        raise Uncertain("Slack cannot be reached: TimeoutError.")

    def blind(*args: Any, **options: Any) -> Any:
        raise Conflict("Slack does not let the bot look into the channel: missing_scope.")

    post = payments.chat.post
    payments.chat.post, payments.chat.find = lost, blind  # type: ignore[method-assign]  # the world breaks here
    plan(payments.idp, "")
    hand.clock.advance(hours=1, minutes=5)
    plan(payments.idp, "")
    hand.run(payments.idp)
    payments.chat.post = post  # type: ignore[method-assign]  # it works again
    hand.run(payments.idp)
    plan(payments.idp, "")
    hand.run(payments.idp)
    assert states(payments.idp) == {"payments 2026-W10": "failed"}
    assert not cards(payments, "payments", DigestCard)
    assert "may have been posted" in texts(payments, "platform")[-1]
