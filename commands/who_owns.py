"""/idp who-owns: the question asked most."""

from typing import Any

from commands.ask import Ask, command
from commands.duty import Duty, display_name, duty_of, now_md, on_call_now, shift_data
from commands.facts import contact, owner_md, source_data, source_note
from commands.naming import the_entity
from commands.reply import Button, Buttons, Md, Note, Reply, Section, md
from data.catalog.entity import Entity
from data.catalog.snapshot import Owner


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
    APIs, resources, systems, domains, groups and people.
    --json: entity, name, owner (reference or null), owner_name, certainty, channel, lead, on_call [shift], source.
    """
    entity = the_entity(ask)
    owner = _answerable(ask, entity)
    duty = duty_of(ask, entity, owner.ref)
    on_call = now_md(ask, duty)
    said = _sentence(entity, owner)
    lines = [said, _reach(ask, owner), md("On call: {}", on_call)]
    return Reply(
        Md(f"{said.replace('*', '')}; on call: {on_call}"),
        (
            Section(Md("\n".join(filter(None, lines)))),
            Note(source_note(ask, entity)),
            Buttons(_next(entity, owner)),
        ),
        _data(ask, entity, owner, duty),
    )


def _answerable(ask: Ask, entity: Entity) -> Owner:
    """The owner; a group answers for itself, and so does a person."""
    return (
        Owner(entity.ref, entity, "declared") if entity.kind in ("Group", "User") else ask.snapshot.owner(entity)
    )


def _sentence(entity: Entity, owner: Owner) -> Md:
    if owner.ref == entity.ref:
        return md("*{}* ({}) is a {}", entity.label, entity.name, entity.type or entity.kind.lower())
    if owner.certainty == "not stated":
        return md("*{}* states no owner", entity.name)
    if owner.entity is None:
        return md("*{}* is owned by *{}*, which is not in the catalog", entity.name, owner.ref)
    return md("*{}* is owned by {}", entity.name, owner_md(owner))


def _reach(ask: Ask, owner: Owner) -> Md:
    """Channel and lead of the owner; what is not known is left away."""
    if owner.entity is None:
        return Md("")
    known = contact(owner.entity)
    facts = [md("Channel: {}", known.channel_md)] if known.channel else []
    if known.lead:
        facts.append(md("Lead: {}", _lead(ask, known.lead)))
    return Md(" · ".join(facts))


def _lead(ask: Ask, lead: str) -> str:
    ref = lead.lower() if "/" in lead else f"user:default/{lead.lower().removeprefix('user:')}"
    person = ask.snapshot.get(ref)
    return display_name(person) if person else lead


def _next(entity: Entity, owner: Owner) -> list[Button]:
    buttons = [Button("Card", f"show {entity.ref}"), Button("On call", f"oncall {entity.ref}")]
    if entity.kind not in ("Group", "User"):
        buttons.append(Button("Dependencies", f"deps {entity.ref}"))
    if owner.entity is not None and owner.entity.kind == "Group":
        buttons.append(Button("Team", f"team {owner.ref}"))
    return buttons


def _data(ask: Ask, entity: Entity, owner: Owner, duty: Duty) -> dict[str, Any]:
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
    }
