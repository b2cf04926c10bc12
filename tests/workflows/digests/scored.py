"""A house with a scorecard and facts, for the tests, the processes that they kill, and the bench."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.digests import DigestConfig
from data.idp import Idp
from data.ports.facts import Fact
from data.scorecards.loading import load_scorecards
from data.scorecards.rules import Scorecards
from data.store import facts
from data.store.digests import Digest, find
from tests.workflows.house import House, build, entity, people
from workflows.engine import Pace
from workflows.scorecards.recording import record_all
from workflows.works import Ticker

CARD = """
facts: {tested: truth, documented: truth, watched: truth}
scorecards:
  care:
    title: Care
    applies_to: {kind: Component}
    levels: [bronze, silver]
    rules:
      documented: {title: Has a runbook, why: Who is on call needs one., level: bronze, weight: 2,
                   check: documented, fix: {text: Write one.}}
      watched: {title: Is watched, why: Else nobody notices., level: bronze, weight: 1, check: watched,
                fix: {text: Watch it.}}
      tested: {title: Is tested, why: Else nobody dares., level: silver, weight: 3, check: tested,
               fix: {text: Test it.}}
"""
ON = DigestConfig(on=True, at=time(9, 0), timezone="Europe/Berlin")


@cache
def scorecards(text: str = CARD) -> Scorecards:
    """The scorecard above, or another one."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "scorecards.yaml"
        file.write_text(text)
        loaded, misread = load_scorecards([file])
    assert not misread, misread
    return loaded


def team(name: str, **annotations: str) -> Entity:
    """A group whose channel has its name, unless an annotation says otherwise ("" is none)."""
    notes = {"slack.com/channel": name} | annotations
    return entity(
        f"group:default/{name}", detail={"annotations": {key: text for key, text in notes.items() if text}}
    )


def service(name: str, owner: str) -> Entity:
    """A service of a team."""
    group = f"group:default/{owner}"
    return entity(f"component:default/{name}", {group: "ownedBy"}, owner=group, type="service")


def catalog(teams: Iterable[Entity], services: Mapping[str, int]) -> Snapshot:
    """So many services of each team, named a-0, a-1 …; and the usual people."""
    things = [service(f"{name}-{at}", name) for name, count in services.items() for at in range(count)]
    return Snapshot.build([*teams, *things, *people()])


def scored(url: str, folder: Path, clock: Callable[[], datetime], snapshot: Snapshot, **options: Any) -> House:
    """A house with these teams and services, digests switched on; nothing is scored yet."""
    config = options.pop("config", ON)
    house = build(url, folder, clock, options.pop("pace", Pace(poll=0.05, beat=1.0, lease=5.0)))
    house.catalog.snapshot = snapshot
    idp = replace(house.idp, scorecards=scorecards(), digests=config, files=house.chat, **options)
    return replace(house, idp=idp, ticker=Ticker(idp))


def learn(idp: Idp, values: Mapping[str, Mapping[str, bool]]) -> None:
    """Facts by service and name; then everything is scored."""
    now = idp.now()
    told = [
        Fact(f"component:default/{name}", fact, value, "test", now)
        for name, each in values.items()
        for fact, value in each.items()
    ]
    with idp.database.store() as store:
        facts.put(store, told, now)
    record_all(idp, "test")


def states(idp: Idp) -> dict[str, str]:
    """The state of each digest, by team and week."""
    with idp.database.reading() as store:
        every: list[Digest] = find(
            store, ("due", "ready", "posted", "quiet", "unreachable", "failed"), limit=10_000
        )
    return {f"{one.audience.rpartition('/')[2]} {one.period}": one.state for one in every}
