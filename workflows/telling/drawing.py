"""What a message shows now, out of the rows that it is about."""

from data.idp import Idp
from data.ports.chat import Card, Notice
from data.store import grants, requests, workspaces
from data.store.database import Store
from data.store.grants import Grant
from data.store.messages import Message
from workflows.access.extending import extensions
from workflows.digests.showing import digest_card
from workflows.telling.cards import AlarmCard, GrantCard, ReviewCard
from workflows.telling.manners import MANNERS
from workflows.telling.workspace_cards import request_card, workspace_card
from workflows.templates.telling import template_card


def drawn(idp: Idp, store: Store, message: Message) -> Card | None:
    """The card for a message; None when what it was about is gone."""
    if message.kind in {"text", "alarm", "template"}:
        return _worded(idp, message)
    if message.kind in MANNERS:
        return digest_card(idp, store, message.kind, message.subject)
    if message.kind in {"workspace", "workspace-ending"}:
        row = workspaces.load(store, message.subject)
        return workspace_card(idp, row, ending=message.kind == "workspace-ending")
    view = requests.view(store, message.subject)
    if message.kind == "request":
        person = message.place if message.place.startswith("user:") else ""
        return request_card(idp, store, view, person) if view else None
    grant = grants.load(store, message.subject)
    if grant is None or view is None:
        return None
    return ReviewCard(view, grant, grant.nags) if message.kind == "review" else _grant_card(idp, grant)


def _worded(idp: Idp, message: Message) -> Card | None:
    """What says in its own text what it is about."""
    if message.kind == "template":
        return template_card(idp, message.text)
    return Notice(message.text) if message.kind == "text" else AlarmCard(message.text)


def _grant_card(idp: Idp, grant: Grant) -> GrantCard:
    ending = grant.warned_at is not None and grant.state == "active"
    return GrantCard(grant, ending=ending, extend_seconds=extensions(idp, grant) if ending else ())
