"""incident.io: who is on call by its schedules and escalation paths, and how to page.

A schedule is a schedule of ours on one level; an escalation path is one with as many levels as it has. Entities
name theirs in `incident.io/schedule-id` and `incident.io/escalation-path-id`, annotations of our own making.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from data.errors import NotFound, Unavailable
from data.integrations.account import Account
from data.integrations.incident_io_api import KEYS, PATH_ID, IncidentIoApi, Item
from data.integrations.remote_oncall import Told
from data.ports.oncall import FOREVER, Incidents, Page, Schedule, Shift

SOURCE: Final = "incident.io"
DEEPEST: Final = 20  # branches inside branches of an escalation path

Levels = Sequence[tuple[int, str, str]]  # level, "schedule" or "user", id


@dataclass(frozen=True, slots=True)
class Book:
    """What incident.io has, by id."""

    schedules: Mapping[str, Item]
    paths: Mapping[str, Item]
    users: Mapping[str, Item]


class IncidentIo(Account[IncidentIoApi, Book]):
    """The ports OnCall and Pager over one account. `covers` goes by the id of a schedule or an escalation path."""

    name = SOURCE

    def reaches(self, ref: str) -> str:
        """The escalation path that would be followed."""
        notes = self._annotated.known.get(ref) or self._annotated.look().get(ref) or {}
        path = notes.get(PATH_ID, "")
        known = self._book[0].paths.get(path) if self._book else None
        return f"{SOURCE}: {known['name']}" if known else SOURCE if path else ""

    def incidents(self, ref: str) -> Incidents | None:  # noqa: ARG002  # their incidents name no entity of ours
        """Not known: incident.io ties incidents to fields of each company's own."""
        return None

    def page(self, page: Page) -> str:
        """Escalate; the same key twice is one escalation."""
        path = self._annotated.look().get(page.ref, {}).get(PATH_ID)
        if not path:
            raise NotFound("incident.io has no escalation path for it.", f"Annotate it with {PATH_ID}.")
        self._api.escalate({
            "idempotency_key": page.dedup_key,
            "title": page.summary[:200],
            "description": f"{page.reason}\nPaged by {page.by} for {page.ref}.",
            "escalation_path_id": path,
        })  # fmt: skip
        return "incident.io pages whoever is on call for it."

    def _read(self, first: datetime, last: datetime) -> Told:
        self._api.renew()
        book = self._now_book()
        turns = {id: list(self._turns(id, first, last)) for id in book.schedules}
        covers = self._covered()
        schedules: list[Schedule] = []
        shifts: list[Shift] = []
        for id, levels in _levels(book).items():
            item = book.schedules.get(id) or book.paths[id]
            name = str(item.get("name") or id)
            zones = (str(book.schedules[one]["timezone"]) for _, kind, one in levels if kind == "schedule")
            url = str(item.get("permalink") or "")
            schedules.append(Schedule(name, SOURCE, covers.get(id, ()), next(zones, "UTC"), url))
            shifts += _shifts(name, levels, turns, book, first)
        return schedules, shifts

    def _turns(self, schedule: str, first: datetime, last: datetime) -> Iterator[tuple[Item, datetime, datetime]]:
        for entry in self._api.entries(schedule, first, last):
            if isinstance(entry.get("user"), dict):
                yield entry["user"], _moment(entry.get("start_at")), _moment(entry.get("end_at"))

    def _covered(self) -> Mapping[str, tuple[str, ...]]:
        covered = {id: dict.fromkeys(refs) for id, refs in self._covers.items()}
        for ref, notes in self._annotated.look().items():
            for key in KEYS:
                if notes.get(key):
                    covered.setdefault(notes[key], {})[ref] = None
        return {id: tuple(refs) for id, refs in covered.items()}

    def _ask_book(self) -> Book:
        return Book(
            {str(item.get("id")): item for item in self._api.schedules()},
            {str(item.get("id")): item for item in self._api.paths()},
            {str(item.get("id")): item for item in self._api.users()},
        )


def _levels(book: Book) -> Mapping[str, Levels]:
    """What each schedule and path asks, level by level; what is not there any more is left out."""
    levels: dict[str, Levels] = {id: [(1, "schedule", id)] for id in book.schedules}
    for id, path in book.paths.items():
        found, _ = _walk(path.get("path") or (), 1, DEEPEST)
        there = {"schedule": book.schedules, "user": book.users}
        levels[id] = [one for one in dict.fromkeys(found) if one[2] in there.get(one[1], ())]
    return levels


def _walk(nodes: Sequence[Any], level: int, deeper: int) -> tuple[list[tuple[int, str, str]], int]:
    """The targets of the nodes from a level on, and the level after them; both branches of a condition count."""
    found: list[tuple[int, str, str]] = []
    for node in nodes:
        if isinstance(node.get("level"), dict):
            found += [(level, str(one.get("type")), str(one.get("id"))) for one in node["level"]["targets"]]
            level += 1
        elif isinstance(node.get("if_else"), dict) and deeper:
            branches = [
                _walk(node["if_else"].get(key) or (), level, deeper - 1) for key in ("then_path", "else_path")
            ]
            found += [one for branch, _ in branches for one in branch]
            level = max(after for _, after in branches)
    return found, level


def _shifts(
    name: str,
    levels: Levels,
    turns: Mapping[str, Sequence[tuple[Item, datetime, datetime]]],
    book: Book,
    first: datetime,
) -> Iterator[Shift]:
    for level, kind, id in levels:
        told = turns.get(id, ()) if kind == "schedule" else [(book.users[id], first, FOREVER)]
        for user, start, end in told:
            person, email = str(user.get("name") or user.get("email") or "?"), str(user.get("email") or "")
            yield Shift(name, level, person, start, end, SOURCE, email)


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise Unavailable("incident.io says a time that is none.") from None
