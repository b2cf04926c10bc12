"""The few calls of incident.io that we need.

Facts: its published OpenAPI description. Lists are paged by `after`; of schedule entries the page's cursor is sent
as the beginning of the window. An escalation with an `idempotency_key` that was used is the first one again.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from data.errors import NotAllowed, Unavailable
from data.http.api import Api, Limits, Params

SCHEDULE_ID: Final = "incident.io/schedule-id"
PATH_ID: Final = "incident.io/escalation-path-id"
KEYS: Final = (SCHEDULE_ID, PATH_ID)
PAGES: Final = 400  # of one list
LIMITS: Final = Limits(step=5.0, whole=20.0, answer=16 << 20, tries=2, waiting=10.0)

Item = Mapping[str, Any]


class IncidentIoApi:
    """One account."""

    def __init__(self, api: Api, missing: str = "") -> None:
        """`missing` is the variable of the environment in which the token is not."""
        self._api, self._missing = api, missing

    def schedules(self) -> Iterator[Item]:
        """Every schedule."""
        return self._list("/v2/schedules", "schedules", {"page_size": 250})

    def paths(self) -> Iterator[Item]:
        """Every escalation path, with its levels."""
        return self._list("/v2/escalation_paths", "escalation_paths", {"page_size": 25})

    def users(self) -> Iterator[Item]:
        """Every active user."""
        return self._list("/v2/users", "users", {"page_size": 1000})

    def entries(self, schedule: str, start: datetime, end: datetime) -> Iterator[Item]:
        """Who has a schedule within a span; overrides are counted in."""
        asked = {
            "schedule_id": schedule,
            "entry_window_start": start.isoformat(),
            "entry_window_end": end.isoformat(),
        }
        for page in self._pages("/v2/schedule_entries", asked, "entry_window_start"):
            yield from _items(self._api.host, page.get("schedule_entries"), "final")

    def escalate(self, body: Mapping[str, Any]) -> None:
        """Escalate, which may be repeated because it carries its key."""
        self.renew()
        self._api.query("/v2/escalations", body)

    def check(self) -> None:
        """Raise what is wrong with the token or the network."""
        self.renew()
        self._api.json("GET", "/v1/identity")

    def renew(self) -> None:
        """Begin another round of calls. Raises NotAllowed without a token."""
        if self._missing:
            raise NotAllowed(f"{self._missing} is not set.", "Put a token of incident.io there.")
        self._api.renew()

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()

    def _list(self, path: str, key: str, asked: Params) -> Iterator[Item]:
        for page in self._pages(path, asked, "after"):
            yield from _items(self._api.host, page, key)

    def _pages(self, path: str, asked: Params, cursor: str) -> Iterator[Item]:
        """Page after page; a cursor that comes back would never end."""
        seen = set()
        for _ in range(PAGES):
            page = self._api.json("GET", path, params=asked)
            if not isinstance(page, dict):
                break
            yield page
            after = (page.get("pagination_meta") or {}).get("after")
            if not after:
                return
            if after in seen:
                break
            seen.add(after)
            asked = {**asked, cursor: after}
        raise Unavailable(f"{self._api.host} does not hand out all of {path.rpartition('/')[2]}.")


def _items(host: str, page: object, key: str) -> list[Item]:
    items = page.get(key) if isinstance(page, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unavailable(f"{host} answers something that is no list of {key}.")
    return items


def connect(url: str, token: str, variable: str = "") -> IncidentIoApi:
    """A client that knows the token; `variable` is where that stands, to be said when it is missing."""
    return IncidentIoApi(Api(url, {"authorization": f"Bearer {token}"}, LIMITS), "" if token else variable)
