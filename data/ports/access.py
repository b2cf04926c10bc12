"""The system that gives and takes away access."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Access of one person to one target in one environment, under the id of the grant that explains it.

    `until` is the absolute end in aware UTC; None in what `list` answers when the system does not keep it. `grant`
    is "" in what `list` answers when the system keeps no ids (a group membership, say).
    """

    grant: str
    subject: str  # e-mail, lower case
    target: str  # canonical reference of the entity
    environment: str
    until: datetime | None = None


class Access(Protocol):
    """Gives and takes production access. Every call may be repeated; the second has no further effect.

    Access is held per (subject, target, environment), not per grant: when two grants overlap, `revoke` is called
    at the later end, once for each grant id. Revoking what is gone already is done, not an error.
    Raises Unavailable when the system does not answer (trying again may help), Invalid or NotAllowed when it will
    never do this (no such person, a target that is not set up).
    """

    @property
    def name(self) -> str:
        """What people call the system, such as Okta."""
        ...

    def grant(self, access: Entitlement) -> None: ...
    def revoke(self, access: Entitlement) -> None: ...
    def holds(self, access: Entitlement) -> bool:
        """Read back: whether the person has this access now, under whatever grant."""
        ...

    def list(self) -> Sequence[Entitlement]:
        """All access that this adapter administers and that is in force now, ours and what nobody explains."""
        ...
