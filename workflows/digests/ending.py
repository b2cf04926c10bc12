"""What follows when the message of a digest was posted, or was given up."""

import logging
from typing import Final

from data.idp import Idp
from data.store import digests
from data.store.database import Store
from data.store.messages import Message
from workflows.authority import current
from workflows.digests.noting import table_name
from workflows.journal import name_of, show
from workflows.telling.places import platform_channel

log = logging.getLogger(__name__)

FOLLOWING: Final = frozenset({"digest-details", "note-table"})  # answers in the thread of a message


def was_posted(idp: Idp, store: Store, message: Message) -> None:
    """In the transaction that writes down where it is: the digest is told, the rest follows in its thread."""
    if message.kind in FOLLOWING:
        return
    digests.move(store, message.subject, {"ready"}, idp.now(), state="posted")
    if message.kind == "note":
        key, kind = table_name(message.key.removeprefix("note:")), "note-table"
    else:
        key, kind = f"{message.key}:details", "digest-details"
    show(idp, store, key=key, kind=kind, subject=message.subject, place=message.place, thread_of=message.key)


def given_up(idp: Idp, store: Store, message: Message, error: str) -> None:
    """It costs this message only; the platform team hears of it with the others of the hour."""
    if message.kind in FOLLOWING:
        log.warning("%s was not posted: %s", message.key, error)
        if message.kind == "note-table":
            _say_missing(idp, store, message, error)
    else:
        digests.move(store, message.subject, {"ready"}, idp.now(), state="failed", error=error)


def _say_missing(idp: Idp, store: Store, message: Message, error: str) -> None:
    place = platform_channel(idp, idp.catalog.snapshot)
    text = _UNSHARED.format(message.key, message.place, error)
    show(idp, store, key=f"{message.key}:missing", kind="text", subject=0, place=place, text=text)


_UNSHARED = (
    "The table {} could not be shared in the thread of the monthly note in {}: {} "
    "The bot has to be in the channel to share files in it."
)


def leave_picture_out(idp: Idp, message: Message) -> None:
    """Slack did not show the picture: from now on it goes without. The platform team hears of it, once an hour."""
    now, place = idp.now(), platform_channel(idp, current(idp))
    with idp.database.store() as store:
        digest = digests.load(store, message.subject)
        if digest is None or not digests.move(store, digest.id, {"ready", "posted"}, now, picture=""):
            return
        log.warning("digest %s of %s goes without its picture", digest.period, digest.audience)
        text = _UNPICTURED.format(name_of(idp, digest.audience), digest.period)
        show(idp, store, key=f"digests:pictures:{now:%Y-%m-%dT%H}", kind="text", subject=0, place=place, text=text)


_UNPICTURED = (
    "Slack took the picture for the digest of {} ({}), yet does not show it. "
    "So the digest goes without it; its words say the same. If others fare alike in this hour, the log names them."
)
