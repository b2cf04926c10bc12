"""Digests as messages: within Slack's limits at any size, nobody called, nothing forged, worth reading."""

from dataclasses import replace
from typing import Any

import pytest

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.cards import draw
from tests.workflows.digests.scored import catalog, team
from workflows.digests.cards import DetailsCard, DigestCard, NoteCard, TaskState
from workflows.digests.content import (
    DigestContent,
    Moved,
    NoteContent,
    Point,
    Tally,
    Task,
    Track,
    packed,
    unpacked,
)

HOSTILE = "<!channel> <@U1> <https://evil|Approve here> & ``` *bold* @here " + "x" * 5_000
SNAPSHOT = catalog([team("payments")], {"payments": 3})


def content(size: int, word: str = "Has a runbook section") -> DigestContent:
    moved = [
        Moved(f"component:default/service-{at}", word, "user:default/ann" if at % 7 == 0 else "")
        for at in range(size)
    ]
    levels = {"": size, "bronze": size, "silver": size, "gold": 1}
    trend = [Point(f"2026-11-{day:02}", levels, 40 + day) for day in (2, 9, 16)]
    return DigestContent(
        team="group:default/payments",
        week="2026-W47",
        first=False,
        services=size,
        failing=size // 2,
        order=["bronze", "silver", "gold"],
        better=moved,
        worse=moved,
        up=[Moved(each.entity, "gold") for each in moved],
        down=[Moved(each.entity, "") for each in moved],
        tasks=[
            Task(f"component:default/service-{at}", "runbook", word, word, word, "bronze", size) for at in range(3)
        ],
        claimed=moved,
        tallies=[Tally(word, size, size, size)] * 30,
        announced=[word] * 20,
        disowned=[each.entity for each in moved],
        trend=trend,
        scorecard="Ready",
        more=[Track(word, ["bronze", "silver", "gold"], trend), Track("New", ["gold"], [])] * (size % 30),
    )


def note(word: str) -> NoteContent:
    trend = [Point(f"2026-10-{day:02}", {"": 3, "gold": 9000}, None) for day in (5, 12)]
    tallies = [Tally(word, 1, 2, 3)] * 60
    one = NoteContent("2026-10", word, 9003, 1000, ["gold"], trend, tallies, tallies)
    return replace(one, more=[one] * 12)


@pytest.mark.parametrize("size", [0, 1, 500, 10_000])
@pytest.mark.parametrize("word", ["Has a runbook section", HOSTILE])
def test_any_size_is_within_slacks_limits(size: int, word: str) -> None:
    states = {0: TaskState("claimed", "user:default/ann"), 1: TaskState("fixed"), 2: TaskState()}
    said = content(size, word)
    for card in (
        DigestCard(7, said, "F1", states),
        DigestCard(7, said),
        DetailsCard(said),
        NoteCard(note(word), "F1"),
    ):
        message = draw(card, SNAPSHOT)
        found = [fault for fault in faults_of(message) if "slack file" not in fault]
        assert not found
        text = str([block for block in message["blocks"] if block["type"] != "image"])  # alt_text is plain
        assert message["text"].strip()
        assert all(call not in text for call in ("<!channel>", "<!here>", "<@U1>", "@here", "<https://evil"))


def test_five_hundred_services_are_still_worth_reading() -> None:
    said = content(500)
    message = draw(DigestCard(7, said, "F1"), SNAPSHOT)
    shown = str(message["blocks"])
    assert len(message["blocks"]) <= 20
    assert len(shown) < 12_000
    order = [
        shown.index(word) for word in ("250 of 500 services", "Thank you", "Changed", "Worth fixing next", "*3. ")
    ]
    assert order == sorted(order)
    assert "995 more" in shown or "more_" in shown  # counted, not lost
    assert shown.count("Fix it") == shown.count("digest-claim") == shown.count("digest-disown") == 3
    assert message["text"].startswith(
        "payments, week 47: 1,000 things improved, thank you; 1,000 things got worse"
    )
    image = next(block for block in message["blocks"] if block["type"] == "image")
    assert image["slack_file"] == {"id": "F1"}
    assert "2 Nov: 42 % of the checks passed; " in image["alt_text"]


def test_a_task_that_is_taken_care_of_has_no_buttons() -> None:
    states = {0: TaskState("claimed", "user:default/ann"), 1: TaskState("fixed"), 2: TaskState("disowned")}
    shown = str(draw(DigestCard(7, content(3), "", states), SNAPSHOT))
    assert "*ann* takes care of it" in shown
    assert "It passes now. Thank you!" in shown
    assert "Fix it" not in shown


def test_the_first_one_says_what_it_is() -> None:
    said: Any = unpacked(DigestContent, packed(content(2)))
    assert said == content(2)
    from dataclasses import replace

    assert "your first digest" in str(draw(DigestCard(1, replace(said, first=True)), SNAPSHOT))


def test_the_note_names_no_team() -> None:
    shown = str(draw(NoteCard(note("Has a runbook")), SNAPSHOT))
    assert "9,003 services of 1,000 teams" in shown
    assert "payments" not in shown
    assert "CSV" in shown
