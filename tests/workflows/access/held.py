"""Access that is held, in a system that has its moods, and what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass

from data.errors import Unavailable
from data.integrations.access_fake import FakeAccess
from data.ports.access import Entitlement
from data.store import audit, grants, messages
from data.store.grants import Grant
from tests.workflows.house import BEN, House
from workflows.requests.request import Actor, decide
from workflows.requests.run import run


@dataclass
class MoodyAccess(FakeAccess):
    """An access system that is sometimes away, and sometimes only says that it did it."""

    away: bool = False
    lies: bool = False
    broken: bool = False
    meanwhile: Callable[[], object] = lambda: None  # what happens while access is being given

    def grant(self, access: Entitlement) -> None:
        self._answer()
        self.meanwhile()
        super().grant(access)

    def revoke(self, access: Entitlement) -> None:
        self._answer()
        if self.broken:
            raise RuntimeError("a bug in the adapter")
        if not self.lies:
            super().revoke(access)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("The access system does not answer.")


def given(house: House, duration: str = "30m") -> int:
    """Ann's access to checkout, asked for, agreed to and given."""
    asked = house.submit("prod-access", duration=duration)
    decide(house.idp, asked.id, Actor(BEN), True)
    run(house.idp, asked.id, 1)
    return int(asked.id)


def grant_of(house: House, id: int) -> Grant:
    with house.idp.database.reading() as store:
        grant = grants.load(store, id)
    assert grant
    return grant


def end_arranged(house: House, id: int) -> bool:
    """Whether the engine has the revocation at the end of a grant, or its next try."""
    grant = grant_of(house, id)
    return bool(house.engine.states([f"revoke:{id}:{int(grant.due_at.timestamp() * 1000)}:{grant.tries}"]))


def audited(house: House, prefix: str = "grant.") -> list[str]:
    with house.idp.database.reading() as store:
        return [record.what for record in audit.records(store) if record.what.startswith(prefix)]


def alarms(house: House) -> list[str]:
    return _texts(house, "alarm")


def said_of_the_end(house: House) -> list[str]:
    """What the threads of the requests were told of access that is over."""
    return [text for text in _texts(house, "text") if " has ended: " in text]


def _texts(house: House, kind: str) -> list[str]:
    with house.idp.database.reading() as store:
        rows = [messages.load(store, id) for id in range(1, 60)]
    return [row.text for row in rows if row and row.kind == kind]
