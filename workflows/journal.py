"""What every transition does besides its own rows: show it, enqueue what follows, write it down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.idp import Idp
from data.store import audit, messages
from data.store.database import Store
from data.store.requests import Request
from workflows.telling.homes import concerned_by
from workflows.telling.manners import manner_of

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the person (canonical reference of a User entity) and, for the audit, the Slack id they used.

    `slack_id` is "" in a terminal; the person "system" is the house itself.
    """

    person: str
    slack_id: str = ""


HOUSE = Actor(SYSTEM)


def show(  # what people see: a card, drawn from the rows at the moment of delivery
    idp: Idp, store: Store, *, key: str, kind: str, subject: int, place: str, thread_of: str = "", text: str = ""
) -> bool:
    """Have a message posted once for this key; nothing without a place. Whether this call has written it."""
    if not place:
        return False
    id = messages.write(
        store, idp.now(), key=key, kind=kind, subject=subject, place=place, thread_of=thread_of, text=text
    )
    if id is not None:
        manner = manner_of(kind)
        idp.engine.enqueue(store, manner.work, f"deliver:{id}:1", id, delay=manner.after)
        concerned_by(idp, store, kind, subject)
    return id is not None


def redraw(idp: Idp, store: Store, kind: str, subject: int) -> None:
    """The rows behind these messages have changed."""
    for id, wanted in messages.touch(store, idp.now(), kind, subject):
        idp.engine.enqueue(store, manner_of(kind).work, f"deliver:{id}:{wanted}", id)
    concerned_by(idp, store, kind, subject)


def write_down(store: Store, now: datetime, what: str, actor: Actor, request: Request, **detail: Any) -> None:
    """One audit row about a request. Last in its transaction: see `data.store.audit.append`."""
    facts = {
        "action": request.action,
        "title": request.title,
        "environment": request.environment,
        "requester": request.requester,
        "beneficiary": request.beneficiary,
        "rule": request.rule,
        "parameters": request.parameters,
        "fingerprint": request.fingerprint,
        **detail,
    }
    audit.append(store, entry(what, actor, request.target, request.id, facts), now)


def entry(
    what: str, actor: Actor, target: str = "", request: int = 0, detail: Mapping[str, Any] | None = None
) -> audit.Entry:
    """An audit entry of an actor."""
    return audit.Entry(what, actor.person, actor.slack_id, target, request, detail or {})


def channel_key(request: int) -> str:
    """The key of the card in the channel, in whose thread a run tells of itself."""
    return f"request:{request}:channel"


def name_of(idp: Idp, person: str) -> str:
    """What people call a person, "the house" for the house itself."""
    if person == SYSTEM:
        return "the house"
    entity = idp.catalog.snapshot.get(person)
    if entity is None:
        return person
    return str(entity.details().get("profile", {}).get("displayName", "")) or entity.label
