"""The golden path of a service on its card: the version it follows, how far behind, what it has missed."""

from typing import Any

from commands.parts.ask import Ask
from commands.parts.golden_paths.template_lines import behind_md, edited_md, notes_md, standing_data
from commands.parts.reply import Button, Fields, Part, Section, md
from data.catalog.entity import Entity
from workflows.templates.census import Standing, standing
from workflows.templates.following import POLICY, UPDATE

MOST_NOTES = 600  # characters of one version
MOST_VERSIONS = 2  # the newest ones


def template_standing(ask: Ask, entity: Entity) -> Standing | None:
    """How the service stands to its golden path, None for one that follows none of ours."""
    return standing(ask.idp, ask.snapshot, entity)


def template_parts(found: Standing | None) -> list[Part]:
    """The version, and the migration notes of the versions that were missed."""
    if found is None:
        return []
    said = md("{}: {}; {}", found.follower.path, behind_md(found), edited_md(found))
    newest = list(found.behind or ())[-MOST_VERSIONS:]
    notes: list[Part] = [Section(note) for note in notes_md([one for one in newest if one.notes], MOST_NOTES)]
    return [Fields([("Golden path", said)]), *notes]


def template_buttons(ask: Ask, found: Standing | None) -> list[Button]:
    """A button that asks for the pull request."""
    if found is None or not found.behind or POLICY not in ask.idp.policies:
        return []
    version, ref = found.behind[-1].name, found.follower.entity.ref
    return [Button(f"Follow {version}…"[:70], f"run {UPDATE.name} {ref} version={version}")]


def template_data(found: Standing | None) -> dict[str, Any] | None:
    """The same for machines."""
    return None if found is None else standing_data(found) | {"template": found.follower.path}
