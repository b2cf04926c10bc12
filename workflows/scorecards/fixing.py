"""How a failing check is fixed: by an action, an edit of a file, or a page to begin with."""

from dataclasses import dataclass

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
    raise NotImplementedError
