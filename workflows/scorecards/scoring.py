"""How entities stand: worked out from the facts at the moment of the question."""

from collections.abc import Sequence

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from workflows.scorecards.results import RuleResult, Score


def score(idp: Idp, snapshot: Snapshot, entity: Entity) -> Sequence[Score]:
    """One entity on every scorecard that applies to it, in the order of the configuration; one short read."""
    raise NotImplementedError


def team_scores(idp: Idp, snapshot: Snapshot, owner: str) -> Sequence[Score]:
    """Everything that a group or person (canonical reference) owns, by entity and then scorecard."""
    raise NotImplementedError


def most_worth_fixing(scores: Sequence[Score], count: int = 3) -> Sequence[tuple[Score, RuleResult]]:
    """What to do first: what the next level of an entity lacks least, heavier rules first, each rule of an entity
    once. What is snoozed, claimed or set aside is left out, and so is what is merely unknown."""
    raise NotImplementedError
