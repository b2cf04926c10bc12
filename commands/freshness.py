"""/idp freshness: how old and how good what the bot knows is."""

from datetime import datetime
from typing import Any

from commands.ask import Ask, command
from commands.facts import age, synced
from commands.labels import cut, plural
from commands.reply import Button, Buttons, Md, Part, Reply, Rows, Section, code, md
from data.catalog.entity import Problem
from data.errors import NotFound

MOST_PROBLEMS = 20


@command(
    "freshness",
    group="CARE",
    order=2,
    usage="freshness [<source>]",
    example="freshness",
    aliases=("problems", "sources"),
)
def freshness(ask: Ask) -> Reply:
    """The sources of the catalog: when each was read, how many entities, and what is wrong in which file and line.

    --json: version, sources [{name, type, location, synced_at, tried_at, error, held, entities, problems}],
    problems [{path, line, level, code, message, expected, ref}], problems_total.
    """
    asked = ask.subject
    states = ask.snapshot.sources
    if asked and asked not in states:
        raise NotFound(f"There is no source {asked}.", f"Sources: {', '.join(states) or 'none'}.")
    chosen = [states[asked]] if asked else list(states.values())
    problems = sorted(ask.snapshot.problems(asked), key=lambda each: (each.level != "error", each.path, each.line))
    lines = [line for state in chosen for line in _source(ask, state)]
    parts: list[Part] = [
        Section(md("*{}* in {}", plural(len(ask.snapshot), "entity"), plural(len(states), "source")))
    ]
    parts.append(Rows(lines or [Md("No source was ever read.")]))
    if problems:
        shown = [_problem(each) for each in problems[:MOST_PROBLEMS]]
        parts += [Section(md("*{}*", plural(len(problems), "problem"))), Rows(shown, len(problems) - len(shown))]
    parts.append(Buttons([Button("Read again", f"sync {asked}".strip()), Button("About", "about")]))
    ages = "; ".join(f"{state.name}: {synced(ask, state.name)}" for state in chosen[:5])
    text = md(
        "{} entities, {} problems. {}",
        f"{len(ask.snapshot):,}",
        f"{len(problems):,}",
        Md(ages) or "No source yet.",
    )
    return Reply(text, parts, _data(ask, chosen, problems))


def _source(ask: Ask, state: Any) -> list[Md]:
    said = md("*{}* ({}, {}): {}", state.name, state.type, state.location, synced(ask, state.name))
    lines = [md("{} · {} · {}", said, plural(state.entities, "entity"), plural(state.problems, "problem"))]
    if state.error:
        tried = age(ask.now, state.tried_at) if state.tried_at else "never"
        lines.append(md(":warning: tried {}: {}", tried, state.error))
    if state.held:
        lines.append(md(":warning: {}", state.held))
    return lines


def _problem(each: Problem) -> Md:
    sign = Md(":x:") if each.level == "error" else Md(":warning:")
    said = md("{} {} {}", sign, code(f"{each.path}:{each.line}"), cut(each.message, 200))
    return md("{} Expected: {}.", said, cut(each.expected.rstrip("."), 160)) if each.expected else said


def _data(ask: Ask, chosen: list[Any], problems: list[Problem]) -> dict[str, Any]:
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
                "path": each.path,
                "line": each.line,
                "level": each.level,
                "code": each.code,
                "message": each.message,
                "expected": each.expected,
                "ref": each.ref,
            }
            for each in problems[:1000]
        ],
        "problems_total": len(problems),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
