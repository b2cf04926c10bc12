"""Cards in every state: what people read, within Slack's limits, whatever stands in the rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.cards import draw
from data.catalog.snapshot import Snapshot
from data.ports.chat import Notice
from data.store.grants import Grant
from data.store.requests import Approval, Asked, Request, RunView, State, Step, StepState
from tests.workflows.house import CHECKOUT, snapshot
from workflows.telling.cards import AlarmCard, GrantCard, RequestCard, ReviewCard

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOSTILE = "<!channel> <@U1> <https://evil|Approve here> & ``` *bold* " + "x" * 10_000
STATES: tuple[State, ...] = (
    *("pending", "approved", "running", "done", "failed"),
    *("undoing", "undone", "denied", "cancelled", "expired"),
)
ANN, BEN = "user:default/ann", "user:default/ben"
CATALOG: Snapshot = snapshot()

REQUEST = Request(
    id=12,
    action="prod-access",
    title="Access to checkout (prod) for 1h",
    target=CHECKOUT,
    environment="prod",
    duration=3600,
    requester=ANN,
    beneficiary=ANN,
    reason="INC-123",
    parameters={},
    fingerprint="f" * 32,
    policy="prod-access",
    rule="rule 3 of prod-access (idp.yaml:11)",
    verdict="Needs the agreement of 1 person of owners.",
    needed=2,
    distinct_teams=True,
    asked=(
        Asked("owners", "group:default/payments", (BEN,)),
        Asked("platform", "group:default/platform", ("user:default/cat",)),
    ),
    break_glass=False,
    state="pending",
    revision=1,
    created_at=NOW,
    expires_at=NOW + timedelta(hours=8),
)
STATES_OF_STEPS: tuple[StepState, ...] = ("done", "failed", "running", "waiting", "undone", "skipped")
STEPS = tuple(
    Step(12, n, f"s{n}", f"Step {n}", state, 2, NOW, NOW, {}, "it broke" if state == "failed" else "")
    for n, state in enumerate(STATES_OF_STEPS)
)
GRANT = Grant(
    12, "g12", ANN, "ann@acme.example", CHECKOUT, "prod", 3600, "active", NOW, NOW + timedelta(hours=1), NOW
)


def shown(card: Any) -> str:
    message = draw(card, CATALOG)
    assert faults_of({"channel": "C1", **message}) == []
    return f"{message['text']} {message['blocks']}"


def request(state: State = "pending", **values: Any) -> Request:
    return replace(REQUEST, state=state, decided_by=BEN, decided_at=NOW, decision_note="because", **values)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("hostile", [False, True])
def test_every_state_can_be_shown_whatever_stands_in_it(state: State, hostile: bool) -> None:
    bad = (
        {"reason": HOSTILE, "title": HOSTILE, "error": HOSTILE, "rule": HOSTILE, "verdict": HOSTILE}
        if hostile
        else {}
    )
    many = tuple(
        Asked(f"t{n}", f"group:default/g{n}", tuple(f"user:default/p{m}" for m in range(300))) for n in range(20)
    )
    made = request(state, **bad, **({"asked": many} if hostile else {}))
    steps = tuple(replace(STEPS[1], position=n, title=HOSTILE) for n in range(200)) if hostile else STEPS
    seen = shown(RequestCard(RunView(made, (Approval(12, BEN, NOW, HOSTILE if hostile else ""),), steps)))
    assert "<!channel>" not in seen
    assert "<https://evil" not in seen
    assert "<@U1>" not in seen


def test_a_waiting_card_has_buttons_that_carry_the_number_and_the_hash_only() -> None:
    message = draw(RequestCard(RunView(request(), (), STEPS)), CATALOG)
    buttons = message["blocks"][-1]["elements"]
    assert [b["text"]["text"] for b in buttons] == ["Approve", "Deny…", "I’m looking"]
    assert {b["value"] for b in buttons} == {f"12 {'f' * 32}"}


def test_the_requester_can_take_it_back_but_not_decide() -> None:
    message = draw(RequestCard(RunView(request(), (), STEPS), ANN), CATALOG)
    assert [b["text"]["text"] for b in message["blocks"][-1]["elements"]] == ["Take it back"]


@pytest.mark.parametrize("state", ["denied", "cancelled", "expired", "done", "approved", "running"])
def test_what_is_decided_has_no_buttons(state: State) -> None:
    assert "actions" not in {
        b["type"] for b in draw(RequestCard(RunView(request(state), (), ())), CATALOG)["blocks"]
    }


def test_a_failed_run_offers_what_can_be_done() -> None:
    seen = shown(RequestCard(RunView(request("failed", error="the host is down", attempt=1), (), STEPS)))
    assert all(
        word in seen for word in ("Retry from this step", "Undo what was made", "Hand over", "the host is down")
    )


def test_it_counts_what_counts() -> None:
    def waits(*people: str) -> str:
        return shown(RequestCard(RunView(request(), tuple(Approval(12, p, NOW) for p in people), ())))

    assert "Waits for 2 approvals" in waits()
    assert "Waits for 1 more of 2" in waits(BEN)
    assert "Waits for 1 more of 2" in waits(BEN, "user:default/stranger")
    assert "Waits for 2 approvals" in waits("user:default/stranger")


def test_the_holder_is_told_how_long_and_offered_more_only_near_the_end() -> None:
    assert "Extend" not in shown(GrantCard(GRANT, extend_seconds=(1800,)))
    near = shown(GrantCard(GRANT, ending=True, extend_seconds=(1800,)))
    assert "Extend 30m" in near
    assert "'value': '12 1800'" in near
    assert "I’m done" in near
    ended = replace(GRANT, state="ended", ended_why="expired", removed_at=NOW)
    assert "taken away (its time is over)" in shown(GrantCard(ended))
    assert "being given" in shown(GrantCard(replace(GRANT, given_at=None, state="opening")))


def test_a_review_is_closed_by_a_button_once() -> None:
    view = RunView(request("done", break_glass=True), (), ())
    assert "Close the review" in shown(ReviewCard(view, replace(GRANT, review="open"), 2))
    closed = replace(GRANT, review="closed", reviewed_by=BEN, review_note=HOSTILE)
    assert "Close the review" not in shown(ReviewCard(view, closed, 2))


def test_alarms_and_notices_cannot_shout() -> None:
    assert "<!channel>" not in shown(AlarmCard(HOSTILE, HOSTILE, GRANT))
    assert "<!channel>" not in shown(Notice(HOSTILE))
