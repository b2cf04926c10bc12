"""What people say about a single check of a single entity: mine, later, not at all."""

from dataclasses import dataclass
from datetime import datetime

from data.idp import Idp
from workflows.journal import Actor


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule of one entity, by canonical reference and name of the rule."""

    entity: str
    rule: str


def claim(idp: Idp, about: Checked, actor: Actor) -> None:
    """The actor takes care of it. Raises NotFound, NotAllowed (not of the owning team), Conflict (claimed)."""
    raise NotImplementedError


def unclaim(idp: Idp, about: Checked, actor: Actor) -> None:
    """Somebody else may take care of it."""
    raise NotImplementedError


def snooze(idp: Idp, about: Checked, until: datetime, actor: Actor) -> None:
    """Nobody is reminded until then (at most 90 days). Raises NotFound, NotAllowed, Invalid."""
    raise NotImplementedError
