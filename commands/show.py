"""/idp show: the card of an entity, on one phone screen, always in the same order."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.golden_paths.template_part import (
    template_buttons,
    template_data,
    template_followed,
    template_parts,
)
from commands.parts.owners.duty import on_call_now, on_duty, shift_data
from commands.parts.reply import Button, Buttons, Fields, Later, Md, Note, Part, Reply, Section, code, link, md
from commands.parts.scorecards.scores import score_fact
from commands.parts.texts.facts import entity_data, source_note
from commands.parts.texts.incidents import incidents_data, incidents_md
from commands.parts.texts.labels import contact, cut, label, owner_md, what
from commands.parts.texts.tools import tools_data, tools_part
from commands.parts.typed.naming import the_entity
from commands.parts.typed.offers import is_offered
from commands.parts.workspaces.lists import launchable, workspaces_part
from data.catalog.entity import Entity, short
from data.catalog.locations import source_of
from data.catalog.snapshot import Link, Owner
from workflows.access.prod_access import PROD_ACCESS

MOST_NAMES = 6  # names of one relation on the card

# Which relations a card tells, in this order.
RELATIONS = {
    "partOf": "Part of",
    "hasPart": "Has",
    "providesApi": "Provides",
    "consumesApi": "Consumes",
    "apiProvidedBy": "Provided by",
    "apiConsumedBy": "Consumed by",
    "dependsOn": "Depends on",
    "dependencyOf": "Needed by",
    "memberOf": "Member of",
    "hasMember": "Members",
    "childOf": "Belongs to",
    "parentOf": "Teams",
    "ownerOf": "Owns",
}
REPOSITORY_KEYS = {
    "github.com/project-slug": "https://github.com/",
    "gitlab.com/project-slug": "https://gitlab.com/",
}


@command(
    "show",
    group="ASK",
    order=2,
    usage="show <name>",
    example="show checkout",
    aliases=("service", "card", "catalog", "component", "info"),
)
def show(ask: Ask) -> Reply:
    """The card: what it is, owner, channel, on call, repository, docs, dashboards, dependencies.

    The bare name is enough: /idp checkout.
    --json: entity {ref, kind, name, title, type, lifecycle, owner, source}, description, tags, system, certainty,
    channel, on_call [shift], incidents [{title, status, since, url, source}], repository, links [{title, url}],
    tools {ci, deploy, monitoring, quality, tracker: {annotation: text}}, relations {type: [reference]},
    golden_path {template, version, behind, edited, conflicts, looked_at} or null.
    """
    entity = the_entity(ask)
    owner = ask.snapshot.owner(entity)
    duty, on_call = on_duty(ask, entity, owner.ref)
    details = entity.details()
    links = ask.snapshot.links(entity.ref)
    facts = _facts(entity, owner, on_call, details)
    if standing := score_fact(ask, entity.ref):
        facts.append(("Score", standing))
    parts: list[Part] = [Section(_head(entity)), Fields(facts)]
    open_now = incidents_md(ask, entity)
    if open_now is not None:
        parts.append(Section(md("*Incidents*: {}", open_now)))
    told = _relations(links)
    if told:
        parts.append(Section(Md("\n".join(told))))
    parts += tools_part(details)
    follows = template_followed(ask, entity)
    buttons = [*_next(ask, entity, details), *template_buttons(ask, follows)]
    parts += [*template_parts(follows), *workspaces_part(ask, entity)]
    parts += [Note(source_note(ask, entity)), Buttons(buttons)]

    def data() -> dict[str, Any]:
        shifts = [shift_data(ask, each) for each in on_call_now(ask, duty)]
        return _data(ask, entity, owner, details, links) | {
            "on_call": shifts,
            "incidents": incidents_data(ask, entity),
            "golden_path": template_data(follows),
        }

    return Reply(_text(entity, owner, on_call), parts, Later(data))


def _text(entity: Entity, owner: Owner, on_call: Md) -> Md:
    words = " ".join(filter(None, (entity.lifecycle, what(entity))))
    said = md("{} is {} {}", label(entity), "an" if words[0] in "aeioAEIO" else "a", words)
    if entity.kind in ("User", "Group"):
        return md("{}: {}", said, entity.description) if entity.description else said
    return md("{}, owner: {}; on call: {}", said, owner_md(owner), on_call)


def _head(entity: Entity) -> Md:
    what = " · ".join(filter(None, (entity.kind, entity.type, entity.lifecycle)))
    name = md(" {}", code(entity.name)) if label(entity) != entity.name else ""
    head = md("*{}*{}\n{}", label(entity), name, what)
    return md("{}\n{}", head, cut(entity.description, 600)) if entity.description else head


def _facts(entity: Entity, owner: Owner, on_call: Md, details: Mapping[str, Any]) -> list[tuple[str, Md]]:
    facts: list[tuple[str, Md]] = []
    reach = contact(owner.entity or entity)
    if entity.kind not in ("User", "Group") or owner.ref:
        facts.append(("Owner", owner_md(owner)))
    if reach.channel:
        facts.append(("Channel", reach.channel_md))
    if entity.kind != "User":
        facts.append(("On call", on_call))
    repository = _repository(details)
    if repository:
        facts.append(("Repository", link(*repository)))
    profile = details.get("profile", {})
    if profile.get("email"):
        facts.append(("E-mail", md("{}", profile["email"])))
    if entity.tags:
        facts.append(("Tags", md("{}", cut(entity.tags.replace(" ", ", "), 200))))
    return facts


def _repository(details: Mapping[str, Any]) -> tuple[str, str] | None:
    """(address, what to call it)"""
    notes = details.get("annotations", {})
    for key, host in REPOSITORY_KEYS.items():
        if notes.get(key):
            return host + notes[key], notes[key]
    source = source_of(notes)
    where = source.target if source and source.type == "url" else ""
    return (where, where.partition("://")[2]) if where.startswith("https://") else None


def _relations(links: Sequence[Link]) -> list[Md]:
    told = []
    for type_, said in RELATIONS.items():
        names = [_named(each) for each in links if each.type == type_]
        if names:
            more = f" …and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
            told.append(md("*{}*: {}{}", Md(said), Md(", ".join(names[:MOST_NAMES])), Md(more)))
    return told


def _named(each: Link) -> Md:
    return md("{}", each.entity.name) if each.entity else md("{} (not in the catalog)", short(each.ref))


def _next(ask: Ask, entity: Entity, details: Mapping[str, Any]) -> list[Button]:
    ref = entity.ref
    if entity.kind == "Group":
        buttons = [Button("Team", f"team {ref}"), Button("On call", f"oncall {ref}")]
    elif entity.kind == "User":
        buttons = [Button("Who is this?", f"whois {ref}")]
    else:
        buttons = [Button("On call", f"oncall {ref}"), Button("Dependencies", f"deps {ref}")]
        buttons.append(Button("What breaks with it?", f"deps {ref} --blast-radius"))
        if is_offered(ask, PROD_ACCESS):
            buttons.append(Button("Access", f"access {ref}"))
        if launchable(ask, entity):
            buttons.append(Button("Launch workspace", f"workspace {ref}"))
    if entity.kind == "API":
        buttons.append(Button("API", f"api {ref}"))
    pages = [each for each in details.get("links", ()) if str(each.get("url", "")).startswith("https://")]
    return buttons + [
        Button(cut(str(each.get("title") or each["url"]), 40), url=each["url"]) for each in pages[:3]
    ]


def _data(
    ask: Ask, entity: Entity, owner: Owner, details: Mapping[str, Any], links: Sequence[Link]
) -> dict[str, Any]:
    repository = _repository(details)
    relations: dict[str, list[str]] = {}
    for each in links:
        relations.setdefault(each.type, []).append(each.ref)
    return {
        "entity": entity_data(ask.snapshot, entity),
        "description": entity.description,
        "tags": entity.tags.split(),
        "system": entity.system or None,
        "certainty": owner.certainty,
        "channel": contact(owner.entity or entity).channel,
        "repository": repository[0] if repository else "",
        "links": [
            {"title": each.get("title", ""), "url": each.get("url", "")} for each in details.get("links", ())
        ],
        "tools": tools_data(details),
        "relations": relations,
    }
