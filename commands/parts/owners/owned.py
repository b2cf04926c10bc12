"""What is said of everything that an owner owns: who that is, how to reach them, who is on call."""

from commands.parts.ask import Ask
from commands.parts.board import Duty, Told
from commands.parts.board_now import board_of
from commands.parts.owners.duty import duty_of, on_duty, owner_on_duty
from commands.parts.owners.shifts import on_call_as
from commands.parts.reply import Md, escape
from commands.parts.texts.labels import contact, display_name, named
from commands.parts.typed.me import groups_of
from data.catalog.entity import Entity
from data.catalog.snapshot import Owner


def told_of_owner(ask: Ask, ref: str) -> Told:
    """Of what states this owner and has no schedule of its own; kept on the board."""
    told = board_of(ask).told[ref] = said_of_owner(ask, ref)
    return told


def said_of_owner(ask: Ask, ref: str) -> Told:
    """`told_of_owner`, not kept."""
    owner = ask.snapshot.owner_of(ref)
    return _told(ask, owner, owner_on_duty(ask, owner.ref))


def told_of_covered(ask: Ask, entity: Entity) -> Told:
    """Of an entity with a schedule of its own."""
    owner = ask.snapshot.owner(entity)
    return _told(ask, owner, on_duty(ask, entity, owner.ref))


def told_of_itself(ask: Ask, entity: Entity) -> Told:
    """Of a group or a person, who answer for themselves."""
    if entity.kind == "User":
        return _person(ask, entity)
    said = f"({escape(entity.name)}) is a {escape(entity.type or entity.kind.lower())}"
    owner = Owner(entity.ref, entity, "declared")
    return _put(owner, said, _reach(ask, entity), on_duty(ask, entity, entity.ref))


def _person(ask: Ask, person: Entity) -> Told:
    """Nobody owns a person: the teams, and the shifts that are this person's own."""
    said = f"({escape(person.name)}) is a person"
    teams = [named(group) for group in groups_of(ask, person)]
    reach = f"\nTeams: {', '.join(teams)}" if teams else ""
    on_call = "; ".join(on_call_as(ask, person).values()) or "not now"
    duty = duty_of(ask, person, person.ref)
    section = f"{said}{reach}\nOn call: {on_call}"
    return Told(Owner(person.ref, person, "declared"), duty, section, f"{said}; on call: {on_call}")


def _told(ask: Ask, owner: Owner, on_duty: tuple[Duty, Md]) -> Told:
    return _put(owner, _owned(owner), _reach(ask, owner.entity) if owner.entity else "", on_duty)


def _put(owner: Owner, said: str, reach: str, on_duty: tuple[Duty, Md]) -> Told:
    duty, on_call = on_duty
    section = f"{said}\n{reach}\nOn call: {on_call}" if reach else f"{said}\nOn call: {on_call}"
    return Told(owner, duty, section, f"{said.replace('*', '')}; on call: {on_call}")


def _owned(owner: Owner) -> str:
    if owner.certainty == "not stated":
        return "states no owner"
    if owner.entity is None:
        return f"is owned by *{escape(owner.ref)}*, which is not in the catalog"
    probably = "probably " if owner.certainty == "probably" else ""
    return f"is {probably}owned by {named(owner.entity)}"


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
