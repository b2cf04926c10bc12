"""How every service stands, in memory: cards show it without asking the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # types only: the context holds one, and must not import the database
    from datetime import datetime

    from data.store.database import Database
    from data.store.scores import Result


class Standing(NamedTuple):
    """One entity on one scorecard: its level ("" below all), and of how many rules it passes how many."""

    scorecard: str
    level: str
    passed: int
    rules: int


class Standings:
    """Follows what the clock writes down; `refresh` is for a background thread, and needs a database."""

    def __init__(self, database: Database | None = None) -> None:
        self._database = database
        self._known: Mapping[tuple[str, str], Standing] = {}
        self._by_entity: Mapping[str, Sequence[Standing]] = {}
        self._newest: datetime | None = None

    def of(self, entity: str) -> Sequence[Standing]:
        """By canonical reference, in the order of the scorecards' names."""
        return self._by_entity.get(entity, ())

    def refresh(self) -> None:
        """Take in what changed since the last time. Unavailable goes through; what was known stays."""
        if self._database is None:
            return
        from data.store import scores  # see above

        with self._database.reading() as store:
            count, newest = scores.extent(store)
            if (count, newest) == (len(self._known), self._newest):
                return
            fresh = scores.results(store, since=self._newest)
            known = {**self._known, **{key: _standing(result) for key, result in fresh.items()}}
            if len(known) != count:  # something is gone, which only all of them tell
                known = {key: _standing(result) for key, result in scores.results(store).items()}
        by_entity: dict[str, list[Standing]] = {}
        for (_, entity), standing in sorted(known.items()):
            by_entity.setdefault(entity, []).append(standing)
        self._known, self._by_entity, self._newest = known, by_entity, newest


def _standing(result: Result) -> Standing:
    passed = sum(outcome == "pass" for outcome in result.outcomes.values())
    return Standing(result.scorecard, result.level, passed, len(result.outcomes))
