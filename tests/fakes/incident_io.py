"""An incident.io with a memory: schedules, escalation paths, users, escalations."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.fakes.api import Answer, Call, FakeApi
from tests.fakes.pagerduty import FakeSchedule
from tests.fakes.spec import Spec

LONG_AGO = "2026-01-01T00:00:00Z"


class FakeIncidentIo(FakeApi):
    """Lists in pages of at most `page`; refuses other tokens."""

    def __init__(self, spec: Spec | None = None, token: str = "inc-canary-token") -> None:
        super().__init__(spec)
        self.token, self.page = token, 25
        self.people: dict[str, tuple[str, str]] = {}
        self.schedules: dict[str, FakeSchedule] = {}
        self.paths: dict[str, tuple[str, list[dict[str, Any]]]] = {}
        self.escalations: dict[str, dict[str, Any]] = {}

    def level(self, *targets: str) -> dict[str, Any]:
        kinds = [("schedule" if one in self.schedules else "user", one) for one in targets]
        return {
            "id": "N", "type": "level",
            "level": {"targets": [{"type": kind, "id": one, "urgency": "high"} for kind, one in kinds]},
        }  # fmt: skip

    def respond(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401, {"type": "authentication_error", "status": 401, "request_id": "r", "errors": []})
        answers: dict[str, Callable[[], Answer]] = {
            "/v1/identity": self._identity,
            "/v2/schedules": lambda: self._paged(call, "schedules", self._schedules()),
            "/v2/escalation_paths": lambda: self._paged(call, "escalation_paths", self._paths()),
            "/v2/users": lambda: self._paged(call, "users", [self._user(id) for id in self.people]),
            "/v2/schedule_entries": lambda: self._entries(call),
            "/v2/escalations": lambda: self._escalate(call),
        }
        return answers[call.path]()

    def _identity(self) -> Answer:
        me = {"name": "idp", "roles": [], "dashboard_url": "https://app.incident.io/acme"}
        return Answer(200, {"identity": {**me, "team_roles": [], "teams": []}})

    def _paged(self, call: Call, key: str, items: list[dict[str, Any]]) -> Answer:
        after = call.query.get("after", [""])[0]
        ids = [one["id"] for one in items]
        begin = ids.index(after) + 1 if after else 0
        page = items[begin : begin + self.page]
        more = {"after": page[-1]["id"]} if begin + self.page < len(items) else {}
        meta = {**more, "page_size": self.page}
        return Answer(200, {key: page, "pagination_meta": meta})

    def _schedules(self) -> list[dict[str, Any]]:
        return [
            {
                "id": id, "name": one.name, "timezone": one.zone, "team_ids": [], "annotations": {},
                "permalink": f"https://app.incident.io/acme/on-call/schedules/{id}",
                "created_at": LONG_AGO, "updated_at": LONG_AGO,
            }
            for id, one in self.schedules.items()
        ]  # fmt: skip

    def _paths(self) -> list[dict[str, Any]]:
        return [{"id": id, "name": name, "path": path, "team_ids": []} for id, (name, path) in self.paths.items()]

    def _user(self, id: str) -> dict[str, Any]:
        name, email = self.people[id]
        return {
            "id": id, "name": name, "email": email, "role": "responder", "is_active": True,
            "base_role": {"id": "R", "name": "Responder", "slug": "responder"}, "custom_roles": [],
            "seats": {"on_call": "full_access", "response": "full_access"},
        }  # fmt: skip

    def _entries(self, call: Call) -> Answer:
        """One entry a page, when asked so: the cursor stands where the window began."""
        begin, _, skip = call.query["entry_window_start"][0].partition("|")
        span = [datetime.fromisoformat(text) for text in (begin, call.query["entry_window_end"][0])]
        shifts = self.schedules[call.query["schedule_id"][0]].shifts(span[0], span[1])
        at = int(skip or 0)
        final = [
            {
                "start_at": _z(start), "end_at": _z(end), "entry_id": f"E{n}", "fingerprint": f"F{n}",
                "rotation_id": "R", "layer_id": "L",
                "user": {key: self._user(who)[key] for key in ("id", "name", "email", "role")},
            }
            for n, (start, end, who) in enumerate(shifts)
        ][at : at + self.page]  # fmt: skip
        more = at + self.page < len(shifts)
        meta = {"pagination_meta": {"after": f"{begin}|{at + self.page}", "after_url": "u"}} if more else {}
        return Answer(200, {"schedule_entries": {"scheduled": [], "overrides": [], "final": final}, **meta})

    def _escalate(self, call: Call) -> Answer:
        made = self.escalations.setdefault(call.json["idempotency_key"], call.json)
        value = {
            "id": "X1", "created_at": LONG_AGO, "updated_at": LONG_AGO, "status": "pending",
            "title": made["title"], "priority": {"name": "P1"}, "creator": {},
            "events": [], "related_incidents": [], "related_alerts": [],
        }  # fmt: skip
        return Answer(201, {"escalation": value})


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
