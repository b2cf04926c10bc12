"""Groups that policies name, against the catalog files that are checked along with them."""

from collections.abc import Iterator
from typing import Any, Final

from data.documents.values import Path as At
from data.lint import Finding, Held

LISTS: Final = frozenset({"groups", "from"})  # keys of policies under which groups stand
WORDS: Final = frozenset({"*", "owners"})  # what stands there beside groups
EXPECTED: Final = "a group of the catalog, unless a directory tells it"


def group_findings(held: Held) -> Iterator[Finding]:
    """A warning for each group that is not there; none where no catalog file with a group was checked."""
    if not held.policies or not any(entity.kind == "Group" for entity in held.entities):
        return
    from data.catalog.snapshot import Snapshot
    from workflows.authority import group_ref

    snapshot = Snapshot.build({entity.ref: entity for entity in held.entities}.values())
    for file, document in held.policies:
        for at, name in _named(document.value.get("policies"), ("policies",)):
            if name not in WORDS and not group_ref(snapshot, name):
                line = document.lines.nearest(at, document.line)
                message = f"{at[1]} names the group {name}, which is not in the catalog files that were checked."
                yield Finding(str(file), line, "warning", message, EXPECTED)


def _named(value: Any, at: At) -> Iterator[tuple[At, str]]:
    """Where each group is named below, and how."""
    if isinstance(value, str) and len(at) > 1 and at[-2] in LISTS:
        yield at, value
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in below:
        yield from _named(inner, (*at, step))
