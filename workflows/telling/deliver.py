"""Showing people what is to be shown: the card is drawn from the rows now, posted once, then updated in place.

Chat being away costs nothing but time: messages wait as rows, and nothing else waits for them. A message whose
posting has begun and not ended, because a process or a connection died, is looked for where twice would be worse
than never; see `workflows.telling.manners`.
"""

from datetime import timedelta

from data.errors import Conflict, NotFound, Unavailable, UserError
from data.idp import Idp
from data.ports.chat import Card, PictureRefused, Posted, TooMany, Uncertain
from data.store import messages
from data.store.messages import Message
from workflows.authority import current
from workflows.digests.ending import given_up, leave_picture_out, was_posted
from workflows.telling.drawing import drawn
from workflows.telling.manners import manner_of
from workflows.telling.places import platform_channel

LONGEST_WAIT = 120.0
CLAIM = timedelta(seconds=60)  # longer than chat may take to answer
UNSEEN = "It may have been posted before the connection or the process broke, and the bot cannot look."


def deliver(idp: Idp, id: int) -> None:
    """The work "deliver": make people see the newest version of one message."""
    before = _mine(idp, id)
    if before is None:
        return
    with idp.database.reading() as store:
        message = messages.load(store, id)
        card = drawn(idp, store, message) if message else None
        thread = messages.by_key(store, message.thread_of) if message and message.thread_of else None
    if message is None or card is None:
        return
    try:
        posted = _found(idp, before, thread) or _show(idp, message, card, thread)
    except Uncertain as error:
        _unknown(idp, message, error)
    except NotFound as error:
        _elsewhere(idp, message, error)
    except PictureRefused as error:
        _unpictured(idp, message, error)
    except UserError as error:
        _later(idp, message, error)
    else:
        _shown(idp, message, posted)


def _mine(idp: Idp, id: int) -> Message | None:
    """Claim a message that is due, so that it is posted once; who comes too early comes again.

    Gives the message as it was before, None when it is not ours to deliver.
    """
    now = idp.now()
    with idp.database.store() as store:
        message = messages.load(store, id)
        if message is None or message.shown >= message.wanted or message.next_at is None:
            return None
        if messages.claim(store, id, now, now + CLAIM):
            return message
        until = message.claimed_until or now
        # Never the same name again: this may be the very work, come too early by an engine's clock that is ahead.
        name = f"deliver:{id}:after:{int(until.timestamp())}:{int(now.timestamp())}"
        wait = max(0.1, (until - now).total_seconds())
        idp.engine.enqueue(store, manner_of(message.kind).work, name, id, delay=wait)
        return None


def _found(idp: Idp, before: Message, thread: Message | None) -> Posted | None:
    """Where the message is, if somebody has begun to post it and did not say how that ended.

    Raises Conflict where nobody can know, and twice would be worse than never.
    """
    if before.posted or before.claimed_until is None or not manner_of(before.kind).once:
        return None
    in_thread = bool(thread and thread.posted)
    place = thread.posted_channel if thread and in_thread else before.place
    since = before.claimed_until - CLAIM
    try:
        return idp.chat.find(place, before.key, since, thread.posted_ts if thread and in_thread else "")
    except Unavailable as error:
        raise Uncertain(error.message) from None  # asked again later, and not posted meanwhile
    except UserError as error:
        raise Conflict(f"{UNSEEN} {error.message}") from None


def _shown(idp: Idp, message: Message, posted: Posted) -> None:
    with idp.database.store() as store:
        if manner_of(message.kind).once and not message.posted:
            was_posted(idp, store, message)
        if messages.shown(store, message.id, message.wanted, posted.channel, posted.ts, now=idp.now()):
            return
        newest = messages.load(store, message.id)
        wanted = newest.wanted if newest else message.wanted + 1
        name = f"deliver:{message.id}:{wanted}:again"
        idp.engine.enqueue(store, manner_of(message.kind).work, name, message.id)


def _show(idp: Idp, message: Message, card: Card, thread: Message | None) -> Posted:
    if message.posted:
        posted = Posted(message.posted_channel, message.posted_ts)
        idp.chat.update(posted, card)
        return posted
    marker = message.key if manner_of(message.kind).once else ""
    if message.place.startswith("user:") and not (thread and thread.posted and marker):
        return idp.chat.dm(message.place, card, marker)
    if thread and not thread.posted and thread.next_at is not None:
        raise Unavailable("The message to answer is not posted yet.")
    where = thread.posted_channel if thread and thread.posted else message.place
    return idp.chat.post(where, card, thread.posted_ts if thread and thread.posted else "", marker)


def _later(idp: Idp, message: Message, error: UserError) -> None:
    """Another try, after longer and longer waits, until it is given up."""
    manner = manner_of(message.kind)
    wait = min(LONGEST_WAIT, 2.0 ** min(message.tries, 12))
    wait = max(wait, error.seconds) if isinstance(error, TooMany) else wait
    tries, now = message.tries + 1, idp.now()
    over = tries >= manner.tries or (manner.once and not isinstance(error, Unavailable))
    with idp.database.store() as store:
        again = None if over else now + timedelta(seconds=wait)
        messages.later(store, message.id, error=error.message, next_at=again)
        if not over:
            name = f"deliver:{message.id}:{message.wanted}:{tries}"
            idp.engine.enqueue(store, manner.work, name, message.id, delay=wait)
        elif manner.once:
            given_up(idp, store, message, error.message)


def _unpictured(idp: Idp, message: Message, error: PictureRefused) -> None:
    """The picture gets a few tries, at growing waits; then the words are worth more without it than never."""
    if message.tries + 1 >= manner_of(message.kind).picture_tries:
        leave_picture_out(idp, message)
    _later(idp, message, error)


def _unknown(idp: Idp, message: Message, error: Uncertain) -> None:
    """Nobody knows whether it is posted: the claim stays, so that whoever comes after it looks first."""
    if not manner_of(message.kind).once or message.posted:
        _later(idp, message, error)
        return
    with idp.database.store() as store:
        name = f"deliver:{message.id}:look:{int(idp.now().timestamp())}"
        wait = CLAIM.total_seconds()
        idp.engine.enqueue(store, manner_of(message.kind).work, name, message.id, delay=wait)


def _elsewhere(idp: Idp, message: Message, error: NotFound) -> None:
    """A message that is gone comes anew in its place; for a channel that is, the platform's hears, then nobody."""
    if manner_of(message.kind).once:
        with idp.database.store() as store:
            messages.later(store, message.id, error=error.message, next_at=None)
            given_up(idp, store, message, error.message)
        return
    place = message.place if message.posted else platform_channel(idp, current(idp))
    known = bool(place) and (message.posted or place != message.place)
    with idp.database.store() as store:
        next_at = idp.now() if known else None
        messages.later(store, message.id, place=place if known else "", error=error.message, next_at=next_at)
        if known:
            idp.engine.enqueue(
                store, "deliver", f"deliver:{message.id}:{message.wanted}:moved:{message.tries}", message.id
            )
