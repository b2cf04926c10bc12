"""Slack's user groups as groups of the catalog, asked of the local Slack over HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.playground import LocalSlack
from bot.playground.people import Company, Person, UserGroup, default_company
from bot.settings.people_entries import SlackGroupsEntry
from data.catalog.live import Catalog
from data.catalog.sources.files import FilesSource
from data.catalog.sources.slack_groups import SlackGroupsSource
from data.catalog.syncing.report import Report
from data.catalog.syncing.sync import sync
from data.store import audit
from data.store.catalog import load_problems
from data.store.database import Database
from data.store.people import Binding, bind
from tests.conftest import Clock
from tests.fakes.api import Answer, FakeApi

SCOPES = {"usergroups:read", "users:read", "users:read.email"}
PEOPLE = """\
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: erin}
spec: {memberOf: [], profile: {email: Erin@acme.example}}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: lee}
spec: {memberOf: [], profile: {email: lee@acme.example}}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: kim}
spec: {memberOf: []}
"""


def company(*members: str) -> Company:
    known = default_company()
    odd = (
        Person("U0GUESTIN", "guest-in", "Gus Guest", "gus@acme.example", kind="guest"),
        Person("U0GONE", "gone", "Lee Gone", "lee@acme.example", kind="deleted"),
    )
    people = [*(one for one in known.people if one.name not in {each.name for each in odd}), *odd]
    return Company(people, known.places, (UserGroup("S0PAY", "payments-oncall", "Payments on call", members),))


@dataclass
class House:
    database: Database
    clock: Clock

    def sync(self, slack: LocalSlack, token: str = "") -> Report:
        entry = SlackGroupsEntry(name="slack", type="slack-groups")
        source = entry.source(slack.api_url, token or slack.bot_token, self.database, self.clock)
        return sync(self.database, source, now=self.clock)

    def bind(self, account: str, person: str, email: str) -> None:
        with self.database.store() as store:
            assert bind(store, Binding(account, person, email), self.clock())

    def problems(self) -> list[str]:
        with self.database.reading() as store:
            return [problem.message for _, problem in load_problems(store)]

    def audited(self) -> list[dict[str, Any]]:
        with self.database.reading() as store:
            return [record.decoded() for record in audit.records(store)]

    def members(self) -> list[str]:
        catalog = Catalog(self.database)
        catalog.refresh()
        links = catalog.snapshot.links("group:slack/payments-oncall")
        return sorted(link.ref for link in links if link.type == "hasMember" and link.entity)


@pytest.fixture
def house(database: Database, clock: Clock, tmp_path: Path) -> House:
    (tmp_path / "catalog-info.yaml").write_text(PEOPLE)
    sync(database, FilesSource("acme", tmp_path), now=clock)
    return House(database, clock)


def test_members_are_the_people_with_the_confirmed_addresses(house: House) -> None:
    with LocalSlack(company=company("U0ENGINEER", "U0TEAMLEAD", "U0GUESTIN", "U0GONE"), scopes=SCOPES) as slack:
        report = house.sync(slack)
    assert (report.added, report.error) == (["group:slack/payments-oncall"], "")
    assert house.members() == ["user:default/erin", "user:default/lee"]


def test_people_of_every_page_are_members(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.catalog.sources.slack_groups.PAGE", "1")
    with LocalSlack(company=company("U0ENGINEER", "U0TEAMLEAD"), scopes=SCOPES) as slack:
        house.sync(slack)
    assert house.members() == ["user:default/erin", "user:default/lee"]


def test_only_confirmed_members_of_our_workspace_in_groups_that_are_ours_and_there() -> None:
    def group(handle: str, **more: Any) -> dict[str, Any]:
        return {"id": f"S-{handle}", "handle": handle, "name": handle, "users": ["U1", "U2", "U3"]} | more

    def user(id: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "team_id": "T1", "profile": {"email": f"{id}@acme.example"}} | more

    answers: dict[str, Any] = {
        "/auth.test": {"team_id": "T1"},
        "/usergroups.list": {
            "usergroups": [group("pay"), group("gone", date_delete=1), group("theirs", is_external=True)]
        },
        "/users.list": {"members": [user("U1"), user("U2", is_email_confirmed=False), user("U3", team_id="T2")]},
    }

    def resolved(emails: Mapping[str, str]) -> tuple[Mapping[str, str], list[str]]:
        return {id: f"user:default/{email}" for id, email in emails.items()}, []

    with FakeApi(respond=lambda call: Answer(200, {"ok": True, **answers[call.path]})) as api:
        found = list(SlackGroupsSource("slack", api.url, "xoxb-1", resolved).tell({}))
    (file,) = found
    assert file.path == "group/slack/pay"
    assert json.loads(file.content or b"")["spec"]["members"] == ["user:default/u1@acme.example"]


def test_whoever_acted_before_is_that_person_though_the_catalog_names_the_address_for_another(
    house: House,
) -> None:
    house.bind("U0ENGINEER", "user:default/kim", "erin@acme.example")
    with LocalSlack(company=company("U0ENGINEER"), scopes=SCOPES) as slack:
        assert house.sync(slack).problems == 0
    assert house.members() == ["user:default/kim"]


@pytest.mark.parametrize(
    ("account", "email"),
    [("U0ENGINEER", "erin@former.example"), ("U0OTHER", "erin@former.example")],
    ids=["an account whose address has changed", "a person whom another address has proved"],
)
def test_who_would_be_refused_to_act_is_no_member_and_that_is_said(house: House, account: str, email: str) -> None:
    house.bind(account, "user:default/erin", email)
    with LocalSlack(company=company("U0ENGINEER", "U0TEAMLEAD"), scopes=SCOPES) as slack:
        assert house.sync(slack).problems == 1
    assert house.members() == ["user:default/lee"]
    (told,) = house.problems()
    assert "U0ENGINEER" in told
    assert "user:default/erin" in told
    assert "@" not in told


def test_an_account_that_is_not_believed_is_an_alarm_in_the_audit_once(house: House) -> None:
    house.bind("U0ENGINEER", "user:default/erin", "erin@former.example")
    with LocalSlack(company=company("U0ENGINEER", "U0TEAMLEAD"), scopes=SCOPES) as slack:
        house.sync(slack)
        house.sync(slack)
    (row,) = house.audited()
    assert (row["what"], row["actor"], row["slack_id"]) == ("identity.doubted", "system", "U0ENGINEER")
    assert row["target"] == "user:default/erin"


def test_a_deactivated_account_proves_nobody(house: House) -> None:
    with LocalSlack(company=company("U0GONE", "U0GUESTIN"), scopes=SCOPES) as slack:
        house.sync(slack)
    assert house.members() == []


def test_without_its_scopes_it_says_which_it_needs(house: House) -> None:
    with LocalSlack(company=company("U0ENGINEER"), scopes={"users:read"}) as slack:
        error = house.sync(slack).error
    assert "missing_scope" in error
    assert "usergroups:read" in error


def test_a_refused_token_changes_nothing_and_is_not_said(house: House) -> None:
    with LocalSlack(company=company("U0ENGINEER"), scopes=SCOPES) as slack:
        house.sync(slack)
        error = house.sync(slack, "xoxb-canary-wrong").error
    assert "invalid_auth" in error
    assert "canary" not in error
    assert house.members() == ["user:default/erin"]


def test_a_slack_that_is_down_changes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with LocalSlack(company=company("U0ENGINEER"), scopes=SCOPES) as slack:
        house.sync(slack)
    assert house.sync(slack).error
    assert house.members() == ["user:default/erin"]
