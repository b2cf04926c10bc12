"""The entries of idp.yaml for directories of people: their shape, and the source that each of them makes."""

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.settings.source_entries import ApiUrl, BackstageEntry, Name, Variable

if TYPE_CHECKING:  # they bring an HTTP client along, which most installs do not need
    from data.catalog.sources.okta import OktaSource
    from data.catalog.sources.slack_groups import SlackGroupsSource
    from data.store.database import Database
    from data.store.people import Binding


log = logging.getLogger("idp")

_OF_PEOPLE = re.compile(r"\s*kind=(?:user|group)\s*(?:,.*)?", re.IGNORECASE).fullmatch


def organisation(value: str) -> str:
    """Only the host counts: the paths are Okta's."""
    if value.count("/") > 2:
        raise ValueError("the address of the organisation alone, such as https://acme.okta.com")
    return value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OktaEntry(_Entry):
    """An Okta organisation; `groups` are patterns of names (`team-*`), none takes all groups."""

    name: Name
    type: Literal["okta"]
    url: Annotated[ApiUrl, AfterValidator(organisation)]
    token_env: Variable = "OKTA_TOKEN"  # noqa: S105  # the name of the variable, not the token
    groups: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)

    def source(self) -> "OktaSource":
        """What it makes; the token is read from the environment now."""
        from data.catalog.sources.okta import OktaSource

        token = os.environ.get(self.token_env, "")
        return OktaSource(self.name, self.url, token, self.token_env, tuple(self.groups))


class SlackGroupsEntry(_Entry):
    """The user groups of the workspace, read with the bot's own token."""

    name: Name
    type: Literal["slack-groups"]

    def source(
        self, url: str, token: str, database: "Database", now: Callable[[], datetime]
    ) -> "SlackGroupsSource":
        """What it makes; its members are looked up in the catalog when it is synced."""
        from data.catalog.sources.slack_groups import SlackGroupsSource

        return SlackGroupsSource(self.name, url, token, partial(_known, database, now, self.name))


def is_directory(entry: object) -> bool:
    """Whether an entry tells people and nothing else: Okta, or a Backstage asked for users and groups alone."""
    if isinstance(entry, BackstageEntry):
        return bool(entry.filters) and all(_OF_PEOPLE(each) for each in entry.filters)
    return isinstance(entry, OktaEntry)


def _known(
    database: "Database", now: Callable[[], datetime], source: str, emails: Mapping[str, str]
) -> tuple[Mapping[str, str], Sequence[str]]:
    """The people of the catalog by account: whoever acted before is who they were then, others have an address.

    Accounts that are not believed are an alarm, which the audit keeps once for each.
    """
    from data.store.addresses import people_by_address
    from data.store.alarms import raise_once
    from data.store.audit import Entry
    from data.store.people import bindings
    from workflows.journal import SYSTEM

    with database.reading() as store:
        by_address, bound = people_by_address(store), bindings(store)
    people, doubted = believed(emails, by_address, bound)
    prefix = f"identity:{source}:"
    alarms = {
        f"{prefix}{one.account}:{one.email}": Entry(
            "identity.doubted", SYSTEM, one.account, one.person, detail={"email": one.email, "source": source}
        )
        for one in doubted
    }
    with database.store() as store:
        for entry in raise_once(store, alarms, prefix, now()):
            log.error("%s: the account %s claims to be %s", entry.what, entry.slack_id, entry.target)
    return people, [_sentence(one) for one in doubted]


def _sentence(one: "Binding") -> str:
    return f"The address of the account {one.account} is not the one that has proved to be {one.person}."


def believed(
    emails: Mapping[str, str], by_address: Mapping[str, str], bound: "Sequence[Binding]"
) -> tuple[Mapping[str, str], "Sequence[Binding]"]:
    """Who each account is, and those that `bot.slack.who.identity` would refuse, with what they claim.

    `emails` are the confirmed addresses by account, in lower case as those of `by_address`.
    """
    from data.store.people import Binding

    of_account = {one.account: one for one in bound}
    of_person: dict[str, list[Binding]] = {}
    for one in bound:
        of_person.setdefault(one.person, []).append(one)
    people: dict[str, str] = {}
    doubted = []
    for account, email in emails.items():
        known = of_account.get(account)
        person = known.person if known else by_address.get(email, "")
        proved = {one.email for one in ([known] if known else of_person.get(person, ()))}
        if proved - {email}:
            doubted.append(Binding(account, person, email))
        elif person:
            people[account] = person
    return people, doubted
