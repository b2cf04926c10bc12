"""Slack's user groups as groups of the catalog, asked of the local Slack over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.playground.people import Company, Person, UserGroup, default_company
from data.catalog.live import Catalog
from data.catalog.report import Report
from data.catalog.sources.files import FilesSource
from data.catalog.sources.slack_groups import SlackGroupsSource
from data.catalog.sync import sync
from data.store.addresses import people_by_address
from data.store.database import Database
from tests.conftest import Clock

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
        source = SlackGroupsSource("slack", slack.api_url, token or slack.bot_token, self.resolve)
        return sync(self.database, source, now=self.clock)

    def resolve(self, emails: Mapping[str, str]) -> tuple[Mapping[str, str], Sequence[str]]:
        with self.database.reading() as store:
            by_address = people_by_address(store)
        return {id: by_address[email] for id, email in emails.items() if email in by_address}, []

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
