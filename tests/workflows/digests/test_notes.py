"""The monthly note: every scorecard, no team by name, its numbers as a table."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.parts.scorecards.digest_card import note_reply
from data.ports.chat import Enclosure
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.mondays import BAD, GOOD, cards, led
from tests.workflows.digests.scored import CARD, ON, learn, scorecards, team
from tests.workflows.house import House
from workflows.digests.cards import NoteCard
from workflows.digests.content import NoteContent, packed, unpacked
from workflows.digests.noting import as_csv, note_of
from workflows.digests.planning import plan

TWO = f"""{CARD}
  aim:
    title: Aim
    applies_to: {{kind: Component}}
    levels: [gold]
    rules:
      owned: {{title: Somebody looks after it, why: Else nobody does., level: gold, weight: 1, check: watched,
              fix: {{text: Look after it.}}}}
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # drawn from what was written down
def test_the_monthly_note_shows_every_scorecard(payments: House, hand: Hand) -> None:
    both = replace(payments, idp=replace(payments.idp, scorecards=scorecards(TWO)))
    for day in (1, 28):
        hand.clock.time = datetime(2026, 2, day, 12, 0, tzinfo=UTC)
        learn(both.idp, {f"payments-{at}": GOOD if day > 9 * at else BAD for at in range(2)})
    note = note_of(both.idp, "2026-03")
    assert note is not None
    text = str(note_reply(note))
    assert ("*Care in 2026-02*" in text, "*Aim in 2026-02*" in text) == (True, True)
    assert text.index("Has a runbook") < text.index("Somebody looks after it")
    assert note_reply(unpacked(NoteContent, packed(note))) == note_reply(note)  # as it is kept
    table = list(csv.DictReader(io.StringIO(as_csv(note))))
    assert {(row["name"], row["scorecard"]) for row in table if row["what"] == "rule"} >= {
        ("Has a runbook", "Care"),
        ("Somebody looks after it", "Aim"),
    }


def test_the_monthly_note_names_no_team(database_url: str, tmp_path: Path, hand: Hand) -> None:
    house = led(
        database_url, tmp_path, hand, [team("payments")], {"payments": 3}, config=replace(ON, leadership="leaders")
    )
    for day in range(1, 29):
        hand.clock.time = datetime(2026, 2, day, 12, 0, tzinfo=UTC)
        learn(house.idp, {f"payments-{at}": GOOD if day > 9 * at else BAD for at in range(3)})
    hand.clock.time = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    plan(house.idp, "")
    plan(house.idp, "")
    hand.run(house.idp)
    notes = cards(house, "leaders", NoteCard)
    assert len(notes) == 1
    assert "payments" not in str(notes[0].content)
    assert (notes[0].content.month, notes[0].content.services) == ("2026-02", 3)
    assert {card.name for card in cards(house, "leaders", Enclosure)} == {"fleet-note-2026-03.csv"}
    table = cards(house, "leaders", Enclosure)[-1].content.decode()
    assert table.splitlines()[0].startswith("what,day or month,name")
    assert "rule,2026-02 end,Has a runbook,,3,0,0,100" in table
    house.engine.close()
    house.idp.database.close()
