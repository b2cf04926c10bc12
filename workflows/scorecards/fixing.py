"""How a failing check is fixed: by an action, an edit of a file, or a page to begin with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.scorecards.rules import Rule


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do: `text` a sentence; `action` with `target` to ask for; `link` to open; `edit` lines to put into
    the file at `path`, line `line`. What does not apply is empty."""

    text: str
    action: str = ""
    link: str = ""
    edit: str = ""
    path: str = ""
    line: int = 0


def remedy(idp: Idp, snapshot: Snapshot, entity: Entity, rule: Rule) -> Remedy:
    """What fixes this rule for this entity."""
    action = rule.fix.action if rule.fix.action in idp.policies else ""  # without a policy it would be refused
    found = Remedy(rule.fix.text or rule.why, action=action, link=_filled(rule.fix.link, snapshot, entity))
    for fact in rule.facts:
        if edit := EDITS.get(fact):
            text, lines = edit(snapshot, entity)
            return replace(found, text=rule.fix.text or text, edit=lines, path=entity.path, line=entity.line)
    return found


def _filled(link: str, snapshot: Snapshot, entity: Entity) -> str:
    """The link with what is known of the entity; "" where something that it needs is not."""
    slug = _slug(snapshot, entity)
    if not link or ("{repository}" in link and not slug):
        return ""
    known = {"{name}": entity.name, "{ref}": entity.ref, "{repository}": f"github.com/{slug}"}
    for key, value in known.items():
        link = link.replace(key, value)
    return link


def _slug(snapshot: Snapshot, entity: Entity) -> str:
    held = snapshot.repositories.of(entity)
    annotations = entity.details().get("annotations", {})
    return held[0].name if held else str(annotations.get("github.com/project-slug", ""))


def _owner(snapshot: Snapshot, entity: Entity) -> tuple[str, str]:
    near = snapshot.resolve(entity.owner.rpartition("/")[2], ("Group",)).entity if entity.owner else None
    name = near.name if near is not None and near.kind == "Group" else "the-team-that-answers-for-it"
    return "Name a group of the catalog as its owner.", f"spec:\n  owner: {name}"


def _description(_snapshot: Snapshot, entity: Entity) -> tuple[str, str]:
    return "Say in one sentence what it does.", f"metadata:\n  description: What {entity.name} does, and for whom."


def _docs(_snapshot: Snapshot, entity: Entity) -> tuple[str, str]:
    return (
        "Link its documentation.",
        f"metadata:\n  links:\n    - {{url: https://…/{entity.name}, title: Documentation, type: docs}}",
    )


def _tags(_snapshot: Snapshot, _entity: Entity) -> tuple[str, str]:
    return "Add tags by which it can be found.", "metadata:\n  tags: [python, payments]"


def _lifecycle(_snapshot: Snapshot, _entity: Entity) -> tuple[str, str]:
    return "State its lifecycle.", "spec:\n  lifecycle: production"


def _definition(_snapshot: Snapshot, entity: Entity) -> tuple[str, str]:
    return (
        f"Give each API that {entity.name} provides a definition.",
        "spec:\n  definition:\n    $text: ./openapi.yaml",
    )


EDITS: Final[Mapping[str, Callable[[Snapshot, Entity], tuple[str, str]]]] = {
    "catalog.owner": _owner,
    "catalog.description": _description,
    "catalog.docs": _docs,
    "catalog.tags": _tags,
    "catalog.lifecycle": _lifecycle,
    "catalog.api_definitions": _definition,
}
"""What an edit of the catalog file mends: a sentence, and the lines."""
