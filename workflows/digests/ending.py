"""What follows when the message of a digest was posted, or was given up."""

from data.idp import Idp
from data.store import digests
from data.store.database import Store
from data.store.messages import Message
from workflows.journal import show


def was_posted(idp: Idp, store: Store, message: Message) -> None:
    """In the transaction that writes down where it is: the digest is told, its details follow in the thread."""
    if message.kind == "digest-details":
        return
    digests.move(store, message.subject, {"ready"}, idp.now(), state="posted")
    if message.kind == "digest":
        key = f"{message.key}:details"
        show(
            idp,
            store,
            key=key,
            kind="digest-details",
            subject=message.subject,
            place=message.place,
            thread_of=message.key,
        )


def given_up(idp: Idp, store: Store, message: Message, error: str) -> None:
    """It costs this message only; the platform team hears of it with the others of the hour."""
    if message.kind != "digest-details":
        digests.move(store, message.subject, {"ready"}, idp.now(), state="failed", error=error)
