"""A thousand teams: how long their digests take to make, and that Slack's rate is kept while they are posted."""

import shutil
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.harness import Measure, at_least, at_most, figure
from data.integrations.chat_fake import FakeChat
from data.ports.chat import Card, Posted, TooMany
from data.store.database import Database
from tests.conftest import Clock
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.scored import catalog, learn, scored, states, team
from tests.workflows.house import House
from workflows.digests.cards import DigestCard
from workflows.digests.planning import plan

RATE, BURST = 1.0, 3  # messages a second, and how many at once Slack forgives


@dataclass
class StrictChat(FakeChat):
    """A Slack that takes one message a second of us, wherever they go, and says 429 to the rest."""

    clock: Clock = field(default_factory=Clock)
    refused: int = 0
    _recent: deque[datetime] = field(default_factory=deque)

    def post(self, channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        now = self.clock()
        while self._recent and (now - self._recent[0]).total_seconds() >= BURST / RATE:
            self._recent.popleft()
        if len(self._recent) >= BURST:
            self.refused += 1
            raise TooMany("Slack wants fewer calls.", 1.0)
        self._recent.append(now)
        return super().post(channel, card, thread, marker)


def run(quick: bool) -> Iterator[Measure]:
    """All on one SQLite file; Slack's time is simulated, ours is real."""
    count = 10 if quick else 1000
    folder = Path(tempfile.mkdtemp(prefix="idp-bench-"))
    try:
        yield from _measured(folder, count)
    finally:
        shutil.rmtree(folder)


def _measured(folder: Path, count: int) -> Iterator[Measure]:
    clock = Clock(datetime(2026, 3, 1, 7, 0, tzinfo=UTC))
    hand = Hand(clock)
    house, chat = _house(folder, count, clock, hand)
    clock.time = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    began = time.perf_counter()
    plan(house.idp, "")
    planned = time.perf_counter() - began
    yield figure("digest.plan", f"planning the digests of {count:,} teams", planned, "s")
    began, start = time.perf_counter(), clock()
    while set(states(house.idp).values()) - {"posted"} and clock() - start < timedelta(hours=3):
        hand.run(house.idp, timedelta(minutes=5))
    took, span = time.perf_counter() - began, (clock() - start).total_seconds()
    cards = [message for message in chat.messages.values() if isinstance(message.card, DigestCard)]
    allowed = 2 * count / RATE
    yield figure("digest.each", "making and posting one digest, of our own time", took / count * 1000, "ms")
    yield at_most("digest.pace", "our own time, of what Slack's rate allows for all", took / allowed, 1.0)
    yield figure("digest.span", "until all are told, in Slack's time", span / 60, "min")
    yield at_least(
        "digest.told", "teams that read their digest, of all", len({c.place for c in cards}) / count, 1.0
    )
    yield at_most("digest.once", "digests to one team, at most", _most([card.place for card in cards]), 1.0, "")
    yield at_most("digest.429", "refused with 429, of all posts", chat.refused / (2 * count), 0.05)
    house.engine.close()
    house.idp.database.close()


def _most(places: list[str]) -> float:
    return float(max(Counter(places).values(), default=0))


def _house(folder: Path, count: int, clock: Clock, hand: Hand) -> tuple[House, StrictChat]:
    url = f"sqlite:///{folder}/idp.db"
    database = Database(url)
    database.migrate()
    database.close()
    names = [f"team-{number}" for number in range(count)]
    house = scored(url, folder, clock, catalog([team(name) for name in names], dict.fromkeys(names, 3)))
    chat = StrictChat(clock=clock)
    house = replace(house, idp=replace(house.idp, engine=hand, chat=chat, files=chat))
    for back in (14, 7, 0):
        clock.time = datetime(2026, 3, 1, 7, 0, tzinfo=UTC) - timedelta(days=back)
        facts = {"documented": back == 0, "watched": True, "tested": False}
        learn(house.idp, {f"{name}-{at}": facts for name in names for at in range(3)})
    return house, chat
