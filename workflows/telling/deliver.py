"""Showing people what is to be shown: the card is drawn from the rows now, posted once, then updated in place.

Chat being away costs nothing but time: messages wait as rows, and nothing else waits for them.
"""

from datetime import timedelta

from data.errors import NotFound, Unavailable, UserError
from data.idp import Idp
from data.ports.chat import Card, Notice, Posted
from data.store import grants, messages, requests, workspaces
from data.store.database import Store
from data.store.grants import Grant
from data.store.messages import Message
from workflows.access.extending import extensions
from workflows.authority import current
from workflows.telling.cards import AlarmCard, GrantCard, ReviewCard
from workflows.telling.places import platform_channel
from workflows.telling.workspace_cards import request_card, workspace_card
from workflows.templates.telling import template_card

LONGEST_WAIT = 120.0
GIVE_UP = 10_000  # tries; two weeks without chat
CLAIM = timedelta(seconds=60)  # longer than chat may take to answer


def deliver(idp: Idp, id: int) -> None:
    """The work "deliver": make people see the newest version of one message."""
    if not _mine(idp, id):
        return
    with idp.database.reading() as store:
        message = messages.load(store, id)
        card = _card(idp, store, message) if message else None
        thread = messages.by_key(store, message.thread_of) if message and message.thread_of else None
    if message is None or card is None:
        return
    try:
        posted = _show(idp, message, card, thread)
    except NotFound as error:
        _elsewhere(idp, message, error)
    except UserError as error:
        _later(idp, message, error)
    else:
        _shown(idp, message, posted)


def _mine(idp: Idp, id: int) -> bool:
    """Claim a message that is due, so that it is posted once; who comes too early comes again."""
    now = idp.now()
    with idp.database.store() as store:
        message = messages.load(store, id)
        if message is None or message.shown >= message.wanted:
            return False
        if messages.claim(store, id, now, now + CLAIM):
            return True
        until = message.claimed_until or now
        name = f"deliver:{id}:after:{int(until.timestamp())}"
        idp.engine.enqueue(store, "deliver", name, id, delay=max(0.1, (until - now).total_seconds()))
        return False


def _shown(idp: Idp, message: Message, posted: Posted) -> None:
    with idp.database.store() as store:
        if messages.shown(store, message.id, message.wanted, posted.channel, posted.ts):
            return
        newest = messages.load(store, message.id)
        wanted = newest.wanted if newest else message.wanted + 1
        idp.engine.enqueue(store, "deliver", f"deliver:{message.id}:{wanted}:again", message.id)


def _show(idp: Idp, message: Message, card: Card, thread: Message | None) -> Posted:
    if message.posted:
        posted = Posted(message.posted_channel, message.posted_ts)
        idp.chat.update(posted, card)
        return posted
    if message.place.startswith("user:"):
        return idp.chat.dm(message.place, card)
    if thread and not thread.posted and thread.next_at is not None:
        raise Unavailable("The message to answer is not posted yet.")
    where = thread.posted_channel if thread and thread.posted else message.place
    return idp.chat.post(where, card, thread.posted_ts if thread and thread.posted else "")


def _card(idp: Idp, store: Store, message: Message) -> Card | None:
    """What a message shows now; None when what it was about is gone."""
    if message.kind in {"text", "alarm"}:
        return Notice(message.text) if message.kind == "text" else AlarmCard(message.text)
    if message.kind == "template":
        return template_card(idp, message.text)
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


def _grant_card(idp: Idp, grant: Grant) -> GrantCard:
    ending = grant.warned_at is not None and grant.state == "active"
    return GrantCard(grant, ending=ending, extend_seconds=extensions(idp, grant) if ending else ())


def _later(idp: Idp, message: Message, error: UserError) -> None:
    wait = min(LONGEST_WAIT, 2.0 ** min(message.tries, 12))
    tries, now = message.tries + 1, idp.now()
    over = tries >= GIVE_UP
    with idp.database.store() as store:
        again = None if over else now + timedelta(seconds=wait)
        messages.later(store, message.id, error=error.message, next_at=again)
        if not over:
            id = f"deliver:{message.id}:{message.wanted}:{tries}"
            idp.engine.enqueue(store, "deliver", id, message.id, delay=wait)


def _elsewhere(idp: Idp, message: Message, error: NotFound) -> None:
    """The channel is gone or archived: the platform's channel hears instead; after that nobody."""
    place = platform_channel(idp, current(idp))
    known = bool(place) and place not in {message.place, message.posted_channel}
    with idp.database.store() as store:
        next_at = idp.now() if known else None
        messages.later(store, message.id, place=place if known else "", error=error.message, next_at=next_at)
        if known:
            idp.engine.enqueue(store, "deliver", f"deliver:{message.id}:{message.wanted}:moved", message.id)
