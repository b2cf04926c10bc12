"""Which teams get a digest, when each wants it, and where it goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.digests import DigestConfig, read_frequency, read_quiet
from data.idp import Idp
from data.store.digests import Setting
from data.walltime import zone_named
from workflows.authority import known_person
from workflows.digests.calendar import Rhythm
from workflows.telling.places import channel_of

TIMEZONE, QUIET, FREQUENCY, LEADS = (
    "idp/timezone",
    "idp/quiet-hours",
    "idp/digest",
    ("idp/lead", "backstage.io/lead"),
)
OFF = frozenset({"off", "none", "never"})  # as the frequency of a team that wants none
_ARCHIVE = re.compile(r"https://[\w-]+(?:\.enterprise)?\.slack\.com/archives/(\w+)/?").match


@dataclass(frozen=True, slots=True)
class Place:
    """Where a team reads its digest: a channel, or user:… for a DM to its lead; "" when neither is known."""

    name: str
    why: str  # where that stands: "configuration", "catalog", "link", "lead" or ""


def teams_of(snapshot: Snapshot) -> Iterator[Entity]:
    """The groups that own anything, in a steady order."""
    groups = {
        owner.entity.ref: owner.entity
        for owner in map(snapshot.owner, snapshot)
        if owner.entity is not None and owner.entity.kind == "Group" and owner.certainty == "declared"
    }
    return (groups[ref] for ref in sorted(groups))


def rhythm_of(config: DigestConfig, team: Entity, setting: Setting) -> Rhythm:
    """What the team has set itself, else its annotations, else the configuration."""
    notes, usual = _notes(team), usual_rhythm(config)
    frequency = read_frequency(setting.frequency) or read_frequency(notes.get(FREQUENCY, ""))
    quiet = read_quiet(setting.quiet) or read_quiet(notes.get(QUIET, ""))
    return replace(
        usual,
        zone=zone_of_team(config, team),
        quiet=None if setting.quiet == "none" else quiet or usual.quiet,
        frequency=frequency or usual.frequency,
        muted_until=setting.muted_until,
    )


def zone_of_team(config: DigestConfig, team: Entity | None) -> ZoneInfo:
    """Whose wall time a team lives by: its annotation's, else the configuration's."""
    named = zone_named(_notes(team).get(TIMEZONE, "")) if team is not None else None
    return named or usual_rhythm(config).zone


def usual_rhythm(config: DigestConfig) -> Rhythm:
    """What the configuration says."""
    zone = zone_named(config.timezone) or ZoneInfo("UTC")
    return Rhythm(zone, config.day, config.at, config.quiet, config.frequency)


def wants_none(team: Entity, setting: Setting) -> bool:
    """Whether the catalog says that this team gets no digest, and the team has not asked for one since."""
    return not setting.frequency and _notes(team).get(FREQUENCY, "").strip().lower() in OFF


def place_of(idp: Idp, snapshot: Snapshot, team: Entity) -> Place:
    """The channel that the configuration names, else the catalog's annotation, else the group's Slack link, else
    the lead."""
    if channel := idp.digests.channels.get(team.ref, ""):
        return Place(channel, "configuration")
    if channel := channel_of(team):
        return Place(channel, "catalog")
    if channel := _linked(team):
        return Place(channel, "link")
    lead = _lead(snapshot, team)
    return Place(lead, "lead") if lead else Place("", "")


def _linked(team: Entity) -> str:
    """The id of the channel that one of the group's links leads to."""
    links: list[dict[str, Any]] = team.details().get("links", [])
    found = (_ARCHIVE(str(link.get("url", ""))) for link in links)
    return next((match[1] for match in found if match), "")


def _lead(snapshot: Snapshot, team: Entity) -> str:
    notes = _notes(team)
    named = next((notes[key] for key in LEADS if notes.get(key)), "")
    person = snapshot.resolve(named, ("User",)).entity if named else None
    return person.ref if person is not None and known_person(snapshot, person.ref) else ""


def _notes(team: Entity) -> dict[str, str]:
    return {key: str(value) for key, value in team.details().get("annotations", {}).items()}
