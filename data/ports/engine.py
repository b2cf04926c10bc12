"""What runs work durably."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from data.store.database import Store

WorkState = Literal["waiting", "running", "done", "failed"]


class Engine(Protocol):
    """Runs work durably: what was enqueued is run to its end, by whichever process is alive."""

    @property
    def stopping(self) -> bool:
        """This process is about to end: work hands on what is left at its next boundary."""
        ...

    def enqueue(self, store: "Store", work: str, id: str, *args: str | int, delay: float = 0) -> None:
        """Have `work` done once under this id, `delay` seconds from now, if the transaction of `store` commits.

        An id that is taken, also by work long done, makes this do nothing.
        """
        ...

    def states(self, ids: Collection[str]) -> Mapping[str, WorkState]:
        """What has become of these ids; those never enqueued (or forgotten) are missing."""
        ...

    def withdraw(self, work: str, beginning: str) -> None:
        """Have what waits of this work under ids that begin so not done: the caller does now what it asks.

        Delayed work stays, and so does what has begun.
        """
        ...

    def forget(self, before: datetime) -> int:
        """Remove the records of what ended before; says how many."""
        ...
