"""Which check of which service a person's words mean."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from commands.parts.ask import Ask
from commands.parts.reply import md
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity
from data.errors import Conflict, Invalid, NotFound
from workflows.scorecards.results import RuleResult, Score
from workflows.scorecards.scoring import score


class Check(NamedTuple):
    """One rule for one entity, with its result now."""

    entity: Entity
    score: Score
    result: RuleResult


def the_check(ask: Ask, words: Sequence[str]) -> Check:
    """The entity and the rule, in this order; without a rule the one that is most worth fixing.

    Raises Invalid, NotFound, Unclear, and Conflict where no rule is said and every one passes.
    """
    if not words:
        raise Invalid("Say which service, and which check.", f"Such as: /idp {ask.verb} checkout coverage")
    entity = the_entity(ask, words=words[0])
    scores = score(ask.idp, ask.snapshot, entity)
    if not scores:
        raise NotFound(f"No scorecard is for {entity.name}.", "/idp checks shows what is checked, and for what.")
    pairs = [(one, result) for one in scores for result in one.results]
    if len(words) == 1:
        return Check(entity, *_first(entity, pairs))
    name = _rule_named(ask, " ".join(words[1:]), [result for _, result in pairs])
    return Check(entity, *next(pair for pair in pairs if pair[1].rule.name == name))


def _first(entity: Entity, pairs: Sequence[tuple[Score, RuleResult]]) -> tuple[Score, RuleResult]:
    """What fails and is needed most, else what is not known."""
    open_ = [pair for pair in pairs if pair[1].outcome != "pass"]
    if not open_:
        named = f"Every check of {entity.name} passes, so there is nothing left to do."
        raise Conflict(named, f"/idp score {entity.name} shows them.")
    return min(open_, key=lambda pair: (pair[1] not in pair[0].needs, not pair[1].failing))


def _rule_named(ask: Ask, words: str, results: Sequence[RuleResult]) -> str:
    """By name, by title, or nearly so."""
    asked = words.lower().strip("\u201c\u201d\"'").replace(" ", "-")
    names = {result.rule.name: result.rule.name for result in results}
    known = names | {result.rule.title.lower().replace(" ", "-"): result.rule.name for result in results}
    if asked in known:
        return known[asked]
    near = get_close_matches(asked, known, n=1, cutoff=0.6) or [each for each in known if asked in each][:1]
    if not near:
        raise NotFound(f"There is no check “{words}” for this.", "It has: " + ", ".join(names))
    ask.assumed.append(md("I took “{}” for the check {}.", words, known[near[0]]))
    return known[near[0]]
