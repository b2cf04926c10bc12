"""How each kind of message is delivered: on which queue, whether twice is worse than not at all, how long."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Manner:
    """`work` names the work that delivers.

    With `once` a message whose fate is not known is looked for before it is posted again, and given up where
    nobody can look; a place that is gone is not replaced by another one. `tries` is after how many it is given up,
    `picture_tries` after how many a picture that the chat does not show is left out.
    """

    work: str = "deliver"
    once: bool = False
    tries: int = 10_000  # two weeks without chat
    picture_tries: int = 6  # half a minute, at growing waits
    after: float = 0.0  # seconds before the first delivery


USUAL: Final = Manner()
_DIGEST: Final = Manner(work="deliver-digest", once=True, tries=400)  # thirteen hours
MANNERS: Final[Mapping[str, Manner]] = {
    "digest": _DIGEST,
    "digest-details": replace(_DIGEST, after=1.05),  # Slack takes about one message a second
    "note": _DIGEST,
    "note-table": replace(_DIGEST, after=1.05),
}


def manner_of(kind: str) -> Manner:
    """How messages of this kind are delivered."""
    return MANNERS.get(kind, USUAL)
