"""The person who asks, in the catalog."""

from commands.parts.ask import Ask
from data.catalog.entity import Entity
from data.errors import NotFound


def myself(ask: Ask) -> Entity:
    """The user of the catalog with the asker's e-mail. Raises NotFound with what to do."""
    email = ask.asker.email
    if not email:
        raise NotFound("I do not know your e-mail address.", "In a terminal: idp ask --as you@example.com …")
    match = ask.snapshot.resolve(email, ("User",))
    if match.entity is None or match.how != "email":
        raise NotFound(
            f"Nobody in the catalog has the e-mail address {email}.",
            "Add a User with spec.profile.email and memberOf to the catalog.",
        )
    return match.entity


def groups_of(ask: Ask, person: Entity) -> list[Entity]:
    """The groups that a person is a member of, each once."""
    return [link.entity for link in ask.snapshot.links(person.ref) if link.type == "memberOf" and link.entity]


def members_of(ask: Ask, group: Entity) -> list[Entity]:
    """The people who are members of a group."""
    return [link.entity for link in ask.snapshot.links(group.ref) if link.type == "hasMember" and link.entity]


def owned_by(ask: Ask, owner: Entity) -> list[Entity]:
    """What a group or person owns, living things first, then by kind and name."""
    owned = [link.entity for link in ask.snapshot.links(owner.ref) if link.type == "ownerOf" and link.entity]
    return sorted(
        owned, key=lambda each: (each.lifecycle == "deprecated", each.kind != "Component", each.kind, each.name)
    )
