"""How scores moved: what the clock wrote down, read back."""

from collections.abc import Sequence
from datetime import date, datetime

from data.idp import Idp
from workflows.scorecards.results import Change, Day


def changes(idp: Idp, since: datetime, until: datetime, owner: str = "") -> Sequence[Change]:
    """Net changes in [since, until) of the entities of one owner (canonical reference), or of all with ""."""
    raise NotImplementedError


def history(idp: Idp, since: date, until: date, owner: str = "", scorecard: str = "") -> Sequence[Day]:
    """Each day in [since, until] that was written down, oldest first; of one owner, or of the whole fleet."""
    raise NotImplementedError
