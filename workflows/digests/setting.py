"""What a team says about its digest: not for a while, not at these hours, less often. Each is written down."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from data.digests import FREQUENCIES, read_frequency, read_quiet
from data.errors import Invalid, NotAllowed, NotFound
from data.idp import Idp
from data.store import audit, digests
from data.store.digests import Setting
from workflows.authority import current, group_ref, groups, known_person, members
from workflows.journal import Actor, entry

LONGEST_MUTE: Final = timedelta(days=366)


def mute(idp: Idp, team: str, until: datetime, actor: Actor) -> Setting:
    """No digest until then. Raises NotFound, NotAllowed (not of the team), Invalid (past, more than a year)."""
    now = idp.now()
    if not now < until <= now + LONGEST_MUTE:
        raise Invalid(
            "A digest can be muted until a day within the next year.", "Such as: digest mute until 2 jan"
        )
    return _changed(idp, team, actor, muted_until=until)


def unmute(idp: Idp, team: str, actor: Actor) -> Setting:
    """From now on again."""
    return _changed(idp, team, actor, muted_until=None)


def be_quiet(idp: Idp, team: str, hours: str, actor: Actor) -> Setting:
    """Nothing is posted in these hours (18:00-09:30, the team's wall time); "none" for no such hours."""
    if hours != "none" and read_quiet(hours) is None:
        raise Invalid(f"{hours} are no hours.", "Such as: digest quiet 18:00-09:30, or digest quiet none")
    quiet = read_quiet(hours)
    return _changed(idp, team, actor, quiet=str(quiet) if quiet else "none")


def every(idp: Idp, team: str, frequency: str, actor: Actor) -> Setting:
    """How often: weekly, fortnightly or monthly."""
    known = read_frequency(frequency)
    if known is None:
        raise Invalid(f"{frequency} is no frequency.", f"It is one of {', '.join(FREQUENCIES)}.")
    return _changed(idp, team, actor, frequency=known)


def _changed(idp: Idp, team: str, actor: Actor, **values: object) -> Setting:
    must_belong(idp, team, actor)
    now = idp.now()
    with idp.database.store() as store:
        before = digests.setting(store, team)
        after = replace(before, **values)  # type: ignore[arg-type]  # fields of it, each named above
        digests.keep(store, after, actor.person, now)
        detail = {name: _said(value) for name, value in values.items()}
        audit.append(store, entry("digest.set", actor, team, detail=detail), now)
    return after


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


def must_belong(idp: Idp, team: str, actor: Actor) -> None:
    """Only people of the team (or above it), and of the platform team. Raises NotFound or NotAllowed."""
    snapshot = current(idp)
    entity = snapshot.get(team)
    if entity is None or entity.kind.lower() != "group":
        raise NotFound(f"There is no team {team.rpartition('/')[2]}.")
    platform = group_ref(snapshot, idp.platform_owner)
    belongs = team in groups(snapshot, actor.person) or actor.person in members(snapshot, team)
    if not known_person(snapshot, actor.person) or not (
        belongs or actor.person in (members(snapshot, platform) if platform else ())
    ):
        raise NotAllowed(f"Only people of {entity.label} can do this.", "Ask one of them.")
