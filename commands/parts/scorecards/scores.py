"""Scores in words: a level, a value with its source and age, what is missing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from commands.parts.ask import Ask
from commands.parts.reply import Button, Md, md
from commands.parts.texts.facts import age
from commands.parts.texts.refs import moment, person_name
from data.ports.facts import Reading
from workflows.scorecards.results import RuleResult, Score

SIGNS = {"pass": "\u2714", "fail": "\u2718", "unknown": "?"}  # signs that every font has
ASIDE = "\u25cb"
MOST_TEXT = 60


def level_name(level: str) -> str:
    """How a level is said; "" is below all of them."""
    return level.capitalize() if level else "No level yet"


def sign(result: RuleResult) -> str:
    """The outcome, or that it does not count now."""
    return ASIDE if result.aside and result.outcome != "pass" else SIGNS[result.outcome]


def rule_line(ask: Ask, result: RuleResult) -> Md:
    """One rule: its outcome, the values behind it with source and age, and what people said about it."""
    told = [reading_md(ask, name, reading, result) for name, reading in result.readings.items()]
    facts = Md("; ".join(told)) if told else md("nothing is known of {}", ", ".join(result.rule.facts) or "it")
    said = [md(" \u00b7 {}", each) for each in remarks(ask, result)]
    return md("{} *{}* \u00b7 {}{}", sign(result), result.rule.title, facts, Md("".join(said)))


def reading_md(ask: Ask, name: str, reading: Reading, result: RuleResult) -> Md:
    """A value: "coverage 61.3 (ci, 2 d ago)"; without its name where the title of the rule says enough."""
    value = value_text(ask.now, reading)
    clear = isinstance(reading.value, bool | str) and len(result.rule.facts) == 1
    named = "" if clear else f"{name} "
    old = md(", not newer: {}", reading.trouble) if reading.trouble else Md("")
    return md("{}{} ({}, {}{})", named, value, reading.source, age(ask.now, reading.observed_at), old)


def value_text(now: datetime, reading: Reading) -> str:
    """A value as people say it."""
    value = reading.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        at = _moment(value)
        return age(now, at) if at else value[:MOST_TEXT]
    return f"{value:g}"


def _moment(text: str) -> datetime | None:
    if len(text) < len("2026-11-23T09:00") or text[4:5] != "-":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def remarks(ask: Ask, result: RuleResult) -> list[Md]:
    """Why it does not count, who takes care of it, until when nobody is reminded."""
    said = []
    if result.aside == "exempt" and result.until:
        said.append(md("exempt until {}: {}", moment(result.until), result.exempt_because))
    elif result.aside == "grace" and result.until and result.outcome != "pass":
        said.append(md("new here: counts from {} on", moment(result.until)))
    elif result.aside == "announced" and result.until:
        said.append(md("announced: counts from {} on", moment(result.until)))
    if result.claimed_by and result.outcome != "pass":
        said.append(md("{} takes care of it", person_name(ask.snapshot, result.claimed_by)))
    if result.snoozed_until and result.outcome != "pass":
        said.append(md("snoozed until {}", moment(result.snoozed_until)))
    return said


def needs_md(score: Score) -> Md:
    """What the next level needs, in one line."""
    if not score.next_level:
        return md("The highest level: thank you")
    fails = [need.rule.title for need in score.needs if need.outcome == "fail"]
    unknown = [need.rule.title for need in score.needs if need.outcome == "unknown"]
    said = [md("{}", title) for title in fails] + [md("{} (not known yet)", title) for title in unknown]
    return md("*{}* needs: {}", level_name(score.next_level), Md("; ".join(said)))


def points_md(score: Score) -> Md:
    """How much of what is known passes."""
    return (
        md("{} % of what is known passes", score.points)
        if score.points is not None
        else Md("nothing is known yet")
    )


def about(entity: str, rule: str) -> str:
    """What a button about a check carries."""
    return f"0 {entity} {rule}"


def fix_buttons(pairs: Sequence[tuple[Score, RuleResult]], *, named: bool) -> list[Button]:
    """A button for each of them; `named` says of which service it is."""
    return [
        Button(
            f"Fix: {result.rule.title}" + (f" ({score.entity.rpartition('/')[2]})" if named else ""),
            f"fix {score.entity} {result.rule.name}",
        )
        for score, result in pairs
    ]


def titled(ask: Ask, scorecard: str) -> Md:
    """ "Production readiness: ", where there are several scorecards and a level does not say whose it is."""
    cards = ask.idp.scorecards
    card = cards.card(scorecard) if len(cards.cards) > 1 else None
    return md("{}: ", card.title) if card else Md("")


def score_fact(ask: Ask, entity: str) -> Md | None:
    """One line for the card of a service, from memory; None when no scorecard is for it."""
    said = [
        md(
            "{}*{}*, {} of {} checks pass",
            titled(ask, one.scorecard),
            level_name(one.level),
            one.passed,
            one.rules,
        )
        for one in ask.idp.standings.of(entity)
    ]
    return Md("\n".join(said)) if said else None


def score_data(score: Score) -> dict[str, Any]:
    """A score for machines."""
    return {
        "entity": score.entity,
        "scorecard": score.card.name,
        "level": score.level or None,
        "next_level": score.next_level or None,
        "points": score.points,
        "rules": [rule_data(result) for result in score.results],
    }


def rule_data(result: RuleResult) -> dict[str, Any]:
    """One rule of one entity for machines."""
    facts = {
        name: {
            "value": each.value,
            "source": each.source,
            "observed_at": each.observed_at.isoformat(),
            "trouble": each.trouble,
        }
        for name, each in result.readings.items()
    }
    return {
        "rule": result.rule.name,
        "title": result.rule.title,
        "level": result.rule.level,
        "outcome": result.outcome,
        "aside": result.aside or None,
        "until": result.until.isoformat() if result.until else None,
        "because": result.exempt_because or None,
        "claimed_by": result.claimed_by or None,
        "snoozed_until": result.snoozed_until.isoformat() if result.snoozed_until else None,
        "facts": facts,
    }
