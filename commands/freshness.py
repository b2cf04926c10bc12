"""/idp freshness: how old and how good what the bot knows is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, code, md, prose
from commands.parts.texts.facts import age, synced
from commands.parts.texts.labels import cut, plural
from commands.parts.texts.paging import FROM, begin, page
from data.catalog.entity import Problem
from data.catalog.syncing.report import NOTHING_FOUND
from data.catalog.unresolved import Unresolved, unresolved
from data.errors import NotFound

MOST_PROBLEMS = 20
MOST_MISSING = 5
MOST_FOR_MACHINES = 1000


@command(
    "freshness",
    group="CARE",
    order=2,
    usage="freshness [<source>]",
    example="freshness",
    aliases=("problems", "sources"),
    flags=(FROM,),
)
def freshness(ask: Ask) -> Reply:
    """The sources of the catalog: when each was read, how many entities, and what is wrong in which file and line.

    --json: version, sources [{name, type, location, synced_at, tried_at, error, held, entities, problems}],
    problems [{source, path, line, level, code, message, expected, ref}], problems_total, unresolved {owners
    {reference: entities that name it}, references {…}}, which are not in the catalog.
    """
    asked = ask.subject
    states = ask.snapshot.sources
    if asked and asked not in states:
        raise NotFound(f"There is no source {asked}.", f"Sources: {', '.join(states) or 'none'}.")
    chosen = [states[asked]] if asked else list(states.values())
    problems = [(state.name, each) for state in chosen for each in ask.snapshot.problems(state.name)]
    problems.sort(key=lambda told: (told[1].level != "error", told[0], told[1].path, told[1].line))
    missing = unresolved(ask.snapshot, asked)
    lines = [line for state in chosen for line in _source(ask, state)]
    parts: list[Part] = [
        Section(md("*{}* in {}", plural(len(ask.snapshot), "entity"), plural(len(states), "source")))
    ]
    parts.append(Rows(lines or [Md("No source was ever read.")]))
    parts += _missing("owner", missing.owners) + _missing("reference", missing.others)
    if problems:
        told = [_problem(*each) for each in problems[begin(ask) : begin(ask) + MOST_PROBLEMS]]
        parts += [
            Section(md("*{}*", plural(len(problems), "problem"))),
            *page(ask, told, len(problems)),
            Note(
                md("All of them, for machines: {}", code(f"idp ask freshness {asked} --json".replace("  ", " ")))
            ),
        ]
    parts.append(Buttons([Button("Read again", f"sync {asked}".strip()), Button("About", "about")]))
    ages = "; ".join(f"{state.name}: {synced(ask, state.name)}" for state in chosen[:5])
    text = md(
        "{}, {}, {} and {} not in the catalog. {}",
        plural(len(ask.snapshot), "entity"),
        plural(len(problems), "problem"),
        plural(len(missing.owners), "owner"),
        plural(len(missing.others), "reference"),
        Md(ages) or "No source yet.",
    )
    return Reply(text, parts, _data(ask, chosen, problems, missing))


def _missing(what: str, named: Sequence[tuple[str, int]]) -> list[Part]:
    """What entities name and the catalog does not have, most named first."""
    if not named:
        return []
    lines = [md("{}: named by {}", code(ref), plural(count, "entity")) for ref, count in named[:MOST_MISSING]]
    head = Section(md("*{} not in the catalog*", plural(len(named), what)))
    tip = md(
        "Who names one: {}",
        code(f"/idp deps {named[0][0]}" if what != "owner" else f"/idp find owner:{named[0][0]}"),
    )
    return [head, Rows(lines, len(named) - len(lines)), Note(tip)]


def _source(ask: Ask, state: Any) -> list[Md]:
    here = state.type == "made"  # by the bot itself: it has no place, and may well be empty
    where = md("{}", state.location) if here else md("{}, {}", state.type, code(state.location))
    said = md("*{}* ({}): {}", state.name, where, synced(ask, state.name))
    lines = [md("{} · {} · {}", said, plural(state.entities, "entity"), plural(state.problems, "problem"))]
    if state.synced_at and not (here or state.entities or state.problems or state.error):
        lines.append(md(":warning: {}", NOTHING_FOUND))
    if state.error:
        tried = age(ask.now, state.tried_at) if state.tried_at else "never"
        lines.append(md(":warning: tried {}: {}", tried, state.error))
    if state.held:
        lines.append(md(":warning: {}", state.held))
    return lines


def _problem(source: str, each: Problem) -> Md:
    sign = Md(":x:") if each.level == "error" else Md(":warning:")
    said = md("{} {} {} {}", sign, source, code(f"{each.path}:{each.line}"), prose(cut(each.message, 200)))
    return md("{} Expected: {}.", said, prose(cut(each.expected.rstrip("."), 160))) if each.expected else said


def _data(ask: Ask, chosen: list[Any], problems: list[tuple[str, Problem]], missing: Unresolved) -> dict[str, Any]:
    return {
        "version": ask.snapshot.version,
        "sources": [
            {
                "name": state.name,
                "type": state.type,
                "location": state.location,
                "synced_at": _iso(state.synced_at),
                "tried_at": _iso(state.tried_at),
                "error": state.error,
                "held": state.held,
                "entities": state.entities,
                "problems": state.problems,
            }
            for state in chosen
        ],
        "problems": [
            {
                "source": source,
                "path": each.path,
                "line": each.line,
                "level": each.level,
                "code": each.code,
                "message": each.message,
                "expected": each.expected,
                "ref": each.ref,
            }
            for source, each in problems[:MOST_FOR_MACHINES]
        ],
        "problems_total": len(problems),
        "unresolved": {
            "owners": dict(missing.owners[:MOST_FOR_MACHINES]),
            "references": dict(missing.others[:MOST_FOR_MACHINES]),
        },
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
