"""A year of Mondays on an injected clock: what is told, when, and what its buttons do."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.drawing.cards import draw
from commands import Asker, answer
from data.errors import Conflict
from data.ports.facts import Fact
from data.store import digests, facts
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.mondays import BAD, GOOD, cards, monday, texts
from tests.workflows.digests.scored import CARD, ON, catalog, learn, scorecards, states, team
from tests.workflows.house import ANN, House
from workflows.digests import pressing, setting
from workflows.digests.cards import DetailsCard, DigestCard
from workflows.digests.planning import SPACING, plan
from workflows.digests.sending import send
from workflows.journal import Actor

SECOND = """
  basics:
    title: Basics
    applies_to: {kind: Component}
    levels: [must]
    rules:
      written: {title: Is written down, why: Else nobody knows., level: must, check: documented,
                fix: {text: Write.}}
"""


def test_a_year_of_weeks_over_both_changes_of_the_clock(payments: House, hand: Hand) -> None:
    posted: dict[str, datetime] = {}
    every = payments.idp.database.kind == "sqlite"
    weeks = range(52) if every else [*range(2, 6), *range(32, 36)]  # on both databases those around the changes
    for week in weeks:
        hand.clock.time = datetime(2026, 3, 2, 6, 50, tzinfo=UTC) + timedelta(weeks=week)
        better = week % 3 == 0  # every third week something is repaired, the week after it breaks, then nothing
        if week % 3 < 2:
            learn(payments.idp, {"payments-0": {**BAD, "watched": better, "documented": better}})
        before = len(cards(payments, "payments", DigestCard))
        for _ in range(3):
            plan(payments.idp, "")
            plan(payments.idp, "")  # another replica
            hand.run(payments.idp, timedelta(minutes=50))
        for card in cards(payments, "payments", DigestCard)[before:]:
            assert card.content.week not in posted
            posted[card.content.week] = hand.clock()
    kinds = Counter(states(payments.idp).values())
    assert kinds == {"posted": len(posted), "quiet": len(weeks) - len(posted)}
    assert 0.5 < len(posted) / len(weeks) < 0.7 or not every  # the weeks in which nothing changed are silent


def test_thanks_changes_and_tasks_in_the_channel_and_details_in_the_thread(payments: House, hand: Hand) -> None:
    monday(payments, hand)
    learn(payments.idp, {"payments-0": {"documented": True, "tested": False}, "payments-1": {"watched": False}})
    hand.clock.time = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    monday(payments, hand)
    first, second = (card.content for card in cards(payments, "payments", DigestCard))
    assert (first.first, second.first) == (True, False)
    assert [(task.entity, task.rule) for task in first.tasks] == [("component:default/payments-0", "documented")]
    assert [(each.entity, each.what) for each in second.better] == [
        ("component:default/payments-0", "Has a runbook")
    ]
    assert {each.what for each in second.worse} == {"Is watched", "Is tested"} - (
        {"Is tested"} if len(second.worse) == 1 else set()
    )
    messages = payments.chat.at("payments")
    roots = [message for message in messages if isinstance(message.card, DigestCard)]
    threads = [message.thread for message in messages if isinstance(message.card, DetailsCard)]
    assert len(roots) == len(threads) == 2
    assert all(threads)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_each_of_several_scorecards_has_its_line_and_its_part_of_the_picture(payments: House, hand: Hand) -> None:
    """Configured as "care", then "basics": that is the order, whatever their names sort like."""
    house = replace(payments, idp=replace(payments.idp, scorecards=scorecards(CARD + SECOND)))
    hand.clock.time = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    learn(house.idp, {"payments-0": BAD})
    monday(house, hand)
    hand.clock.time = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    learn(house.idp, {"payments-0": GOOD})
    monday(house, hand)
    card = cards(house, "payments", DigestCard)[-1]
    assert [each.scorecard for each in card.content.tracks] == ["Care", "Basics"]
    assert [len(each.trend) for each in card.content.tracks] == [2, 2]
    assert [(each.what, each.scorecard) for each in card.content.up] == [("must", "Basics"), ("silver", "Care")]
    message = draw(card, house.idp.catalog.snapshot)
    shown = str(message["blocks"])
    assert "• *Care*: 2 silver" in shown
    assert "• *Basics*: 2 must" in shown
    assert "*payments-0* reached *must* (Basics)" in shown
    (image,) = (block for block in message["blocks"] if block["type"] == "image")
    assert image["alt_text"].startswith("Care: 2 Mar: ")
    assert "Basics: 2 Mar: " in image["alt_text"]
    ann = Asker("ann", "ann@acme.example")
    assert "*payments-0* · Care: Silver" in str(answer("score payments", ann, house.idp).parts)
    assert "*payments-0* (service) · Care: silver · Basics: must" in str(answer("desk", ann, house.idp).parts)


def test_nothing_changed_is_no_message(payments: House, hand: Hand) -> None:
    monday(payments, hand)
    hand.clock.time = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    monday(payments, hand)
    assert states(payments.idp) == {"payments 2026-W10": "posted", "payments 2026-W11": "quiet"}
    assert len(cards(payments, "payments", DigestCard)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_what_is_not_to_come_by_itself_does_not(payments: House, hand: Hand) -> None:
    hand.clock.time = datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
    plan(replace(payments.idp, digests=replace(ON, automatic=False)), "")
    payments.catalog.snapshot = catalog([team("payments", **{"idp/digest": "off"})], {"payments": 2})
    plan(payments.idp, "")
    assert states(payments.idp) == {}
    payments.catalog.snapshot = catalog([team("payments"), team("shop")], {"payments": 2, "shop": 1})
    plan(payments.idp, "")
    one, two = (at for at, *_ in hand.waiting)
    assert two - one == timedelta(seconds=SPACING), "Slack takes one message a second"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_a_rarer_digest_tells_of_all_the_weeks_since_the_last_one(payments: House, hand: Hand) -> None:
    setting.every(payments.idp, "group:default/payments", "fortnightly", Actor(ANN))
    hand.clock.time = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
    learn(payments.idp, {"payments-0": {"documented": True}})
    hand.clock.time = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)
    monday(payments, hand, 150)
    (card,) = cards(payments, "payments", DigestCard)
    assert [each.what for each in card.content.better] == ["Has a runbook"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_who_has_read_none_reads_a_first_one_although_weeks_were_quiet(payments: House, hand: Hand) -> None:
    learn(payments.idp, {"payments-0": {**GOOD, "tested": True}, "payments-1": {"tested": True}})
    hand.clock.time = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    with payments.idp.database.store() as store:
        id = digests.plan(
            store, "group:default/payments", "2026-W10", hand.clock() - timedelta(days=6), hand.clock()
        )
        assert id
        digests.move(store, id, {"due"}, hand.clock(), state="quiet")
    learn(payments.idp, {"payments-0": BAD})
    monday(payments, hand)
    (card,) = cards(payments, "payments", DigestCard)
    assert card.content.first
    assert not card.content.better, "what was told to be quiet is not told again"


def test_claim_and_not_ours_change_the_message_and_who_may(payments: House, hand: Hand) -> None:
    monday(payments, hand)
    card = cards(payments, "payments", DigestCard)[0]
    with pytest.raises(Exception, match="Only"):
        pressing.claim(payments.idp, card.id, 0, Actor("user:default/dan"))
    pressing.claim(payments.idp, card.id, 0, Actor(ANN))
    hand.run(payments.idp)
    assert cards(payments, "payments", DigestCard)[0].states[0].person == ANN
    with pytest.raises(Exception, match="Only people of"):
        pressing.disown(payments.idp, card.id, 0, Actor("user:default/dan"))
    pressing.disown(payments.idp, card.id, 0, Actor(ANN))
    hand.clock.advance(days=1)
    pressing.disown(payments.idp, card.id, 0, Actor(ANN))
    hand.run(payments.idp)
    assert cards(payments, "payments", DigestCard)[0].states[0].state == "disowned"
    assert len([text for text in texts(payments, "platform") if "is not of payments" in text]) == 1
    learn(payments.idp, {"payments-0": {"watched": False}})
    hand.clock.time = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    monday(payments, hand)
    assert states(payments.idp)["payments 2026-W11"] == "quiet"  # what changed is not theirs


def test_a_button_that_is_older_than_what_mended_it_changes_nothing(payments: House, hand: Hand) -> None:
    monday(payments, hand)
    card = cards(payments, "payments", DigestCard)[0]
    now = payments.idp.now()
    with payments.idp.database.store() as store:  # nothing has scored it yet
        facts.put(store, [Fact(card.content.tasks[0].entity, "documented", True, "test", now)], now)
    with pytest.raises(Conflict, match="“Has a runbook” of payments-0 passes already"):
        pressing.claim(payments.idp, card.id, 0, Actor(ANN))
    hand.run(payments.idp)
    assert cards(payments, "payments", DigestCard)[0].states[0].state == "fixed"


def test_mute_quiet_hours_and_frequency(payments: House, hand: Hand) -> None:
    actor = Actor(ANN)
    with pytest.raises(Exception, match="Only people of"):
        setting.unmute(payments.idp, "group:default/payments", Actor("user:default/dan"))
    setting.mute(payments.idp, "group:default/payments", hand.clock() + timedelta(days=3), actor)
    monday(payments, hand)
    assert states(payments.idp) == {}
    assert [one.what for one in send(payments.idp)] == ["muted"]
    setting.unmute(payments.idp, "group:default/payments", actor)
    setting.be_quiet(payments.idp, "group:default/payments", "17:00-13:00", actor)
    plan(payments.idp, "")
    assert states(payments.idp) == {}
    hand.clock.time = datetime(2026, 3, 2, 12, 1, tzinfo=UTC)
    plan(payments.idp, "")
    assert list(states(payments.idp)) == ["payments 2026-W10"]
    setting.every(payments.idp, "group:default/payments", "monthly", actor)
    hand.clock.time = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
    plan(payments.idp, "")
    assert list(states(payments.idp)) == ["payments 2026-W10"]


def test_a_digest_whose_work_was_lost_is_made_all_the_same(payments: House, hand: Hand) -> None:
    hand.clock.time = datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
    plan(payments.idp, "")
    hand.waiting.clear()
    hand.clock.advance(minutes=20)
    plan(payments.idp, "")
    assert hand.waiting == [], "somebody may be at it still"
    hand.clock.advance(minutes=20)
    plan(payments.idp, "")
    hand.run(payments.idp)
    assert states(payments.idp) == {"payments 2026-W10": "posted"}


def test_two_replicas_that_plan_at_once_plan_one(payments: House, hand: Hand) -> None:
    digest = ("group:default/payments", "2026-W10", hand.clock(), hand.clock())
    with payments.idp.database.store() as store:
        assert digests.plan(store, *digest) is not None
    with payments.idp.database.store() as store:
        assert digests.plan(store, *digest) is None


def test_orders_are_under_the_same_key(payments: House, hand: Hand) -> None:
    assert [one.what for one in send(payments.idp, "2026-W10", "payments")] == ["planned"]
    monday(payments, hand)
    assert [(one.what, one.state) for one in send(payments.idp, "2026-W10")] == [("known", "posted")]
    with pytest.raises(Exception, match="has not begun"):
        send(payments.idp, "2026-W30")
    with pytest.raises(Exception, match="no ISO week"):
        send(payments.idp, "next week")
    assert len(cards(payments, "payments", DigestCard)) == 1


def test_switched_off_does_nothing(payments: House, hand: Hand) -> None:
    off = replace(payments.idp, digests=replace(ON, on=False))
    hand.clock.advance(hours=2)
    plan(off, "")
    assert states(payments.idp) == {}
    with pytest.raises(Conflict, match="switched off"):
        send(off)
