"""Templates of a Backstage catalog: they are listed with what they ask, and run where they live."""

from commands.parts.reply import Md, Part, Rows, Section, link, md
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot

SHOWN = 20


def templates_elsewhere(snapshot: Snapshot) -> list[Entity]:
    """The entities of kind Template, by name."""
    found = (hit.ref for hit in snapshot.search("kind:Template", SHOWN).hits)
    return [entity for entity in map(snapshot.get, found) if entity is not None]


def elsewhere_parts(snapshot: Snapshot) -> list[Part]:
    """What they are and ask; nothing when there are none."""
    found = templates_elsewhere(snapshot)
    if not found:
        return []
    return [Section(Md("*Run elsewhere*, in Backstage:")), Rows([_line(one) for one in found])]


def _line(entity: Entity) -> Md:
    details = entity.details()
    url, asked = str(details.get("url", "")), ", ".join(details.get("parameters", ()))
    name = link(url, entity.label) if url else md("{}", entity.label)
    return md("\u2022 {}{}", name, md(": asks for {}", asked) if asked else Md(""))
