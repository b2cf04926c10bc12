"""What a button or a form carries is no authority: it is read again, and what does not fit is too old."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.slack.deeds.carrying_out import Deeds, about
from data.errors import Conflict
from data.store import drafts
from data.store.database import Database
from data.store.drafts import FormDraft
from tests.conftest import Clock
from workflows.requests.request import Actor

ANN, BEN = Actor("user:default/ann"), Actor("user:default/ben")
DRAFT = FormDraft("d1", ANN.person, "new-service", {"name": "cart"}, "A shop needs one.", dry_run=False)


@pytest.fixture
def deeds(sqlite: Database, clock: Clock) -> Deeds:
    with sqlite.store() as store:
        drafts.put(store, DRAFT, clock())
        drafts.put(store, FormDraft("d2", ANN.person, "new-service", {}, "", dry_run=True), clock())
    return Deeds(cast("Any", SimpleNamespace(database=sqlite)))  # nothing else is looked at


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "\u0663", "9" * 12, " 7"])
def test_a_button_that_carries_no_number_is_too_old(value: str) -> None:
    with pytest.raises(Conflict, match="too old"):
        about(value)


def test_what_one_person_has_filled_in_is_nobody_elses(deeds: Deeds) -> None:
    assert deeds.draft({"draft": "d1"}, ANN) == DRAFT
    for kept, actor in (({"draft": "d1"}, BEN), ({"draft": "gone"}, ANN), ({}, ANN)):
        with pytest.raises(Conflict, match="too old"):
            deeds.draft(kept, actor)


def test_only_what_was_seen_is_sent_and_a_dry_run_never(deeds: Deeds) -> None:
    with pytest.raises(Conflict, match="has changed since this preview"):
        deeds.send({"draft": "d1", "seen": "of-another-preview"}, ANN)
    dry = deeds.draft({"draft": "d2"}, ANN)
    with pytest.raises(Conflict, match="nothing is made"):
        deeds.send({"draft": "d2", "seen": dry.digest}, ANN)
