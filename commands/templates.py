"""/idp templates: the golden paths, and who follows them."""

from collections.abc import Mapping

from commands.parts.ask import Ask, Flag, command
from commands.parts.golden_paths.consistency import consistency_reply
from commands.parts.golden_paths.template_lines import by_version, path_data, sample_data, sample_md
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.labels import plural
from data.catalog.entity import Entity, short
from workflows.templates.adoption import Sample, by_path
from workflows.templates.census import Census, PathCensus, census

MOST = 20


@command(
    "templates",
    group="CARE",
    order=5,
    usage="templates [--consistency]",
    example="templates",
    flags=(Flag("consistency", "where golden path, workspace template and devcontainer do not agree"),),
    aliases=("golden-paths", "goldenpaths"),
)
def templates(ask: Ask) -> Reply:
    """The golden paths: language, owner, newest version, who follows which, and how soon they were in production.

    That time is the median from the request of a service to its first production deployment, with how many it
    comes from.
    --json: templates [{id, title, language, owner, version, versions, services, current, behind, edited,
    in_production {n, seconds}}],
    elsewhere [{template, services}] for templates that are not kept here, by_hand (services made without one),
    backstage [reference] for templates of a Backstage catalog, which run there; with --consistency checked,
    disagreements [{service, problem}].
    """
    if "consistency" in ask.flags:
        return consistency_reply(ask)
    found = census(ask.idp, ask.snapshot)
    soon = by_path(ask.idp, found)
    foreign = [entity for entity in ask.snapshot if entity.kind == "Template"]
    parts: list[Part] = [Section(md("*{}*", plural(len(found.paths), "golden path")))]
    parts.append(Rows([_line(each, soon[each.path.id]) for each in found.paths] or [Md("None is configured.")]))
    parts += _others(found, foreign)
    buttons = [Button(each.path.title, f"template {each.path.id}") for each in found.paths[:3]]
    parts.append(Buttons([*buttons, Button("Adoption", "adoption templates")]))
    said = "; ".join(f"{each.path.id}: {len(each.standings)}" for each in found.paths) or "none"
    text = md("{}, with services that follow: {}", plural(len(found.paths), "golden path"), said)
    return Reply(text, parts, Later(lambda: _data(found, soon, foreign)))


def _line(found: PathCensus, soon: Sample) -> Md:
    path = found.path
    facts = [path.language, found.newest, f"by {short(path.owner)}" if path.owner else ""]
    late = md(", *{} behind*", len(found.behind)) if found.behind else Md("")
    return md(
        "*{}* (`{}`) {} · {}{} · time to production {}",
        *(path.title, path.id, " · ".join(filter(None, facts)), by_version(found), late, sample_md(soon)),
    )


def _others(found: Census, foreign: list[Entity]) -> list[Part]:
    parts: list[Part] = []
    if foreign:
        lines = [md("*{}*: {}", each.label, each.description or each.name) for each in foreign[:MOST]]
        parts += [
            Section(Md("*Templates of Backstage*, which run there")),
            Rows(lines, max(0, len(foreign) - MOST)),
        ]
    told = _elsewhere(found)
    lines = [md("{}: {}", name, plural(count, "service")) for name, count in list(told.items())[:MOST]]
    if lines:
        parts += [Section(Md("*Templates that are not kept here*")), Rows(lines, max(0, len(told) - MOST))]
    parts.append(Note(md("Made by hand: {}", plural(len(found.by_hand), "service"))))
    return parts


def _elsewhere(found: Census) -> dict[str, int]:
    counts: dict[str, int] = {}
    for follower in found.elsewhere:
        name = follower.origin.address or "not stated"
        counts[name] = counts.get(name, 0) + 1
    return counts


def _data(found: Census, soon: Mapping[str, Sample], foreign: list[Entity]) -> dict[str, object]:
    return {
        "templates": [
            path_data(each) | {"in_production": sample_data(soon[each.path.id])} for each in found.paths
        ],
        "elsewhere": [{"template": name, "services": count} for name, count in _elsewhere(found).items()],
        "by_hand": len(found.by_hand),
        "backstage": [entity.ref for entity in foreign],
    }
