"""The waves of an upgrade: each waits until the pull requests of the one before are merged or closed.

Waiting is the row of the step: what is open is looked at again after a while, and a person may go on earlier, or
stop there. Nothing of it is counted as a try that failed.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, Self

from data.catalog.snapshot import Snapshot
from data.errors import NotFound, Unavailable, UserError
from workflows.action import NotYet, Work
from workflows.authority import current
from workflows.requests.run import say
from workflows.templates.merging import ENOUGH, MEANWHILE, OPEN, pace, seen
from workflows.templates.pulling import Opened, Upgrade, open_pull_request, withdraw

SIZE: Final = 5
AWAY: Final = "Not reached: "
NAMED: Final = 10  # services in a sentence


@dataclass(frozen=True, slots=True)
class Waves:
    """How far the waves have come: `out` of them are out since `since`. `told` is what a person said meanwhile."""

    services: Sequence[str]
    size: int
    opened: Sequence[Opened] = ()
    out: int = 0
    since: datetime | None = None
    told: Literal["", "go", "stop"] = ""

    @classmethod
    def of(cls, work: Work) -> Self:
        """As the work has kept it."""
        kept, size = work.kept, int(work.request.parameters.get("wave", SIZE))
        return cls(
            work.results["choose"]["services"],
            size,
            [Opened(*one) for one in kept.get("pull_requests", ())],
            int(kept.get("out", 0)),
            datetime.fromisoformat(kept["since"]) if kept.get("since") else None,
            kept.get("told", ""),
        )

    @property
    def count(self) -> int:
        return -(-len(self.services) // self.size)

    @property
    def newest(self) -> Sequence[Opened]:
        """The services of the wave that is out."""
        return self.opened[max(0, self.out - 1) * self.size :]

    @property
    def next(self) -> Sequence[str]:
        return self.services[self.out * self.size : (self.out + 1) * self.size]

    def kept(self) -> dict[str, Any]:
        """As it is written down."""
        rows = [[each.entity, each.state, each.where, each.conflicts, each.note] for each in self.opened]
        since = self.since.isoformat() if self.since else ""
        return {"pull_requests": rows, "out": self.out, "since": since}


def roll_out(work: Work, to: Upgrade) -> Mapping[str, Any]:
    """Wave by wave, each told in the thread. Raises NotYet while one is waited for."""
    waves, at_once = Waves.of(work), bool(work.request.parameters.get("at_once"))
    while True:
        if waves.out:
            waves = waves if at_once else _followed(work, to, waves)
            if waves.told == "stop":
                return _stopped(work, waves).kept()
            if not at_once:
                _wait_for(work, waves)
        if waves.out >= waves.count:
            return waves.kept()
        waves = _next_wave(work, to, waves)


def _next_wave(work: Work, to: Upgrade, waves: Waves) -> Waves:
    snapshot, number = current(work.idp), waves.out + 1
    opened = [_one(work, snapshot, ref, to) for ref in waves.next]
    tell(work, f"Wave {number} of {waves.count}: {summary(snapshot, opened)}", f"wave:{number}")
    away = [each for each in opened if each.state == "left out" and each.note.startswith(AWAY)]
    if len(away) * 2 > len(opened):
        raise Unavailable(f"Wave {number}: {len(away)} of {len(opened)} could not be reached. {away[0].note}")
    return replace(waves, opened=[*waves.opened, *opened], out=number, since=work.idp.now(), told="")


def _one(work: Work, snapshot: Snapshot, ref: str, to: Upgrade) -> Opened:
    """One service; its fault is its own and stops nobody else."""
    entity = snapshot.get(ref)
    if entity is None:
        return Opened(ref, "left out", note="It has left the catalog.")
    try:
        return open_pull_request(work.idp, snapshot, entity, to)
    except Unavailable as error:
        return Opened(ref, "left out", note=f"{AWAY}{error.message} {error.hint}".strip())
    except UserError as error:
        return Opened(ref, "left out", note=error.message)


def _followed(work: Work, to: Upgrade, waves: Waves) -> Waves:
    """What has become of the pull requests of the wave that is out; what is settled is told in the thread."""
    snapshot, done = current(work.idp), waves.out
    newest = [seen(work.idp, snapshot, each, to) for each in waves.newest]
    settled = [each for each, before in zip(newest, waves.newest, strict=True) if each.state != before.state]
    if settled:
        count = sum(each.state not in OPEN for each in newest)
        tell(work, f"Wave {done} of {waves.count}: {summary(snapshot, settled)}", f"wave:{done}:settled:{count}")
    return replace(waves, opened=[*waves.opened[: (done - 1) * waves.size], *newest])


def _wait_for(work: Work, waves: Waves) -> None:
    """Raises NotYet while the wave that is out is waited for."""
    age, last = work.idp.now() - (waves.since or work.idp.now()), waves.out >= waves.count
    reason = _reason(current(work.idp), waves, last)
    if not reason or waves.told or (last and age > ENOUGH):
        return
    raise NotYet(reason, pace(age), waves.kept(), mark=str(waves.out))


def _reason(snapshot: Snapshot, waves: Waves, last: bool) -> str:
    number = f"Wave {waves.out} of {waves.count}"
    waiting = [each.entity for each in waves.newest if each.state in OPEN]
    if waiting:
        return f"{number} waits until its pull requests are merged or closed: {listed(snapshot, waiting)}"
    declined = sum(each.note == MEANWHILE for each in waves.newest)
    merged = sum(each.state == "merged" for each in waves.newest)
    if declined > merged and not last:
        return f"{number} was mostly closed without being merged: the rest waits until somebody says so"
    return ""


def _stopped(work: Work, waves: Waves) -> Waves:
    rest = waves.services[len(waves.opened) :]
    names = listed(current(work.idp), rest) or "nobody"
    tell(work, f"Stopped after wave {waves.out} of {waves.count}; left out: {names}.", "stopped")
    left = [Opened(ref, "left out", note="Stopped before its wave.") for ref in rest]
    return replace(waves, opened=[*waves.opened, *left])


def listed(snapshot: Snapshot, services: Sequence[str]) -> str:
    """Names of services, the first of many."""
    names = [entity.name if (entity := snapshot.get(ref)) else ref for ref in services[:NAMED]]
    return ", ".join(names) + (f" and {len(services) - NAMED} more" if len(services) > NAMED else "")


def summary(snapshot: Snapshot, opened: Sequence[Opened]) -> str:
    """What became of some services, in one message."""
    lines = []
    for each in opened:
        entity = snapshot.get(each.entity)
        conflicts = (
            f", with conflicts in {_files(each.conflicts)}" if each.conflicts and each.state in OPEN else ""
        )
        state = "was open already" if each.state == "found" else each.state
        said = f"{state} {each.where or each.note}".strip() + conflicts
        lines.append(f"{entity.name if entity else each.entity}: {said}")
    return "; ".join(lines)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def tell(work: Work, text: str, occasion: str) -> None:
    """One line in the thread of the request, once for each occasion."""
    with work.idp.database.store() as store:
        say(work.idp, store, work.request, occasion, text)


def withdraw_all(work: Work, to: Upgrade) -> None:
    """Undo: withdraw what this request opened."""
    snapshot = current(work.idp)
    for ref in work.results.get("choose", {}).get("services", ()):
        entity = snapshot.get(ref)
        if entity is not None:
            with suppress(NotFound):  # without a repository it has no pull request either
                withdraw(work.idp, snapshot, entity, to)
