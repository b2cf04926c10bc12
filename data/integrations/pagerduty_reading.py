"""What PagerDuty answers, as values of ours."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from data.errors import Unavailable
from data.integrations.pagerduty_api import INTEGRATION_KEY, SERVICE_ID, Item, PagerDutyApi
from data.integrations.remote_oncall import Told
from data.ports.oncall import FOREVER, Incident, Schedule, Shift

SOURCE: Final = "PagerDuty"
EVENTS_V2: Final = "events_api_v2"  # in the type of an integration that takes events


@dataclass(frozen=True, slots=True)
class Service:
    """One service: who answers for it, and a key under which it takes events ("" if it has none)."""

    id: str
    name: str
    policy: str
    keys: tuple[str, ...]
    event_key: str


@dataclass(frozen=True, slots=True)
class Book:
    """What PagerDuty has, by id: services, names and addresses of policies, zones of schedules."""

    services: Mapping[str, Service]
    policies: Mapping[str, Item]
    schedules: Mapping[str, Item]

    def service_of(self, notes: Mapping[str, str]) -> Service | None:
        """The service that an entity's annotations name; the id counts first."""
        if notes.get(SERVICE_ID):
            return self.services.get(notes[SERVICE_ID])
        key = notes.get(INTEGRATION_KEY, "")
        return next((one for one in self.services.values() if key in one.keys), None)


def read_book(api: PagerDutyApi) -> Book:
    """Ask for everything that changes rarely."""
    services = (_service(item) for item in api.services())
    return Book(
        {service.id: service for service in services},
        {id_of(item): item for item in api.policies()},
        {id_of(item): item for item in api.schedules()},
    )


def _service(item: Item) -> Service:
    integrations = [one for one in item.get("integrations") or () if isinstance(one, dict)]
    keyed = [(str(one.get("integration_key") or ""), str(one.get("type"))) for one in integrations]
    return Service(
        id_of(item),
        _name(item),
        id_of(item.get("escalation_policy")),
        tuple(key for key, _ in keyed if key),
        next((key for key, type in keyed if key and EVENTS_V2 in type), ""),
    )


def told(book: Book, covers: Mapping[str, Sequence[str]], oncalls: Sequence[Item], first: datetime) -> Told:
    """Policies as schedules; and of the schedules those that cover something themselves."""
    names = _names([*book.policies.values(), *(book.schedules[id] for id in covers if id in book.schedules)])
    zones = _zones(book, oncalls)
    schedules = [
        Schedule(name, SOURCE, tuple(covers.get(id, ())), zones.get(id, "UTC"), _url(book, id))
        for id, name in names.items()
    ]
    return schedules, list(dict.fromkeys(_shifts(names, oncalls, first)))


def _shifts(names: Mapping[str, str], oncalls: Iterable[Item], first: datetime) -> Iterator[Shift]:
    for item in oncalls:
        policy, schedule = id_of(item.get("escalation_policy")), id_of(item.get("schedule"))
        if policy in names:
            yield _shift(item, names[policy], int(item.get("escalation_level") or 1), first)
        if schedule in names:
            yield _shift(item, names[schedule], 1, first)


def _shift(item: Item, name: str, level: int, first: datetime) -> Shift:
    """`start` and `end` are null for somebody who is always on call."""
    user = mapping(item.get("user"))
    start = _moment(item["start"]) if item.get("start") else first
    end = _moment(item["end"]) if item.get("end") else FOREVER
    url = str(mapping(item.get("escalation_policy")).get("html_url") or "")
    return Shift(name, level, _name(user), start, end, SOURCE, str(user.get("email") or ""), url)


def _names(items: Sequence[Item]) -> dict[str, str]:
    """A name of its own for each id: two policies may be called the same."""
    called = {id_of(item): _name(item) for item in items}
    often = Counter(called.values())
    return {id: name if often[name] == 1 else f"{name} ({id})" for id, name in called.items()}


def _zones(book: Book, oncalls: Iterable[Item]) -> Mapping[str, str]:
    """The zone of each schedule, and of each policy that of its first schedule."""
    zones = {id: str(item.get("time_zone") or "UTC") for id, item in book.schedules.items()}
    by_level = sorted(oncalls, key=lambda item: int(item.get("escalation_level") or 1), reverse=True)
    found = {
        id_of(item.get("escalation_policy")): zones[schedule]
        for item in by_level
        if (schedule := id_of(item.get("schedule"))) in zones
    }
    return zones | found


def _url(book: Book, id: str) -> str:
    return str((book.policies.get(id) or book.schedules.get(id) or {}).get("html_url") or "")


def incident(item: Item) -> Incident:
    """An open incident."""
    title, url = str(item.get("title") or item.get("summary") or "no title"), str(item.get("html_url") or "")
    seen = item.get("status") == "acknowledged"
    return Incident(title, "acknowledged" if seen else "triggered", _moment(item.get("created_at")), SOURCE, url)


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise Unavailable("PagerDuty says a time that is none.") from None
    if moment.tzinfo is None:
        raise Unavailable("PagerDuty says a time without a zone.")
    return moment.astimezone(UTC)


def id_of(item: object) -> str:
    """The id of a thing or of a reference to it; "" if there is none."""
    return str(mapping(item).get("id") or "")


def _name(item: Item) -> str:
    return str(item.get("name") or item.get("summary") or item.get("id") or "?")


def mapping(value: object) -> Mapping[str, Any]:
    """A mapping, or an empty one instead of whatever else was said."""
    return value if isinstance(value, dict) else {}
