"""An engine that does no work, for tests that look at what it is asked."""

from datetime import datetime
from typing import Any


class IdleEngine:
    """Takes what it is told, and knows of nothing."""

    stopping = False

    def enqueue(self, store: Any, work: str, id: str, *args: str | int, delay: float = 0) -> None:
        pass

    def states(self, ids: Any) -> dict[str, Any]:
        return {}

    def withdraw(self, work: str, beginning: str) -> None:
        pass

    def forget(self, before: datetime) -> int:
        return 0
