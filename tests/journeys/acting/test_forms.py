"""Asking by the form: type-ahead, faults in place, a preview, and what was never offered."""

import copy

import pytest

from tests.journeys.acting.acme import CHECKOUT, Acme

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both


def test_by_the_form_with_type_ahead_faults_in_place_and_a_preview(acme: Acme) -> None:
    assert acme.slack.command("cara", "general", "/idp access").status == 200
    modal = acme.modal("cara")
    offered = acme.slack.suggest("cara", modal, "field:target", "chec")
    assert [one["value"] for one in offered] == [CHECKOUT]
    filled = {"field:target": CHECKOUT, "field:duration": "1h", "field:reason": "   "}
    assert "Say why" in str(acme.slack.submit("cara", filled).errors)
    sent = acme.slack.submit("cara", {"field:reason": "INC-9 because"})
    assert sent.answer["response_action"] == "push"
    assert "Waits" not in str(sent.answer)
    assert "2 people of owners and platform" in str(sent.answer)
    assert acme.requests() == []
    assert acme.slack.submit("cara").answer == {"response_action": "clear"}
    assert [one.reason for one in acme.requests()] == ["INC-9 because"]


def test_a_form_that_is_delivered_twice_is_one_request(acme: Acme) -> None:
    acme.slack.command("cara", "general", "/idp access cart prod")
    acme.modal("cara")
    acme.slack.submit("cara", {"field:duration": "1h", "field:reason": "why"})
    sent = acme.slack.submit("cara")
    acme.slack.deliveries.interaction(sent.payload)
    assert len(acme.requests()) == 1


@pytest.mark.parametrize("length", ["10000h", "2h", "-1", "1e9", "NaN", ""])
def test_lengths_that_were_never_offered_are_faults_and_nothing_is_kept(acme: Acme, length: str) -> None:
    acme.slack.command("cara", "general", "/idp access cart prod")
    modal = acme.modal("cara")
    sent = acme.slack.submit("cara", {"field:duration": "1h", "field:reason": "why"})
    forged = copy.deepcopy(sent.payload)
    block = next(b["block_id"] for b in modal.body["blocks"] if b["block_id"].startswith("f:duration"))
    forged["view"]["state"]["values"][block]["field:duration"]["selected_option"]["value"] = length
    again = acme.slack.deliveries.interaction(forged)
    assert again.answer["response_action"] == "errors"
    assert acme.requests() == []
