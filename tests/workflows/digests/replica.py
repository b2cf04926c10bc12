"""A replica that plans, makes and posts digests: `python -m tests.workflows.digests.replica URL FOLDER`.

What it posts are lines in FOLDER/posts, which outlive it as Slack's messages would. With POINT (environment) it
kills itself there: plan:after, post:before, post:inside (posted, and nobody wrote it down) or shown:before; with
AFTER=n at the n-th time. CLAIM are the seconds after which others look after a post that has begun. On SIGTERM it
ends cleanly.
"""

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

import workflows.telling.deliver as delivery
from data.digests import DigestConfig
from data.errors import NotAllowed
from data.ports.chat import Card, Posted
from tests.workflows.digests.scored import catalog, scored, team
from tests.workflows.house import House, launch, now
from workflows.digests import planning
from workflows.digests.cards import DigestCard
from workflows.engine import Pace

TEAMS = tuple(f"team-{number}" for number in range(6))
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUE = DigestConfig(on=True, day=MONDAY.weekday(), at=datetime.min.time(), timezone="UTC")


@dataclass
class Deadly:
    """Counts how often each point is passed, and kills the process at the one that was named."""

    point: str
    left: int

    def at(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class FileChat:
    """A chat whose messages are lines of a file; `blind` does not let anybody look for them."""

    file: Path
    deadly: Deadly
    blind: bool = False

    def post(self, channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        self.deadly.at("post:before")
        ts = f"{now().timestamp():.6f}"
        line = {"place": channel, "thread": thread, "marker": marker, "ts": ts, "kind": type(card).__name__}
        with self.file.open("ab") as lines:
            lines.write(orjson.dumps(line) + b"\n")
        if isinstance(card, DigestCard):
            self.deadly.at("post:inside")
        return Posted(channel, ts)

    def update(self, posted: Posted, card: Card) -> None:
        return

    def dm(self, person: str, card: Card, marker: str = "") -> Posted:
        return self.post(person, card, "", marker)

    def find(self, place: str, marker: str, since: datetime, thread: str = "") -> Posted | None:
        if self.blind:
            raise NotAllowed("Nobody may look here.")
        found = [line for line in posts(self.file) if (line["place"], line["marker"]) == (place, marker)]
        return Posted(place, found[0]["ts"]) if found else None

    def upload(self, name: str, title: str, alt: str, content: bytes) -> str:
        return "F1"


def posts(file: Path) -> list[dict[str, Any]]:
    """What was posted."""
    return [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def main(url: str, folder: Path) -> None:
    deadly = Deadly(os.environ.get("POINT", ""), int(os.environ.get("AFTER", "1")))
    _hurry(deadly)
    chat: Any = FileChat(folder / "posts", deadly, bool(os.environ.get("BLIND")))
    house = company(url, folder)
    house = replace(house, idp=replace(house.idp, chat=chat, files=chat))
    house = replace(house, ticker=replace(house.ticker, idp=house.idp, periods={"digests": 1, "reconcile": 1}))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    launch(house)
    house.ticker.start()
    (folder / f"ready.{os.getpid()}").touch()
    while not stop.wait(0.2):
        house.ticker.tick()
    house.engine.stop(drain=3)
    os._exit(0)


def company(url: str, folder: Path) -> House:
    """The teams; it is Monday at noon when this is first called for a folder, and digests were due at midnight."""
    file = folder / "began"
    if not file.exists():
        file.write_text(str(time.time()))
    began = float(file.read_text())
    snapshot = catalog([team(name) for name in TEAMS], dict.fromkeys(TEAMS, 2))
    pace = Pace(poll=0.05, beat=0.3, lease=1.5)
    return scored(
        url, folder, lambda: MONDAY + timedelta(seconds=time.time() - began), snapshot, pace=pace, config=DUE
    )


def _hurry(deadly: Deadly) -> None:
    """Shorter waits, and the points at which it may end."""
    delivery.CLAIM = timedelta(seconds=float(os.environ["CLAIM"]))  # a minute is too long for a test
    planning.SPACING = 0.05  # type: ignore[misc]  # so is a second
    shown, keep = delivery._shown, planning.keep

    def dying(*args: Any) -> None:
        deadly.at("shown:before")
        shown(*args)

    def kept(*args: Any) -> Any:
        made = keep(*args)
        if made:
            deadly.at("plan:after")
        return made

    delivery._shown = dying  # type: ignore[assignment]  # the last moment before a post is written down
    planning.keep = kept  # type: ignore[assignment]  # the moment after digests were planned


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
