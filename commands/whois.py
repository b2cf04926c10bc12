"""/idp whois: a person."""

from commands.parts.ask import Ask, command
from commands.parts.owners.shifts import on_call_as
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Section, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import contact, display_name
from commands.parts.typed.me import groups_of, myself, owned_by
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity
from data.errors import NotFound


@command("whois", group="ASK", order=8, usage="whois <person>", example="whois ann", aliases=("person", "user"))
def whois(ask: Ask) -> Reply:
    """Who somebody is: teams, channel, whether on call now. A name, an e-mail address, a mention, or me.

    --json: person {ref, name, email}, teams [reference], on_call [schedule], owns [reference].
    """
    person = myself(ask) if ask.subject.lower() in ("", "me", "@me") else the_entity(ask, ("User",))
    if person.kind != "User":
        raise NotFound(f"{person.name} is a {person.kind.lower()}, not a person.", f"Try /idp show {person.name}")
    groups, owned = groups_of(ask, person), owned_by(ask, person)
    email = str(person.details().get("profile", {}).get("email", ""))
    duty = on_call_as(ask, person)
    teams = Md(", ".join(_team(group) for group in groups)) or Md("none in the catalog")
    facts = [("Teams", teams), ("On call", Md("; ".join(duty.values())) or Md("not now"))]
    if email:
        facts.append(("E-mail", md("{}", email)))
    if owned:
        facts.append(("Owns", md("{}", ", ".join(each.name for each in owned[:10]))))
    name = display_name(person)
    parts: list[Part] = [
        Section(md("*{}*\n{}", name, person.description) if person.description else md("*{}*", name)),
        Fields(facts),
        Note(source_note(ask, person)),
        Buttons(
            [
                *[Button(group.label, f"team {group.ref}") for group in groups[:4]],
                Button("Shifts", f"oncall {person.ref}"),
            ]
        ),
    ]
    data = {
        "person": {"ref": person.ref, "name": name, "email": email},
        "teams": [group.ref for group in groups],
        "on_call": list(duty),
        "owns": [each.ref for each in owned],
    }
    return Reply(md("{}: teams {}; on call: {}", name, teams, facts[1][1]), parts, data)


def _team(group: Entity) -> Md:
    reach = contact(group)
    return md("{} ({})", group.label, reach.channel_md) if reach.channel else md("{}", group.label)
