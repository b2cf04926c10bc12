"""/idp team: a group, its people, its things, who is on call."""

from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.owners.duty import on_duty
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Rows, Section, code, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import contact, cut, display_name, plural
from commands.parts.texts.lines import lines
from commands.parts.typed.me import groups_of, members_of, myself, owned_by
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity, short
from data.errors import NotFound

MOST = 20


@command(
    "team", group="ASK", order=6, usage="team [<team>]", example="team team-payments", aliases=("group", "teams")
)
def team(ask: Ask) -> Reply:
    """A team: people, channel, lead, who is on call, what it owns. Without a name, your own.

    --json: team {ref, name, title}, parent, teams, members [{ref, name}], owns [reference], channel, lead.
    """
    group = _group(ask)
    people, owned = members_of(ask, group), owned_by(ask, group)
    children = _linked(ask, group, "parentOf")
    on_call = on_duty(ask, group, group.ref)[1]
    facts = [("On call", on_call), *_reach(ask, group)]
    names = cut(", ".join(map(display_name, people)), 300) or "none in the catalog"
    facts.append((f"People ({len(people):,})" if people else "People", md("{}", names)))
    if children:
        facts.append(("Teams", md("{}", cut(", ".join(map(short, children)), 300))))
    head = md("*{}*{}", group.label, md(" {}", code(group.name)) if group.label != group.name else "")
    parts: list[Part] = [
        Section(md("{}\n{}", head, group.description) if group.description else head),
        Fields(facts),
        Rows(
            lines(owned[:MOST]) or [Md("Owns nothing in the catalog.")],
            max(len(owned) - MOST, 0),
            f"find owner:{group.ref}",
        ),
        Note(source_note(ask, group)),
        Buttons(_next(group, len(owned))),
    ]
    text = md(
        "{}: {}, owns {} ({}); on call: {}",
        group.label,
        plural(len(people), "member"),
        len(owned),
        ", ".join(each.name for each in owned[:5]) or "nothing",
        on_call,
    )
    return Reply(text, parts, _data(ask, group, people, owned, children))


def _group(ask: Ask) -> Entity:
    if not ask.subject or ask.subject.lower() in ("me", "mine"):
        groups = groups_of(ask, myself(ask))
        if not groups:
            raise NotFound("You are a member of no team in the catalog.", "Say which: /idp team team-payments")
        return groups[0]
    entity = the_entity(ask, ("Group",))
    if entity.kind == "Group":
        return entity
    owner = ask.snapshot.owner(entity).entity
    if owner is None or owner.kind != "Group":
        raise NotFound(f"{entity.name} is a {entity.kind.lower()}, and no team is known for it.")
    ask.assumed.append(md("{} is a {}; this is the team that owns it.", entity.name, entity.kind.lower()))
    return owner


def _linked(ask: Ask, group: Entity, type_: str) -> list[str]:
    return [link.ref for link in ask.snapshot.links(group.ref) if link.type == type_]


def _reach(ask: Ask, group: Entity) -> list[tuple[str, Md]]:
    reach = contact(group)
    facts = [("Channel", reach.channel_md)] if reach.channel else []
    if reach.lead:
        lead = ask.snapshot.resolve(reach.lead, ("User",)).entity
        facts.append(("Lead", md("{}", display_name(lead) if lead else reach.lead)))
    parents = _linked(ask, group, "childOf")
    return [*facts, ("Belongs to", md("{}", ", ".join(map(short, parents))))] if parents else facts


def _next(group: Entity, owned: int) -> list[Button]:
    rest = [Button(f"Show all {owned:,}", f"find owner:{group.ref}")] if owned > MOST else []
    return [
        *rest,
        Button("On call", f"oncall {group.ref}"),
        Button("In production", f"find owner:{group.ref} lifecycle:production"),
        Button("My things", "mine"),
    ]


def _data(
    ask: Ask, group: Entity, people: list[Entity], owned: list[Entity], children: list[str]
) -> dict[str, Any]:
    reach = contact(group)
    return {
        "team": {"ref": group.ref, "name": group.name, "title": group.title},
        "parent": next(iter(_linked(ask, group, "childOf")), None),
        "teams": children,
        "members": [{"ref": each.ref, "name": display_name(each)} for each in people],
        "owns": [each.ref for each in owned],
        "channel": reach.channel,
        "lead": reach.lead,
    }
