"""Who may decide: by the person, the policy and the card of this very moment."""

import copy
from datetime import timedelta
from typing import Any, cast

import pytest

from data.catalog.snapshot import Snapshot
from data.store.people import Binding, bind
from tests.journeys.acting.acme import Acme, catalog, shown

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both


def test_denied_with_a_reason_that_the_requester_reads_and_that_can_do_no_harm(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    assert acme.press("ben", card, "Deny…") == 200
    acme.modal("ben")
    assert acme.slack.submit("ben", {"field:reason": "<!channel> use <https://evil|staging>"}).status == 200
    denied = acme.becomes(number, "*Denied* by ben")
    assert "<!channel>" not in shown(denied)
    assert "<https://evil" not in shown(denied)
    assert "Approve" not in shown(denied)
    told = acme.until(lambda: [m for m in acme.seen("cara", "dm") if "denied" in m.text])
    assert "use" in shown(told[-1])


def test_an_old_card_repairs_itself_and_says_who_decided(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    acme.press("ben", card, "Approve")
    acme.becomes(number, "Request done")
    said = acme.said("ann", "Approve", card)
    assert "already decided by ben: approved" in said
    assert len(acme.audited("request.approved")) == 1


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("cara", "own request"),
        ("raj", "not among those who may approve"),
        ("pia", "not among those who may approve"),
        ("gus", "Guests"),
        ("sam", "other workspaces"),
    ],
)
def test_who_may_not_approve_is_refused_with_the_reason(acme: Acme, who: str, why: str) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert why in acme.said(who, "Approve", acme.card(number))
    assert acme.state(number) == "pending"


def test_being_in_the_channel_gives_no_right_and_leaving_the_team_takes_it(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    acme.house.catalog.snapshot = catalog(ben="platform")
    assert "not among those who may approve" in acme.said("ben", "Approve", card)
    assert acme.state(number) == "pending"
    assert [row["detail"]["code"] for row in acme.audited("request.refused")] == ["not_an_approver"]


def test_a_card_whose_button_was_changed_is_refused(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    forged = copy.deepcopy(acme.slack.press("raj", card, "Approve").payload)
    forged["user"] = acme.slack.press("ben", card, "I’m looking").payload["user"]
    forged["actions"][0]["value"] = f"{number} {'0' * 32}"
    acme.slack.deliveries.interaction(forged)
    acme.settled()
    assert acme.state(number) == "pending"
    assert "changed" in [row["detail"].get("code") for row in acme.audited("request.refused")]


@pytest.mark.parametrize("value", ["", "x", "-1 a", "1e9 a", "99999999999999999999 a", "1", "' or 1=1 --"])
def test_buttons_that_no_card_of_ours_has_change_nothing(acme: Acme, value: str) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    forged = copy.deepcopy(acme.slack.press("ben", card, "I’m looking").payload)
    forged["actions"][0] |= {"action_id": "do:approve:0:0", "value": value}
    assert acme.slack.deliveries.interaction(forged).status == 200
    acme.settled()
    if value != "1":  # a number alone claims nothing, and is the present state
        assert acme.state(number) == "pending"


def test_a_delegate_decides_in_the_place_of_the_holder(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert "may approve in your place" in acme.ask("ben", "delegate @dev until in 2 d").text
    assert "not among those" in acme.said("raj", "Approve", acme.card(number))
    acme.press("dev", acme.card(number), "Approve")
    acme.becomes(number, "*Approved* by dev")


def test_a_request_that_nobody_decides_expires_and_can_be_decided_no_more(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    late = acme.idp.now() + timedelta(hours=9)
    object.__setattr__(acme.house.idp, "now", lambda: late)
    assert "expired" in acme.said("ben", "Approve", card)
    assert acme.state(number) != "approved"


def test_what_another_replica_has_bound_an_account_to_meanwhile_counts(acme: Acme) -> None:
    class Meanwhile:
        """This catalog; another replica, which has another one, binds the account while it is asked here."""

        def __init__(self, snapshot: Any) -> None:
            self._snapshot = snapshot

        def __getattr__(self, name: str) -> Any:
            return getattr(self._snapshot, name)

        def resolve(self, *asked: Any) -> Any:
            if asked[0] == "ben@acme.example":
                with acme.idp.database.store() as store:
                    account = acme.slack.core.workspace.person("ben").id
                    bind(store, Binding(account, "user:default/dev", "ben@acme.example"), acme.idp.now())
            return self._snapshot.resolve(*asked)

    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.house.catalog.snapshot = cast("Snapshot", Meanwhile(catalog()))
    assert "not among those" in acme.said("ben", "I’m looking", acme.card(number))


def test_an_account_whose_address_changes_is_refused_and_written_down(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    assert "looking" in acme.said("ben", "I’m looking", card)
    known = acme.idp.chat.identities.people._known  # type: ignore[attr-defined]  # it is Slack's here
    known.update({account: (until - 61, person) for account, (until, person) in known.items()})  # a minute ago
    object.__setattr__(acme.slack.core.workspace.person("ben"), "email", "mallory@acme.example")
    assert "not clear who you are" in acme.said("ben", "Approve", card)
    assert acme.audited("identity.changed")
    assert acme.state(number) == "pending"
    alarm = acme.until(lambda: [m for m in acme.seen("pia", "platform") if "has changed" in m.text])
    assert "user:default/ben" in alarm[0].text
    assert f"idp identity {acme.slack.core.workspace.person('ben').id} --forget" in alarm[0].text
    assert acme.said("ben", "Approve", card)
    assert len([m for m in acme.seen("pia", "platform") if "has changed" in m.text]) == 1


def test_another_address_in_the_directory_is_an_alarm_once_and_not_another_person(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    acme.said("ben", "I’m looking", card)
    acme.house.catalog.snapshot = catalog(renamed="ben")
    assert "looking" in acme.said("ben", "I’m looking", card)
    assert "looking" in acme.said("ben", "I’m looking", card)
    (row,) = acme.audited("identity.moved")
    assert row["detail"]["email"] == "ben.elder@acme.example"
    dev = acme.slack.core.workspace.person("dev")
    object.__setattr__(dev, "email", "ben.elder@acme.example")
    assert "Another address has proved" in acme.said("dev", "Approve", card)
    assert [claim["slack_id"] for claim in acme.audited("identity.claimed")] == [dev.id]
    acme.house.catalog.snapshot = Snapshot.build([])
    assert "does not know you any more" in acme.said("ben", "Approve", card)
    assert acme.state(number) == "pending"


def test_strangers_and_foreign_apps_are_refused_and_written_down_once(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    for _ in range(2):
        assert "Guests" in acme.said("gus", "Approve", card)
        assert "Guests" in acme.ask("gus", "who-owns cart").text
    payload = acme.slack.press("ben", card, "I’m looking").payload
    for ours, theirs in (("api_app_id", "A0STAGING"), ("team", {"id": "T0ELSEWHERE"})):
        for _ in range(2):
            assert acme.slack.deliveries.interaction(payload | {ours: theirs}).status == 403
    rows = acme.audited("door.refused")
    assert [(row["slack_id"], row["detail"]["code"]) for row in rows] == [
        (acme.slack.core.workspace.person("gus").id, "not_admitted"),
        (payload["user"]["id"], "foreign"),
        (payload["user"]["id"], "foreign"),
    ]
    assert acme.state(number) == "pending"
