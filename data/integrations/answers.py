"""The newest answers of something that computes shifts, so that the same question is computed once."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from data.ports.oncall import Rotas

KEPT: Final = 8  # spans


class Answers:
    """Safe for many threads: what is kept is replaced as a whole."""

    def __init__(self) -> None:
        self._kept: dict[tuple[datetime, datetime], Rotas] = {}

    def of(self, start: datetime, end: datetime, make: Callable[[datetime, datetime], Rotas]) -> Rotas:
        """The answer for a span, made if it is not kept."""
        answer = self._kept.get((start, end))
        if answer is None:
            answer = make(start, end)
            others = list(self._kept.items())[-KEPT + 1 :]
            self._kept = {**dict(others), (start, end): answer}
        return answer

    def forget(self) -> None:
        """What they were made of has changed."""
        self._kept = {}
