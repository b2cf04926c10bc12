"""The golden path of a service on its card: the version it follows, how far behind, what it has missed."""

from typing import Any, NamedTuple

from commands.parts.ask import Ask
from commands.parts.golden_paths.template_lines import behind_md, edited_md, notes_md, standing_data
from commands.parts.reply import Button, Fields, Md, Part, Section, is_web, link, md
from commands.parts.texts.refs import moment
from commands.parts.typed.offers import is_offered
from data.catalog.entity import Entity
from workflows.templates.census import Standing, standing
from workflows.templates.following import UPDATE
from workflows.templates.proposals import Proposed, last_proposed

MOST_NOTES = 600  # characters of one version
MOST_VERSIONS = 2  # the newest ones


class Followed(NamedTuple):
    """How a service stands to its golden path, and the pull request to a version that it has not taken yet."""

    standing: Standing
    proposed: Proposed | None


def template_followed(ask: Ask, entity: Entity) -> Followed | None:
    """None for a service that follows no golden path of ours."""
    found = standing(ask.idp, ask.snapshot, entity)
    if found is None:
        return None
    proposed = last_proposed(ask.idp, entity.ref) if found.behind else None
    missing = {version.name for version in found.behind or ()}
    return Followed(found, proposed if proposed and proposed.version in missing else None)


def template_parts(found: Followed | None) -> list[Part]:
    """The version, the pull request to a newer one, and the migration notes of the versions that were missed."""
    if found is None:
        return []
    stands = found.standing
    said = [("Golden path", md("{}: {}; {}", stands.follower.path, behind_md(stands), edited_md(stands)))]
    if found.proposed:
        said.append(("Pull request", _proposed_md(found.proposed)))
    newest = list(stands.behind or ())[-MOST_VERSIONS:]
    notes: list[Part] = [Section(note) for note in notes_md([one for one in newest if one.notes], MOST_NOTES)]
    return [Fields(said), *notes]


def _proposed_md(proposed: Proposed) -> Md:
    """What became of it, as far as the catalog has not read it yet."""
    where = link(proposed.where, f"to {proposed.version}") if is_web(proposed.where) else md("{}", proposed.where)
    if proposed.is_open:
        return md("{} is open (request #{})", where, proposed.request)
    if proposed.state == "declined":
        return md(
            "{} was closed without being merged (request #{}); it can be opened again there",
            where,
            proposed.request,
        )
    return md("{} was merged {}; the catalog has not read it yet", where, moment(proposed.at))


def template_buttons(ask: Ask, found: Followed | None) -> list[Button]:
    """A button that asks for the pull request, or leads to the one that there is."""
    if found is None or not found.standing.behind or not is_offered(ask, UPDATE):
        return []
    version, ref = found.standing.behind[-1].name, found.standing.follower.entity.ref
    known = found.proposed
    if known and known.version == version:
        return [Button("Pull request", url=known.where)] if is_web(known.where) else []
    return [Button(f"Follow {version}…"[:70], f"run {UPDATE.name} {ref} version={version}")]


def template_data(found: Followed | None) -> dict[str, Any] | None:
    """The same for machines."""
    if found is None:
        return None
    known = found.proposed
    pull = {"version": known.version, "state": known.state, "where": known.where} if known else None
    return standing_data(found.standing) | {"template": found.standing.follower.path, "pull_request": pull}
