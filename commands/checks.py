"""/idp checks: what is checked, why, how to fix it, and how the whole fleet stands."""

from collections.abc import Mapping
from datetime import timedelta

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Rows, Section, code, md
from commands.parts.texts.labels import label, plural
from commands.parts.texts.refs import moment, person_name
from data.errors import NotFound
from data.scorecards.rules import Rule
from data.store import checks as rows
from data.store.checks import Exemption
from workflows.scorecards.results import RuleCount
from workflows.scorecards.trends import history


@command(
    "checks", group="IMPROVE", order=2, usage="checks [<check>]", example="checks", aliases=("rules", "check")
)
def checks(ask: Ask) -> Reply:
    """All checks by level, and how many services pass; of one check also why, how to fix it, and who is exempt.

    --json: scorecards [{name, title, levels, rules [{rule, title, level, weight, check, from, passed, failed,
    unknown}]}]; of one check: rule (the same), why, fix, place, exemptions [{entity, until, reason, by}].
    """
    counts = _counts(ask)
    if ask.subject:
        return _one(ask, _rule(ask), counts)
    parts: list[Part] = []
    for card in ask.idp.scorecards.cards:
        parts.append(Section(md("*{}*", card.title)))
        ordered = sorted(card.rules, key=lambda rule: card.levels.index(rule.level))
        parts.append(Rows([_line(rule, counts) for rule in ordered]))
    if not parts:
        return Reply(Md("No scorecards are configured."), (), {"scorecards": []})
    parts.append(
        Note(md("One of them: {}. How yours stand: {}", code("/idp checks coverage"), code("/idp score")))
    )
    parts.append(Buttons([Button("My team", "score"), Button("Help", "help score")]))
    number = sum(len(card.rules) for card in ask.idp.scorecards.cards)
    data = {
        "scorecards": [
            {
                "name": card.name,
                "title": card.title,
                "levels": list(card.levels),
                "rules": [_data(rule, counts) for rule in card.rules],
            }
            for card in ask.idp.scorecards.cards
        ]
    }
    return Reply(
        md("{} in {}.", plural(number, "check"), plural(len(data["scorecards"]), "scorecard")), parts, data
    )


def _counts(ask: Ask) -> Mapping[str, RuleCount]:
    """How the fleet stood when it was last written down, by rule."""
    today = ask.now.date()
    found: dict[str, RuleCount] = {}
    for day in history(ask.idp, today - timedelta(days=7), today):
        found |= day.rules
    return found


def _rule(ask: Ask) -> Rule:
    asked = ask.subject.lower().replace(" ", "-")
    rules = ask.idp.scorecards.rules
    titles = {rule.title.lower().replace(" ", "-"): rule for rule in rules.values()}
    found = rules.get(asked) or titles.get(asked)
    if found is None:
        raise NotFound(f"There is no check “{ask.subject}”.", "There are: " + ", ".join(rules))
    return found


def _line(rule: Rule, counts: Mapping[str, RuleCount]) -> Md:
    since = md(" \u00b7 from {} on", f"{rule.since:%Y-%m-%d}") if rule.since else Md("")
    return md(
        "{} \u00b7 *{}* ({}) \u00b7 {}{}",
        rule.level.capitalize(),
        rule.title,
        rule.name,
        _said(rule, counts),
        since,
    )


def _said(rule: Rule, counts: Mapping[str, RuleCount]) -> Md:
    count = counts.get(rule.name)
    if count is None:
        return Md("not scored yet")
    return md("{} pass, {} fail, {} unknown", count.passed, count.failed, count.unknown)


def _one(ask: Ask, rule: Rule, counts: Mapping[str, RuleCount]) -> Reply:
    with ask.idp.database.reading() as store:
        exempt = [one for one in rows.said(store, ask.now).exemptions.values() if one.rule == rule.name]
    facts = [
        ("Level", md("{}, weight {}", rule.level.capitalize(), rule.weight)),
        ("Holds when", code(rule.check)),
        ("Services", _said(rule, counts)),
    ]
    if rule.since:
        facts.append(("Counts from", md("{}", f"{rule.since:%Y-%m-%d}")))
    parts: list[Part] = [Section(md("*{}* {}", rule.title, code(rule.name))), Fields(facts)]
    if rule.why:
        parts.append(Section(md("*Why*\n{}", rule.why)))
    if rule.fix.text:
        parts.append(Section(md("*How to fix it*\n{}", rule.fix.text)))
    if exempt:
        parts += [Section(Md("*Exempt*")), Rows([_exempt(ask, one) for one in exempt])]
    parts.append(Note(md("{}", rule.place)))
    parts.append(Buttons([Button("All checks", "checks"), Button("My team", "score")]))
    told = [
        {"entity": one.entity, "until": one.until.isoformat(), "reason": one.reason, "by": one.person}
        for one in exempt
    ]
    data = {
        "rule": _data(rule, counts),
        "why": rule.why,
        "fix": rule.fix.text,
        "place": rule.place,
        "exemptions": told,
    }
    return Reply(md("{}: {}", rule.title, _said(rule, counts)), parts, data)


def _exempt(ask: Ask, one: Exemption) -> Md:
    what, who = label_of(ask, one.entity), person_name(ask.snapshot, one.person)
    return md("*{}* until {}: {} ({}, #{})", what, moment(one.until), one.reason, who, one.request)


def label_of(ask: Ask, ref: str) -> str:
    """What an entity is called."""
    entity = ask.snapshot.get(ref)
    return label(entity) if entity else ref


def _data(rule: Rule, counts: Mapping[str, RuleCount]) -> dict[str, object]:
    count = counts.get(rule.name, RuleCount(0, 0, 0))
    return {
        "rule": rule.name,
        "title": rule.title,
        "level": rule.level,
        "weight": rule.weight,
        "check": rule.check,
        "from": str(rule.since) if rule.since else None,
        "passed": count.passed,
        "failed": count.failed,
        "unknown": count.unknown,
    }
