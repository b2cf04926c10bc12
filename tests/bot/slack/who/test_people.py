"""Who may ask, as Slack describes people."""

from typing import Any

import pytest

from bot.playground import LocalSlack
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.who.me import Identity
from bot.slack.who.people import People, admitted
from data.errors import NotAllowed, Unavailable

ME = Identity("T1", "Acme", "https://acme.example", "UBOT", "BBOT", "A1")
GRID = Identity("T1", "Acme", "", "UBOT", "BBOT", "A1", enterprise_id="E1")
WHOLE = Identity("T1", "Acme", "", "UBOT", "BBOT", "A1", enterprise_id="E1", whole_enterprise=True)

ANN = {
    "id": "U1",
    "team_id": "T1",
    "name": "ann",
    "tz": "Europe/Berlin",
    "profile": {"display_name": "Ann", "email": "ann@acme.example"},
}


def test_a_full_member_is_admitted_with_name_and_confirmed_address() -> None:
    person = admitted(ANN, ME)
    assert (person.id, person.name, person.timezone) == ("U1", "Ann", "Europe/Berlin")
    assert person.email == "ann@acme.example"


def test_who_is_no_stranger_is_ours_where_no_workspace_is_named() -> None:
    assert admitted({"id": "U1", "name": "ann"}, ME).name == "ann"
    with pytest.raises(NotAllowed, match="other workspaces"):
        admitted({"id": "U1", "name": "ann", "is_stranger": True}, ME)


def test_an_address_that_slack_has_not_confirmed_is_not_believed() -> None:
    assert admitted(ANN | {"is_email_confirmed": False}, ME).email == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"deleted": True}, "deactivated"),
        ({"is_bot": True}, "Bots"),
        ({"is_workflow_bot": True}, "Bots"),
        ({"id": "USLACKBOT"}, "Bots"),
        ({"is_restricted": True}, "Guests"),
        ({"is_ultra_restricted": True}, "Guests"),
        ({"is_stranger": True}, "other workspaces"),
        ({"team_id": "T2"}, "other workspaces"),
        ({"team_id": None}, "other workspaces"),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T1"]}}, "other workspaces"),
        ({"id": ""}, "does not say who"),
    ],
)
def test_everybody_else_is_refused_with_the_reason(change: dict[str, Any], words: str) -> None:
    with pytest.raises(NotAllowed, match=words):
        admitted(ANN | change, ME)


@pytest.mark.parametrize(
    ("me", "grid", "allowed"),
    [
        (GRID, {"enterprise_id": "E1", "teams": ["T1", "T2"]}, True),
        (GRID, {"enterprise_id": "E1", "teams": ["T2"]}, False),
        (GRID, {"enterprise_id": "E2", "teams": ["T1"]}, False),
        (WHOLE, {"enterprise_id": "E1", "teams": ["T2"]}, True),
        (WHOLE, {"enterprise_id": "E2", "teams": ["T2"]}, False),
    ],
)
def test_in_an_organisation_its_members_are_ours(me: Identity, grid: dict[str, Any], allowed: bool) -> None:
    user = ANN | {"team_id": "T2", "enterprise_user": grid}
    if allowed:
        assert admitted(user, me).id == "U1"
    else:
        with pytest.raises(NotAllowed):
            admitted(user, me)


@pytest.fixture
def people(slack: LocalSlack, connections: Connections) -> People:
    return People(slack_client(slack.bot_token, slack.api_url, connections, retries=0))


def test_slack_is_asked_once_and_remembered(slack: LocalSlack, people: People, local: Identity) -> None:
    assert people.remembered("U0ENGINEER") is None
    assert people.person("U0ENGINEER", local).name == "engineer"
    assert people.person("U0ENGINEER", local) is people.remembered("U0ENGINEER")
    assert len(slack.calls("users.info")) == 1


def test_a_refusal_is_remembered_too(slack: LocalSlack, people: People, local: Identity) -> None:
    for _ in range(2):
        with pytest.raises(NotAllowed, match="Guests"):
            people.person("U0THEGUEST", local)
    assert people.remembered("U0THEGUEST") is None
    assert len(slack.calls("users.info")) == 1


def test_somebody_whom_slack_does_not_know_is_refused(people: People, local: Identity) -> None:
    with pytest.raises(NotAllowed, match="does not know you"):
        people.person("U0NOBODY", local)


def test_while_slack_is_down_nobody_new_is_admitted_and_it_is_asked_again(
    slack: LocalSlack, people: People, local: Identity
) -> None:
    slack.fail("users.info", error="fatal_error")
    with pytest.raises(Unavailable):
        people.person("U0ENGINEER", local)
    assert people.person("U0ENGINEER", local).name == "engineer"
