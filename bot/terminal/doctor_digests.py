"""What `idp doctor` says about weekly digests: whether they are on, and which teams none would reach."""

from collections.abc import Iterator
from typing import Final

from bot.terminal.finding import Finding
from data.errors import UserError
from data.idp import Idp
from data.store import digests
from workflows.digests.teams import place_of, teams_of

NAMED: Final = 10  # teams in one finding


def digest_findings(idp: Idp) -> Iterator[Finding]:
    """Nothing when digests are off: that is a choice."""
    if not idp.digests.on:
        return
    try:
        idp.catalog.refresh()
        with idp.database.reading() as store:
            failed = digests.find(store, {"failed"})
    except UserError:
        return  # the database has a finding of its own
    snapshot = idp.catalog.snapshot
    teams = list(teams_of(snapshot))
    lost = [team.name for team in teams if not place_of(idp, snapshot, team).name]
    yield Finding("ok", f"Digests: {idp.digests.frequency}, for {len(teams)} teams")
    if lost:
        names = ", ".join(lost[:NAMED]) + (f" and {len(lost) - NAMED} more" if len(lost) > NAMED else "")
        hint = "Annotate the group with slack.com/channel or idp/lead, or name it in digests.channels."
        yield Finding("warning", f"Digests: no channel and no lead is known for {names}", hint)
    if failed:
        last = failed[-1]
        what = f"Digests: {len(failed)} could not be posted, the last in {last.place}: {last.error}"
        yield Finding("warning", what, "`idp digest send --again` tries those of this week once more.")
