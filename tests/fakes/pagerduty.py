"""A PagerDuty with a memory: services, policies, schedules with turns and overrides, incidents, events."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.api import Answer, Call, FakeApi
from tests.fakes.spec import Spec


@dataclass
class FakeSchedule:
    """Turns of equal length from `start` on; overrides lie over them."""

    name: str
    turns: list[str]  # ids of users
    start: datetime
    length: timedelta = timedelta(days=7)
    zone: str = "Europe/London"
    overrides: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    until: datetime | None = None  # nobody afterwards

    def shifts(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime, str]]:
        found = []
        last = min(until, self.until) if self.until else until
        turn = max((since - self.start) // self.length, 0)
        while (begin := self.start + turn * self.length) < last:
            found.append((begin, begin + self.length, self.turns[turn % len(self.turns)]))
            turn += 1
        for start, end, user in self.overrides:
            cut = [(a, min(b, start), who) for a, b, who in found] + [(max(a, end), b, who) for a, b, who in found]
            found = sorted([(a, b, who) for a, b, who in cut if a < b] + [(start, end, user)])
        return [(a, b, who) for a, b, who in found if a < until and b > since]


class FakePagerDuty(FakeApi):
    """Lists in pages of at most `page`; refuses other tokens."""

    beyond = (
        r"oncalls/\d+/(start|end|schedule): None is not",  # null for somebody who is always on call
        r"is not one of .*_reference'",  # what `include[]` asks for comes in full, not as a reference
    )

    def __init__(self, spec: Spec | None = None, token: str = "pd-canary-token") -> None:
        super().__init__(spec)
        self.token, self.page = token, 100
        self.literal = False  # to the letter of the description, where PagerDuty itself is not
        self.users: dict[str, tuple[str, str]] = {}
        self.schedules: dict[str, FakeSchedule] = {}
        self.policies: dict[str, tuple[str, list[list[str]]]] = {}  # name, levels of schedules or users
        self.services: dict[str, dict[str, Any]] = {}
        self.incidents: dict[str, dict[str, Any]] = {}

    def service(self, id: str, name: str, policy: str, key: str = "", kind: str = "events_api_v2") -> None:
        integration = {
            "id": f"I{id}", "type": f"{kind}_inbound_integration", "summary": "Events", "integration_key": key,
            "self": f"https://api.pagerduty.com/services/{id}/integrations/I{id}",
            "html_url": f"https://acme.pagerduty.com/services/{id}/integrations/I{id}",
        }  # fmt: skip
        self.services[id] = {
            **self._ref(id, "service", name), "name": name, "status": "active",
            "escalation_policy": self._ref(policy, "escalation_policy_reference", self.policies[policy][0]),
            "integrations": [integration] if key else [],
        }  # fmt: skip

    def incident(self, id: str, service: str, title: str, at: datetime, status: str = "triggered") -> None:
        self.incidents[id] = {
            **self._ref(id, "incident", title), "title": title, "status": status, "created_at": at.isoformat(),
            "service": self._ref(service, "service_reference", self.services[service]["name"]),
            "incident_key": id, "incident_number": len(self.incidents) + 1, "urgency": "high",
        }  # fmt: skip

    def respond(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Token token={self.token}":
            return Answer(401, {"error": {"message": "Invalid", "code": 2006}})
        if "content-type" not in call.headers:
            return Answer(400, {"error": {"message": "Content-Type is missing", "code": 2001, "errors": []}})
        answers = {
            "/abilities": lambda: Answer(200, {"abilities": ["teams"]}),
            "/services": lambda: self._paged(call, "services", list(self.services.values())),
            "/escalation_policies": lambda: self._paged(call, "escalation_policies", self._policies()),
            "/schedules": lambda: self._paged(call, "schedules", self._schedules()),
            "/oncalls": lambda: self._paged(call, "oncalls", self._oncalls(call)),
            "/incidents": lambda: self._paged(call, "incidents", self._incidents(call)),
        }
        if call.path not in answers:
            return Answer(404, {"error": {"message": "Not Found", "code": 2100}})
        return answers[call.path]()

    def _paged(self, call: Call, key: str, items: list[dict[str, Any]]) -> Answer:
        offset = int(call.query.get("offset", ["0"])[0])
        limit = min(int(call.query.get("limit", ["25"])[0]), self.page)
        more = offset + limit < len(items)
        page = items[offset : offset + limit]
        return Answer(200, {key: page, "limit": limit, "offset": offset, "more": more, "total": None})

    def _policies(self) -> list[dict[str, Any]]:
        return [
            {
                **self._ref(id, "escalation_policy", name), "name": name,
                "escalation_rules": [
                    {"id": f"R{n}", "escalation_delay_in_minutes": 30, "targets": list(map(self._target, level))}
                    for n, level in enumerate(levels)
                ],
            }
            for id, (name, levels) in self.policies.items()
        ]  # fmt: skip

    def _schedules(self) -> list[dict[str, Any]]:
        return [
            {**self._ref(id, "schedule", one.name), "name": one.name, "time_zone": one.zone}
            for id, one in self.schedules.items()
        ]

    def _target(self, id: str) -> dict[str, Any]:
        if id in self.schedules:
            return self._ref(id, "schedule_reference", self.schedules[id].name)
        return self._ref(id, "user_reference", self.users[id][0])

    def _oncalls(self, call: Call) -> list[dict[str, Any]]:
        since, until = (datetime.fromisoformat(call.query[name][0]) for name in ("since", "until"))
        found = []
        for id, (name, levels) in self.policies.items():
            policy = self._ref(id, "escalation_policy_reference", name)
            for number, level in enumerate(levels, 1):
                for target in level:
                    for start, end, user in self._shifts(target, since, until):
                        found.append({
                            "user": self._user(user, full="users" in call.query.get("include[]", [])),
                            "schedule": self._target(target) if target in self.schedules else None,
                            "escalation_policy": policy,
                            "escalation_level": number,
                            "start": start, "end": end,
                        })  # fmt: skip
        return found

    def _shifts(self, target: str, since: datetime, until: datetime) -> list[tuple[str | None, str | None, str]]:
        if target in self.users:
            return [(None, None, target)]
        shifts = self.schedules[target].shifts(since, until)
        return [(_z(start), _z(end), who) for start, end, who in shifts]

    def _user(self, id: str, *, full: bool) -> dict[str, Any]:
        name, email = self.users[id]
        if not full:
            return self._ref(id, "user_reference", name)
        kind = "user_reference" if self.literal else "user"
        return {**self._ref(id, kind, name), "name": name, "email": email, "time_zone": "Europe/London"}

    def _incidents(self, call: Call) -> list[dict[str, Any]]:
        statuses, services = call.query.get("statuses[]"), call.query.get("service_ids[]")
        return [
            one
            for one in self.incidents.values()
            if (not statuses or one["status"] in statuses) and (not services or one["service"]["id"] in services)
        ]

    def _ref(self, id: str, type: str, summary: str) -> dict[str, Any]:
        kind = type.removesuffix("_reference")
        path = {"user": "users", "schedule": "schedules", "service": "services", "incident": "incidents"}
        where = f"{path.get(kind, 'escalation_policies')}/{id}"
        return {
            "id": id, "type": type, "summary": summary,
            "self": f"https://api.pagerduty.com/{where}", "html_url": f"https://acme.pagerduty.com/{where}",
        }  # fmt: skip


class FakeEvents(FakeApi):
    """The Events API: alerts by their key and dedup_key."""

    def __init__(self, spec: Spec | None = None) -> None:
        super().__init__(spec)
        self.keys: set[str] = set()
        self.alerts: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def respond(self, call: Call) -> Answer:
        event = call.json
        if event["routing_key"] not in self.keys:
            wrong = ["Invalid routing key"]
            return Answer(400, {"status": "invalid event", "message": "Event object is invalid", "errors": wrong})
        self.alerts.setdefault((event["routing_key"], event["dedup_key"]), []).append(event)
        return Answer(202, {"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]})


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
