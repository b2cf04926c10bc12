"""The few calls of PagerDuty that we need: its lists, page by page, and events.

Facts: its published OpenAPI descriptions. Lists are paged by `offset` and `limit` until `more` is false, 10,000
items at most; every call, also a GET, names its content type. Events are taken with 202, and those with one
`dedup_key` are one alert.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from data.errors import Invalid, NotAllowed, Unavailable
from data.http.api import Api, Limits, Params

SERVICE_ID: Final = "pagerduty.com/service-id"
INTEGRATION_KEY: Final = "pagerduty.com/integration-key"
KEYS: Final = (SERVICE_ID, INTEGRATION_KEY)
ACCEPT: Final = "application/vnd.pagerduty+json;version=2"
PAGE: Final = 100
MOST: Final = 10_000  # items of one list; PagerDuty hands out no more
LIMITS: Final = Limits(step=5.0, whole=20.0, answer=16 << 20, tries=2, waiting=10.0)
NAMED: Final = 80  # ids in one question, so that its address stays short

Item = Mapping[str, Any]


class PagerDutyApi:
    """One account. The token may read; events need only the key of an integration."""

    def __init__(self, api: Api, events: Api, missing: str = "") -> None:
        """`missing` is the variable of the environment in which the token is not."""
        self._api, self._events, self._missing = api, events, missing

    def services(self) -> Iterator[Item]:
        """Every service with its integrations."""
        return self._list("/services", "services", {"include[]": ["integrations"]})

    def schedules(self) -> Iterator[Item]:
        """Every schedule, without its shifts."""
        return self._list("/schedules", "schedules", {})

    def policies(self) -> Iterator[Item]:
        """Every escalation policy."""
        return self._list("/escalation_policies", "escalation_policies", {})

    def oncalls(self, start: datetime, end: datetime) -> Iterator[Item]:
        """Who is on call, of every level of every policy, overrides counted in, with the users in full."""
        span = {"since": start.isoformat(), "until": end.isoformat(), "time_zone": "UTC"}
        return self._list("/oncalls", "oncalls", {**span, "include[]": ["users"]})

    def open_incidents(self, services: list[str]) -> Iterator[Item]:
        """Incidents of these services that are not resolved, of any age."""
        for at in range(0, len(services), NAMED):
            named = services[at : at + NAMED]
            asked = {"service_ids[]": named, "statuses[]": ["triggered", "acknowledged"], "date_range": "all"}
            yield from self._list("/incidents", "incidents", asked)

    def check(self) -> None:
        """Raise what is wrong with the token or the network."""
        self.renew()
        self._api.json("GET", "/abilities")

    def renew(self) -> None:
        """Begin another round of calls. Raises NotAllowed without a token."""
        if self._missing:
            raise NotAllowed(f"{self._missing} is not set.", "Put a token of PagerDuty there that may read.")
        self._api.renew()

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()
        self._events.close()

    def trigger(self, event: Mapping[str, Any]) -> None:
        """Send an event, which may be repeated because it carries its dedup_key. Raises Invalid when refused."""
        self._events.renew()
        taken = self._events.call("POST", "/v2/enqueue", body=event, accept={400}, repeatable=True)
        if taken.status == 400:
            raise Invalid(
                "PagerDuty refuses the page.", f"Compare the key in {INTEGRATION_KEY} with the service's."
            )
        if taken.json().get("status") != "success":
            raise Unavailable(f"{taken.host} does not say that it took the page.")

    def _list(self, path: str, key: str, asked: Params) -> Iterator[Item]:
        """Every item; a page that is missing or empty although more follow is no answer at all."""
        offset = 0
        while True:
            answer = self._api.json("GET", path, params={**asked, "limit": PAGE, "offset": offset})
            items = answer.get(key) if isinstance(answer, dict) else None
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise Unavailable(f"{self._api.host} answers something that is no list of {key}.")
            yield from items
            if not answer.get("more"):
                return
            offset += len(items)
            if not items or offset >= MOST:
                raise Unavailable(f"{self._api.host} does not hand out all of its {key}.")


def connect(url: str, events_url: str, token: str, variable: str = "") -> PagerDutyApi:
    """A client over two connections, one of which knows the token.

    `variable` is where that stands, to be said when it is missing.
    """
    content = {"content-type": "application/json"}
    asking = {**content, "accept": ACCEPT, "authorization": f"Token token={token}"}
    return PagerDutyApi(Api(url, asking, LIMITS), Api(events_url, content, LIMITS), "" if token else variable)
