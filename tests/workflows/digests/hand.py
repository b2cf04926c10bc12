"""An engine worked by hand, on a clock that it moves: a year of digests in seconds."""

from datetime import datetime, timedelta
from typing import Any

from tests.conftest import Clock
from workflows.digests.making import make
from workflows.telling.deliver import deliver


class Hand:
    """Does the work that was enqueued, in its order, when told to: no engine, no waiting."""

    stopping = False

    def __init__(self, clock: Clock) -> None:
        self.clock, self.known, self.waiting = (
            clock,
            set[str](),
            list[tuple[datetime, str, str, tuple[Any, ...]]](),
        )

    def enqueue(self, store: Any, work: str, id: str, *args: str | int, delay: float = 0) -> None:
        if id not in self.known:
            self.known.add(id)
            self.waiting.append((self.clock() + timedelta(seconds=delay), work, id, args))

    def states(self, ids: Any) -> dict[str, Any]:
        return {id: "done" for id in ids if id in self.known}

    def withdraw(self, work: str, beginning: str) -> None:
        pass

    def forget(self, before: datetime) -> int:
        return 0

    def run(self, idp: Any, until: timedelta = timedelta(minutes=30)) -> None:
        """Everything that is due until then."""
        works = {"digest": make, "deliver-digest": deliver, "deliver": deliver}
        end = self.clock() + until
        while ripe := sorted((each for each in self.waiting if each[0] <= end), key=lambda each: each[0]):
            self.waiting.remove(ripe[0])
            self.clock.time = max(self.clock.time, ripe[0][0])
            if ripe[0][1] in works:
                works[ripe[0][1]](idp, *ripe[0][3])
        self.clock.time = end
