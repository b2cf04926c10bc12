"""What `idp doctor` looks at of on-call: whether each system answers, and when nobody is on call."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.terminal.finding import Finding
from commands.parts.typed.moments import say
from data.errors import UserError
from data.idp import Idp
from data.integrations.gaps import Gap, gaps
from data.integrations.oncall import NOT_CONNECTED
from data.walltime import zone_named

AHEAD: Final = timedelta(days=14)
MOST: Final = 10  # schedules with gaps that are told one by one


def oncall_findings(idp: Idp) -> Iterator[Finding]:
    """What each system says, then every fault of files and feeds, then the gaps."""
    told = set()
    for system in idp.oncall_systems:
        try:
            system.check()
            yield Finding("ok", f"On-call: {system.name} answers")
        except UserError as error:
            told.add(error.message)
            yield Finding("error", f"On-call: {system.name}: {error.message}", error.hint)
    yield from _gaps(idp, told)


def _gaps(idp: Idp, told: Collection[str]) -> Iterator[Finding]:
    """Each schedule with its first gap, and how many more it has; before them what else is wrong."""
    now = idp.now().replace(minute=0, second=0, microsecond=0)
    rotas = idp.oncall.rotas(now, now + AHEAD)
    if NOT_CONNECTED in rotas.failures:
        return  # nobody is on call here, which is no fault
    yield from (Finding("error", f"On-call: {failure}") for failure in rotas.failures if failure not in told)
    by_schedule: dict[str, list[Gap]] = {}
    for gap in gaps(rotas, idp.now(), now + AHEAD):
        by_schedule.setdefault(f"{gap.schedule.source}: {gap.schedule.name}", []).append(gap)
    for name, found in list(by_schedule.items())[:MOST]:
        yield Finding("warning", f"On-call: {_told(name, found, idp)}", "Fill the gap, or name another level.")
    if len(by_schedule) > MOST:
        yield Finding("warning", f"On-call: {len(by_schedule) - MOST} more schedules have gaps")
    if not by_schedule and not rotas.failures:
        yield Finding("ok", f"On-call: {len(rotas.schedules)} schedules, no gap within two weeks")


def _told(name: str, found: list[Gap], idp: Idp) -> str:
    gap = found[0]
    zone = zone_named(gap.schedule.timezone) or ZoneInfo("UTC")
    span = f"{say(gap.start, zone, idp.now())} to {say(gap.end, zone, idp.now())}"
    who = "nobody is on the first level" if gap.below else "nobody is on call"
    more = f", and {len(found) - 1} more times within two weeks" if len(found) > 1 else ""
    return f"{name}: {who} from {span}{more}"
