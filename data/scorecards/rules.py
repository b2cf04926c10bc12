"""What a scorecard is once it has been read: plain values, in the order of the file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import EllipsisType

from data.catalog.entity import Entity
from data.scorecards.vocabulary import FACTS, FactType

Verdict = bool | None | EllipsisType
"""Pass, fail, None for unknown, and ... for a rule that does not apply."""

Verdicts = Sequence[Sequence[Verdict] | None]
"""For each scorecard one verdict a rule, in the order of the file; None where the scorecard does not apply."""

Judge = Callable[[Entity, Callable[[str], object], float], Verdicts]
"""From an entity, its facts (by name, None for unknown, as `vocabulary.typed` gives them) and the time."""


@dataclass(frozen=True, slots=True)
class Fix:
    """How a rule is satisfied: a sentence, and a page or an action of the bot to begin with ("" without one)."""

    text: str = ""
    link: str = ""  # may hold {name}, {ref} and {repository}
    action: str = ""  # the name of an action


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. `name` is unique over all scorecards, so that people can say it."""

    name: str
    scorecard: str
    title: str
    why: str
    level: str
    weight: int
    fix: Fix
    check: str  # the expression, as written
    facts: Sequence[str]  # names of facts in it, in the order of their first appearance
    since: date | None = None  # counts from this day on; announced before
    place: str = ""  # such as "scorecards.yaml:14"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Levels from the lowest to the highest, and the rules. A level is reached when all rules up to it pass."""

    name: str
    title: str
    levels: Sequence[str]
    rules: Sequence[Rule]
    grace: int = 0  # seconds during which nothing counts against an entity that is new to the catalog
    place: str = ""


def _nothing(_entity: Entity, _get: Callable[[str], object], _now: float) -> Verdicts:
    return ()


@dataclass(frozen=True)
class Scorecards:
    """All scorecards, the types of the facts that they know, and the one function that they were compiled to."""

    cards: Sequence[Scorecard] = ()
    facts: Mapping[str, FactType] = field(default_factory=lambda: FACTS)
    judge: Judge = _nothing

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its name."""
        return {rule.name: rule for card in self.cards for rule in card.rules}

    def card(self, name: str) -> Scorecard | None:
        """One scorecard by its name."""
        return next((card for card in self.cards if card.name == name), None)
