"""Everybody who is on call, over all providers: their union, and which of them could not be asked."""

from collections.abc import Callable, Sequence
from datetime import datetime

from data.ports.oncall import OnCall, Rotas

KEPT_SPANS = 8  # answers remembered

NOT_CONNECTED = "On-call is not connected. Name a rota or a calendar under `oncall` in idp.yaml."


class AllOnCall:
    """The port OnCall over any number of providers. With none, the answer says that on-call is not connected."""

    def __init__(self, providers: Sequence[OnCall], now: Callable[[], datetime]) -> None:
        self._providers, self._now = providers, now
        self._answers: dict[tuple[datetime, datetime], tuple[list[Rotas], Rotas]] = {}

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        """All shifts of all providers; `as_of` is the oldest of theirs."""
        parts = [provider.rotas(start, end) for provider in self._providers]
        known = self._answers.get((start, end))
        if known is not None and len(parts) == len(known[0]) and all(map(_same, parts, known[0])):
            return known[1]
        answer = self._union(parts)
        kept = list(self._answers.items())[-KEPT_SPANS + 1 :]
        self._answers = {**dict(kept), (start, end): (parts, answer)}
        return answer

    def _union(self, parts: Sequence[Rotas]) -> Rotas:
        if not parts:
            return Rotas((), (), self._now(), (NOT_CONNECTED,))
        return Rotas(
            [schedule for part in parts for schedule in part.schedules],
            [shift for part in parts for shift in part.shifts],
            min(part.as_of for part in parts),
            [failure for part in parts for failure in part.failures],
        )


def _same(one: Rotas, other: Rotas) -> bool:
    return one is other
