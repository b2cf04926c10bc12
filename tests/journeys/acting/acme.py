"""Acme in small, at work: people in the local Slack, and what they ask for, agree to and are given."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import data
from bot.playground import LocalSlack, Message
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import audit, requests
from tests.journeys.conftest import unfinished
from tests.waiting import PATIENT
from tests.workflows.house import NOTES, House, entity, group, person
from workflows.works import Ticker

COMPANY = Path(data.__path__[0]) / "demo" / "people.yaml"
CHECKOUT, CART = "component:default/checkout", "component:default/cart"
PAYMENTS = "group:default/team-payments"
OURS = {PAYMENTS: "ownedBy"}
TEAMS = {
    "team-payments": ("ann", "ben"),
    "team-identity": ("cara", "dev"),
    "platform": ("pia", "max"),
    "team-fulfilment": ("raj",),
}


def catalog(renamed: str = "", **moved: str) -> Snapshot:
    """Acme in small; `ben="platform"` puts Ben into another team, `ben=""` takes him out of all.

    `renamed` is somebody whose address is another one now.
    """
    where = {name: team for team, names in TEAMS.items() for name in names} | moved
    people = [
        person(f"user:default/{name}", *([f"group:default/{team}"] if team else []))
        for name, team in where.items()
    ]
    people = [
        one._replace(detail=one.detail.replace(f"{renamed}@", f"{renamed}.elder@")) if renamed else one
        for one in people
    ]
    things = [
        entity(CHECKOUT, OURS, owner=PAYMENTS, detail={"labels": {"tier": "1"}, "annotations": NOTES}),
        entity(CART, OURS, owner=PAYMENTS, detail={"labels": {"tier": "2"}}),
    ]
    return Snapshot.build([*things, *people, *(group(name) for name in ("acme", *TEAMS))])


@dataclass
class Acme:
    """The company at work: a house that acts, a Slack that shows it."""

    house: House
    slack: LocalSlack
    idp: Idp
    ticker: Ticker

    def ask(self, who: str, words: str, channel: str = "general") -> Message:
        """Ask; gives the answer that this person sees."""
        before = {m.ts for m in self.seen(who, channel)}
        assert self.slack.command(who, channel, f"/idp {words}").status == 200
        answer: Message = self.until(lambda: self._whispered(who, channel, before))[-1]
        return answer

    def request(self, who: str, words: str) -> int:
        """Ask for access in words and send the preview; gives the number of the request."""
        before = {one.id for one in self.requests()}
        assert self.press(who, self.ask(who, words), "Send") == 200
        return int(self.until(lambda: [one.id for one in self.requests() if one.id not in before])[0])

    def card(self, number: int, who: str = "ben", channel: str = "team-payments") -> Message:
        """The card of a request as it stands there now, as a copy that does not change any more."""
        found: list[Message] = self.until(
            lambda: [m for m in self.slack.messages(channel, seen_by=who) if f"#{number}" in m.text]
        )
        return copy.deepcopy(found[0])

    def press(self, who: str, message: Message, button: str) -> int:
        """Press a button and wait until it is done; gives the HTTP status of the acknowledgement."""
        status = self.slack.press(who, message, button).status
        self.settled()
        return status

    def settled(self) -> None:
        """Until everything that Slack told the bot has been done."""
        self.until(lambda: not self.waiting())

    def waiting(self) -> bool:
        """Whether anything that Slack told the bot has not been done."""
        return bool(unfinished(self.idp))

    def said(self, who: str, button: str, message: Message, channel: str = "team-payments") -> str:
        """What somebody alone reads after pressing a button."""
        before = {m.ts for m in self.seen(who, channel)}
        assert self.press(who, message, button) == 200
        return str(self.until(lambda: self._whispered(who, channel, before))[-1].text)

    def _whispered(self, who: str, channel: str, before: set[str]) -> list[Message]:
        return [m for m in self.seen(who, channel) if m.ts not in before and m.only_for]

    def modal(self, who: str) -> Any:
        """The modal that somebody looks at, as soon as there is one."""

        def look() -> Any:
            try:
                return self.slack.modal(who)
            except LookupError:
                return None

        return self.until(look)

    def becomes(self, number: int, text: str, who: str = "ben", channel: str = "team-payments") -> Message:
        """Wait until the card says this."""
        card: Message = self.until(lambda: (c := self.card(number, who, channel)) and text in shown(c) and c)
        return card

    def seen(self, who: str, channel: str) -> list[Message]:
        return [copy.deepcopy(m) for m in self.slack.messages(channel, seen_by=who)]

    def requests(self) -> list[Any]:
        with self.idp.database.reading() as store:
            return requests.find(store)

    def state(self, number: int) -> str:
        return str(next(one.state for one in self.requests() if one.id == number))

    def audited(self, what: str) -> list[dict[str, Any]]:
        with self.idp.database.reading() as store:
            return [record.decoded() for record in audit.records(store) if record.what == what]

    def until(self, look: Callable[[], Any], seconds: float = PATIENT) -> Any:
        return self.slack.wait(look, seconds)


def shown(message: Message) -> str:
    """Everything that a message shows, buttons included."""
    return f"{message.text} {message.blocks}"
