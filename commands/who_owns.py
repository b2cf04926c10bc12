"""/idp who-owns: the question asked most."""

from typing import Any, Final

from commands.parts.ask import Ask, Unclear, command
from commands.parts.board import Told
from commands.parts.board_now import board_of
from commands.parts.duty import duty_of, on_call_now, on_duty, shift_data
from commands.parts.facts import source_data, source_facts
from commands.parts.labels import contact, display_name, label, named
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.me import groups_of
from commands.parts.naming import resolved
from commands.parts.opinion import (
    CLAIMED,
    Opinion,
    by_codeowners_alone,
    claim_on,
    opinion_data,
    opinion_of,
    path_asked,
    said_of_path,
    second_opinion,
)
from commands.parts.reply import Button, Buttons, Later, Md, Note, Reply, Section, escape, md
from commands.parts.shifts import on_call_as
from data.catalog.entity import Entity
from data.catalog.snapshot import Owner

NAME, TOLD, SOURCE, PLACE, AGE, REF = BLANKS[:6]
CARD, ON_CALL, DEPENDENCIES = (
    Button("Card", f"show {REF}"),
    Button("On call", f"oncall {REF}"),
    Button("Dependencies", f"deps {REF}"),
)
SAID = (Section(Md(f"*{NAME}* {TOLD}")), Note(Md(f"{SOURCE} · {PLACE} · {AGE}")))
OWNED: Final = Layout(*SAID, Buttons((CARD, ON_CALL, DEPENDENCIES)))
ITSELF: Final = Layout(*SAID, Buttons((CARD, ON_CALL)))  # a group or person


@command(
    "who-owns",
    group="ASK",
    order=1,
    usage="who-owns <name>",
    example="who-owns checkout",
    aliases=("who", "owner", "owns", "whoowns", "who-own"),
)
def who_owns(ask: Ask) -> Reply:
    """Who owns it: the team, its channel and lead, who is on call now, and how sure that is.

    The name may be a reference, title, alias, repository (also its URL), or nearly right. Works for components,
    APIs, resources, systems, domains, groups and people. For the address of a file or a folder in a repository,
    CODEOWNERS answers beside the catalog; where the two differ, both are said.
    --json: entity, name, owner (reference or null), owner_name, certainty, channel, lead, on_call [shift], source,
    codeowners ({repository, path, owners, groups, file} or null).
    """
    subject = ask.subject
    entity = ask.snapshot.named(subject)
    if entity is not None:
        return _answer(ask, entity, None)
    asked = path_asked(ask) if "/" in subject else None
    try:
        return _answer(ask, resolved(ask, subject), asked)
    except Unclear:
        if asked is None:
            raise
        return by_codeowners_alone(asked)


def _answer(ask: Ask, entity: Entity, asked: Opinion | None) -> Reply:
    told = _told(ask, entity)
    if told.owner.certainty == "probably":
        ask.remarks.append(_why_probably(entity, told.owner))
    if CLAIMED in entity.detail:  # packing leaves it readable
        ask.remarks.append(claim_on(entity))
    if asked is not None:
        ask.remarks.append(said_of_path(asked))
    elif ask.snapshot.repositories.known and (opinion := second_opinion(ask, entity, told.owner)):
        ask.remarks.append(opinion)
    ref = entity.ref
    layout, name = (ITSELF, label(entity)) if told.owner.ref == ref else (OWNED, entity.name)
    name = escape(name)
    values = (name, told.section, *source_facts(ask, entity), ref)
    return Reply(Md(f"{name} {told.text}"), Filled(layout, values), Later(_data, ask, entity, told, asked))


def _told(ask: Ask, entity: Entity) -> Told:
    """What is said of an entity after its name: the same of everything that its owner owns, for some seconds."""
    if entity.kind == "User":
        return _person(ask, entity)
    if entity.kind == "Group":  # answers for itself
        said = f"({escape(entity.name)}) is a {escape(entity.type or entity.kind.lower())}"
        return _tell(ask, entity, Owner(entity.ref, entity, "declared"), said, _reach(ask, entity))
    board = board_of(ask)
    known = board.told.get(entity.owner) or board.quiet.get(entity.owner)
    if known is not None and entity.ref not in board.covering:
        return known
    owner = ask.snapshot.owner(entity)
    told = _tell(ask, entity, owner, _owned(owner), _reach(ask, owner.entity) if owner.entity else "")
    if entity.ref not in board.covering:
        (board.told if told.duty.schedules else board.quiet)[entity.owner] = told
    return told


def _person(ask: Ask, person: Entity) -> Told:
    """Nobody owns a person: the teams, and the shifts that are this person's own."""
    said = f"({escape(person.name)}) is a person"
    teams = [named(group) for group in groups_of(ask, person)]
    reach = f"\nTeams: {', '.join(teams)}" if teams else ""
    on_call = "; ".join(on_call_as(ask, person).values()) or "not now"
    duty = duty_of(ask, person, person.ref)
    section = f"{said}{reach}\nOn call: {on_call}"
    return Told(Owner(person.ref, person, "declared"), duty, section, f"{said}; on call: {on_call}")


def _tell(ask: Ask, entity: Entity, owner: Owner, said: str, reach: str) -> Told:
    duty, on_call = on_duty(ask, entity, owner.ref)
    section = f"{said}\n{reach}\nOn call: {on_call}" if reach else f"{said}\nOn call: {on_call}"
    return Told(owner, duty, section, f"{said.replace('*', '')}; on call: {on_call}")


def _owned(owner: Owner) -> str:
    if owner.certainty == "not stated":
        return "states no owner"
    if owner.entity is None:
        return f"is owned by *{escape(owner.ref)}*, which is not in the catalog"
    probably = "probably " if owner.certainty == "probably" else ""
    return f"is {probably}owned by {named(owner.entity)}"


def _why_probably(entity: Entity, owner: Owner) -> Md:
    return md("Its file says {}, which is not in the catalog; only {} has that name.", entity.owner, owner.ref)


def _reach(ask: Ask, owner: Entity) -> str:
    """Channel and lead of the owner; what is not known is left away."""
    known = contact(owner)
    facts = [f"Channel: {known.channel_md}"] if known.channel else []
    if known.lead:
        facts.append(f"Lead: {escape(_lead(ask, known.lead))}")
    return " · ".join(facts)


def _lead(ask: Ask, lead: str) -> str:
    ref = lead.lower() if "/" in lead else f"user:default/{lead.lower().removeprefix('user:')}"
    person = ask.snapshot.get(ref)
    return display_name(person) if person else lead


def _data(ask: Ask, entity: Entity, told: Told, asked: Opinion | None) -> dict[str, Any]:
    owner, duty = told.owner, told.duty
    reach = contact(owner.entity) if owner.entity else None
    return {
        "entity": entity.ref,
        "name": entity.name,
        "owner": owner.ref or None,
        "owner_name": owner.entity.label if owner.entity else "",
        "certainty": owner.certainty,
        "channel": reach.channel if reach else "",
        "lead": reach.lead if reach else "",
        "on_call": [shift_data(ask, shift) for shift in on_call_now(ask, duty)],
        "source": source_data(entity),
        "codeowners": opinion_data(asked or opinion_of(ask, entity)),
    }
