"""/idp score: how a service or a team stands, what the next level needs, and where each value comes from."""

from collections import Counter
from collections.abc import Sequence

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, code, md
from commands.parts.scorecards.scores import (
    fix_buttons,
    level_name,
    needs_md,
    points_md,
    rule_line,
    score_data,
    sign,
    titled,
)
from commands.parts.texts.labels import label, what
from commands.parts.typed.me import groups_of, myself
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity
from data.errors import NotFound
from data.scorecards.rules import Scorecard
from workflows.scorecards.results import Score
from workflows.scorecards.scoring import most_worth_fixing, score, team_scores

MOST = 25  # services of a team
LEGEND = Md("\u2714 passes \u00b7 \u2718 fails \u00b7 ? unknown \u00b7 \u25cb does not count now")


@command(
    "score",
    group="IMPROVE",
    order=1,
    usage="score [<name>|<team>]",
    example="score checkout",
    aliases=("scorecard", "scores", "grade"),
)
def score_(ask: Ask) -> Reply:
    """How a service stands: its level, each rule with value, source and age, and what the next level needs.

    For a team, how its services stand and what is most worth fixing; without a name, your own team.
    --json: for a service: scores [{entity, scorecard, level, next_level, points, rules [{rule, title, level,
    outcome, aside, until, because, claimed_by, snoozed_until, facts}]}]; for a team: team, scores (the same).
    """
    if not ask.subject:
        groups = groups_of(ask, myself(ask))
        if not groups:
            raise NotFound("You are a member of no team in the catalog.", "Say which: /idp score team-payments")
        return _team(ask, groups[0])
    entity = the_entity(ask, ("Component",))
    return _team(ask, entity) if entity.kind in ("Group", "User") else _service(ask, entity)


def _service(ask: Ask, entity: Entity) -> Reply:
    found = score(ask.idp, ask.snapshot, entity)
    if not found:
        text = md("No scorecard is for {}.", entity.name)
        hint = md("It is a {}. {} shows what is checked, and for what.", what(entity), code("/idp checks"))
        return Reply(text, [Section(text), Note(hint)], {"scores": []})
    parts: list[Part] = []
    for one in found:
        head = md("*{}* \u00b7 {}: *{}*", label(entity), one.card.title, level_name(one.level))
        parts.append(Section(md("{}\n{} \u00b7 {}", head, needs_md(one), points_md(one))))
        parts.append(Rows([rule_line(ask, result) for result in one.results]))
    worth = most_worth_fixing(found)
    parts.append(Note(LEGEND))
    card = Button("Card", f"show {entity.ref}")
    parts.append(Buttons([*fix_buttons(worth, named=False), card, Button("All checks", "checks")]))
    said = "; ".join(f"{one.card.title}: {level_name(one.level)}" for one in found)
    text = md("{} \u00b7 {}. {}", label(entity), said, needs_md(found[0]))
    return Reply(text, parts, {"scores": [score_data(one) for one in found]})


def _team(ask: Ask, team: Entity) -> Reply:
    found = team_scores(ask.idp, ask.snapshot, team.ref)
    data = {"team": team.ref, "scores": [score_data(one) for one in found]}
    if not found:
        text = md("No scorecard is for anything that {} owns.", label(team))
        return Reply(text, [Section(text), Buttons([Button("Team", f"team {team.ref}")])], data)
    text = md("*{}* \u00b7 {}", label(team), _levels(found))
    parts: list[Part] = [Section(text)]
    worth = most_worth_fixing(found)
    if worth:
        lines = [md("\u2022 *{}*: {}", _name(ask, one), each.rule.title) for one, each in worth]
        parts += [Section(Md("*Most worth fixing*")), Rows(lines), Buttons(fix_buttons(worth, named=True))]
    lines = [_line(ask, one) for one in found[:MOST]]
    parts.append(Rows(lines, max(len(found) - MOST, 0), f"find owner:{team.ref}"))
    parts.append(Note(LEGEND))
    return Reply(text, parts, data)


def _levels(found: Sequence[Score]) -> Md:
    """How many services stand where, by scorecard, the highest level first."""
    said = []
    for card in _cards(found):
        counts = Counter(one.level for one in found if one.card is card)
        levels = [level for level in (*reversed(card.levels), "") if counts[level]]
        said.append(f"{card.title}: " + ", ".join(f"{counts[level]} {_lower(level)}" for level in levels))
    return md("{}", "; ".join(said))


def _cards(found: Sequence[Score]) -> Sequence[Scorecard]:
    return list({one.card.name: one.card for one in found}.values())


def _lower(level: str) -> str:
    return level or "without a level yet"


def _line(ask: Ask, one: Score) -> Md:
    signs = "".join(sign(result) for result in one.results)
    needs = ", ".join(need.rule.title for need in one.needs if need.outcome == "fail")
    what = md(" \u00b7 {} needs: {}", level_name(one.next_level), needs) if needs else Md("")
    level = md("{}{}", titled(ask, one.card.name), level_name(one.level))
    return md("*{}* \u00b7 {} \u00b7 {}{}", _name(ask, one), level, signs, what)


def _name(ask: Ask, one: Score) -> str:
    entity = ask.snapshot.get(one.entity)
    return entity.name if entity else one.entity
