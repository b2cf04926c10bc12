"""What owners are shown when a golden path has a new version."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from data.idp import Idp
from data.ports.chat import Card
from data.store.templates import Version
from workflows.authority import current, owner_ref
from workflows.templates.census import census


@dataclass(frozen=True, slots=True)
class TemplateCard(Card):
    """A new version, and which services of one owner have not taken it yet: (reference, name, version) of each."""

    path: str
    title: str
    version: str
    services: Sequence[tuple[str, str, str]]
    notes: Sequence[Version]


def template_card(idp: Idp, text: str) -> TemplateCard | None:
    """The card of a message that says what it is about; None when the golden path is gone."""
    about = orjson.loads(text)
    snapshot = current(idp)
    found = census(idp, snapshot).of(about["path"])
    if found is None:
        return None
    theirs = [
        each
        for each in found.standings
        if any(version.name == about["version"] for version in each.behind or ())
        and owner_ref(snapshot, each.follower.entity) == about["owner"]
    ]
    services = [(s.follower.entity.ref, s.follower.entity.name, s.follower.origin.version) for s in theirs]
    notes = max((list(each.behind or ()) for each in theirs), key=len, default=[])
    return TemplateCard(found.path.id, found.path.title, about["version"], services, notes)
