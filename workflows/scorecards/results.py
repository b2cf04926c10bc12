"""What scoring gives: plain values that every card, message and picture is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from data.ports.facts import Reading
from data.scorecards.rules import Rule, Scorecard

Outcome = Literal["pass", "fail", "unknown"]
Aside = Literal["", "exempt", "grace", "announced"]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule for one entity.

    `outcome` is what the facts say; `aside` says why it does not count now ("" when it does): an exemption until
    `until`, a new entity's grace until `until`, or a rule announced to count from `until` on. `readings` are the
    facts that the rule looks at, unknown ones missing. `claimed_by` and `snoozed_until` are what people said.
    """

    rule: Rule
    outcome: Outcome
    readings: Mapping[str, Reading]
    aside: Aside = ""
    until: datetime | None = None
    exempt_because: str = ""
    claimed_by: str = ""  # canonical reference of a person
    snoozed_until: datetime | None = None

    @property
    def failing(self) -> bool:
        """Whether it stands between the entity and its level, as far as is known."""
        return self.outcome == "fail" and not self.aside


@dataclass(frozen=True, slots=True)
class Score:
    """One entity on one scorecard.

    `level` is the highest level whose rules, and those below, all pass or are set aside; "" for none. `next_level`
    is the one above it ("" at the top) and `needs` the results that it still needs: fails first, then unknowns.
    `points` is the percentage of the weight passed, of what is known and counts; None when nothing is known.
    """

    entity: str
    owner: str
    card: Scorecard
    level: str
    next_level: str
    needs: Sequence[RuleResult]
    results: Sequence[RuleResult]
    points: int | None

    @property
    def failing(self) -> Sequence[RuleResult]:
        """What fails and counts, in the order of the file."""
        return [result for result in self.results if result.failing]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for one entity on one scorecard over a span of time, net: what came and went does not show.

    `better` and `worse` are names of rules: that pass now and did not, that fail now and did not.
    """

    entity: str
    owner: str
    scorecard: str
    at: datetime  # of the last change
    level_before: str
    level: str
    better: Sequence[str]
    worse: Sequence[str]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Of how many entities a rule was passed, failed, unknown."""

    passed: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Day:
    """How an owner's entities (or the whole fleet) stood on one scorecard at the end of one day (UTC).

    `levels` counts entities by level ("" is below the lowest one), `rules` by rule.
    """

    day: date
    scorecard: str
    levels: Mapping[str, int]
    rules: Mapping[str, RuleCount]
