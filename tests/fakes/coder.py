"""A Coder with a memory, whose builds move through their states on a clock; held to Coder's own description."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.api import Answer, Call, FakeApi
from tests.fakes.spec import Spec

ZERO = "0001-01-01T00:00:00Z"
ORG = "default"


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def _z(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class FakeCoder(FakeApi):
    """Builds are queued, run and end by the clock. `breaking` holds names of workspaces whose next builds fail."""

    queue, build, agent = 2.0, 10.0, 3.0  # seconds

    def __init__(
        self, now: Callable[[], datetime], spec: Spec | None = None, token: str = "coder-canary-token"
    ) -> None:
        super().__init__(spec)
        self.now, self.token = now, token
        self.accounts: dict[str, dict[str, Any]] = {}
        self.workspaces: dict[str, dict[str, Any]] = {}
        self.breaking: set[str] = set()
        self.hanging = False
        self.budget, self.used = 100, 12
        self.account("idp-bot", "bot@acme.example")
        self.me = self.accounts["idp-bot"]["id"]

    def account(self, username: str, email: str, status: str = "active") -> None:
        at = _z(datetime(2026, 1, 1, tzinfo=UTC))
        self.accounts[username] = {
            "id": _id(username), "username": username, "email": email, "created_at": at, "status": status,
            "organization_ids": [_id(ORG)], "roles": [],
        }  # fmt: skip

    def put(self, user: str, name: str, template: str = "python-service", by: str = "") -> dict[str, Any]:
        """A workspace that somebody launched in Coder itself."""
        return self._make(self.accounts[user], {"name": name, "template_id": _id(template)}, by or user)

    # what it answers

    def respond(self, call: Call) -> Answer:
        if call.headers.get("coder-session-token") != self.token:
            return _no(401, 'Cookie "coder_session_token" or query parameter must be provided.')
        parts = call.path.removeprefix("/api/v2/").split("/")
        known = getattr(self, f"_{call.method.lower()}_{parts[0]}", None)
        return known(call, parts[1:]) if known else _no(404, "Route not found.")

    def _get_users(self, call: Call, parts: list[str]) -> Answer:
        if not parts:
            query = call.one("q").lower()
            found = [one for one in self.accounts.values() if query in f"{one['username']} {one['email']}".lower()]
            return Answer(200, {"users": _page(call, found), "count": len(found)})
        if len(parts) == 3 and parts[1] == "workspace":
            mine = [w for w in self._alive() if w["owner"] == parts[0] and w["name"].lower() == parts[2].lower()]
            return Answer(200, self._told(mine[0])) if mine else _no(404, "Resource not found.")
        user = "idp-bot" if parts[0] == "me" else parts[0]
        return Answer(200, self.accounts[user]) if user in self.accounts else _no(404, "Resource not found.")

    def _post_users(self, call: Call, parts: list[str]) -> Answer:
        wanted, owner = call.json, self.accounts[parts[0]]
        if any(w["owner"] == parts[0] and w["name"].lower() == wanted["name"].lower() for w in self._alive()):
            taken = [{"field": "name", "detail": "This value is already in use and should be unique."}]
            return _no(409, f"Workspace {wanted['name']!r} already exists.", taken)
        values = {one["name"]: one["value"] for one in wanted.get("rich_parameter_values", [])}
        if not values.get("cpu", "2").isdigit():
            return _no(400, "Validation failed.", [{"field": "cpu", "detail": "must be a number"}])
        return Answer(200, self._told(self._make(owner, wanted, "idp-bot")))

    def _get_organizations(self, _call: Call, parts: list[str]) -> Answer:
        if parts[1] == "members":
            return Answer(200, {"budget": self.budget, "credits_consumed": self.used})
        if len(parts) == 3:
            found = TEMPLATES.get(parts[2])
            return Answer(200, found) if found else _no(404, "Resource not found.")
        return Answer(200, list(TEMPLATES.values()))

    def _get_templateversions(self, _call: Call, parts: list[str]) -> Answer:
        if parts[1] == "presets":
            return Answer(200, PRESETS)
        return Answer(200, PARAMETERS)

    def _get_workspaces(self, call: Call, parts: list[str]) -> Answer:
        if not parts:
            found = [self._told(one) for one in self._alive()]
            return Answer(200, {"workspaces": _page(call, found), "count": len(found)})
        one = self.workspaces.get(parts[0])
        return Answer(200, self._told(one)) if one and self._status(one) != "deleted" else _no(404, "Not found.")

    def _post_workspaces(self, call: Call, parts: list[str]) -> Answer:
        one = self.workspaces[parts[0]]
        if self._status(one) in {"pending", "starting", "stopping", "deleting"}:
            return _no(409, "A workspace build is already active.")
        self._begin(one, call.json["transition"], "idp-bot")
        return Answer(200, self._told(one)["latest_build"])

    def _put_workspaces(self, call: Call, parts: list[str]) -> Answer:
        one = self.workspaces[parts[0]]
        deadline = datetime.fromisoformat(call.json["deadline"])
        if deadline - self.now() < timedelta(minutes=30):
            return _no(400, "Cannot extend workspace.", [{"field": "deadline", "detail": "too soon"}])
        one["deadline"] = deadline
        return Answer(200, {"message": "Deadline updated to " + _z(deadline)})

    def _patch_workspacebuilds(self, _call: Call, parts: list[str]) -> Answer:
        one = next(one for one in self.workspaces.values() if one["build"] == parts[0])
        one |= {"broken": True, "began": self.now() - timedelta(hours=1), "hanging": False}
        return Answer(200, {"message": "Job has been marked as canceled..."})

    def _get_workspacebuilds(self, _call: Call, parts: list[str]) -> Answer:
        one = next(one for one in self.workspaces.values() if one["build"] == parts[0])
        lines = ["Terraform 1.9.2", "Error: quota exceeded in zone b" if one["broken"] else "Apply complete!"]
        at = _z(one["began"])
        return Answer(200, [
            {"id": number, "created_at": at, "log_source": "provisioner", "log_level": "info", "stage": "Plan",
             "output": line}
            for number, line in enumerate(lines)
        ])  # fmt: skip

    # what it keeps

    def _alive(self) -> list[dict[str, Any]]:
        return [one for one in self.workspaces.values() if self._status(one) != "deleted"]

    def _make(self, owner: dict[str, Any], wanted: Any, by: str) -> dict[str, Any]:
        template = next(one for one in TEMPLATES.values() if one["id"] == wanted["template_id"])
        id = _id(f"{owner['username']}/{wanted['name']}/{len(self.workspaces)}")
        one = {
            "id": id, "name": wanted["name"], "owner": owner["username"], "owner_id": owner["id"],
            "template": template, "created": self.now(), "ttl": wanted.get("ttl_ms"), "number": 0,
            "values": wanted.get("rich_parameter_values", []),
        }  # fmt: skip
        self.workspaces[id] = one
        self._begin(one, "start", by)
        return one

    def _begin(self, one: dict[str, Any], transition: str, by: str) -> None:
        number = one["number"] + 1
        broken = one["name"] in self.breaking
        one |= {"number": number, "build": _id(f"{one['id']}/{number}"), "transition": transition, "by": by}
        one |= {"began": self.now(), "broken": broken, "hanging": self.hanging, "deadline": None}
        if transition == "start" and one["ttl"]:
            one["deadline"] = self.now() + timedelta(milliseconds=one["ttl"])

    def _status(self, one: dict[str, Any]) -> str:
        age = (self.now() - one["began"]).total_seconds()
        doing = {"start": "starting", "stop": "stopping", "delete": "deleting"}[one["transition"]]
        if one["hanging"] or age < self.build:
            return "pending" if age < self.queue and not one["hanging"] else doing
        if one["broken"]:
            return "failed"
        if one["transition"] == "start" and one["deadline"] and self.now() >= one["deadline"]:
            return "stopped"
        return {"start": "running", "stop": "stopped", "delete": "deleted"}[one["transition"]]

    def _told(self, one: dict[str, Any]) -> dict[str, Any]:
        template = one["template"]
        return {
            "id": one["id"], "name": one["name"], "owner_id": one["owner_id"], "owner_name": one["owner"],
            "created_at": _z(one["created"]), "updated_at": _z(one["began"]), "template_id": template["id"],
            "template_name": template["name"], "organization_id": _id(ORG), "automatic_updates": "never",
            "outdated": False, "health": {"healthy": True, "failing_agents": []}, "ttl_ms": one["ttl"] or 0,
            "latest_build": self._built(one),
        }  # fmt: skip

    def _built(self, one: dict[str, Any]) -> dict[str, Any]:
        status = self._status(one)
        at, by = _z(one["began"]), self.accounts[one["by"]]
        job_status = {"pending": "pending", "failed": "failed"}.get(
            status, "running" if status.endswith("ing") and status != "running" else "succeeded"
        )
        job = {"id": _id(one["build"] + "job"), "created_at": at, "status": job_status, "type": "workspace_build"}
        job |= {"error": "terraform apply: exit status 1"} if status == "failed" else {}
        return {
            "id": one["build"], "build_number": one["number"], "workspace_id": one["id"],
            "workspace_name": one["name"], "created_at": at, "updated_at": at, "transition": one["transition"],
            "initiator_id": by["id"], "initiator_name": by["username"], "job": job, "reason": "initiator",
            "status": status, "daily_cost": 7, "deadline": _z(one["deadline"]) if one["deadline"] else ZERO,
            "resources": [self._resource(one)] if status == "running" else [],
        }  # fmt: skip

    def _resource(self, one: dict[str, Any]) -> dict[str, Any]:
        ready = (self.now() - one["began"]).total_seconds() >= self.build + self.agent
        agent = {
            "id": _id(one["id"] + "agent"), "name": "main", "status": "connected" if ready else "connecting",
            "lifecycle_state": "ready" if ready else "starting", "expanded_directory": "/home/coder/src",
            "apps": [{"id": _id(one["id"] + "app"), "slug": "code-server", "hidden": False}],
        }  # fmt: skip
        return {"id": _id(one["id"] + "res"), "name": "pod", "type": "kubernetes_pod", "agents": [agent]}


def _page(call: Call, found: list[Any]) -> list[Any]:
    begin = int(call.one("offset", "0"))
    return found[begin : begin + int(call.one("limit", "25"))]


def _no(status: int, message: str, validations: list[dict[str, str]] | None = None) -> Answer:
    return Answer(status, {"message": message, "detail": "", "validations": validations or []})


def _template(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": _id(name), "name": name, "display_name": name.replace("-", " ").title(), "description": name,
        "active_version_id": _id(name + "version"), "default_ttl_ms": 8 * 3_600_000, "deprecated": False,
        "deprecation_message": "", "organization_id": _id(ORG), "provisioner": "terraform", **more,
    }  # fmt: skip


TEMPLATES = {
    "python-service": _template("python-service"),
    "old-service": _template("old-service", deprecated=True, deprecation_message="Use python-service."),
}
PARAMETERS = [
    {"name": "cpu", "display_name": "CPU", "type": "number", "default_value": "2", "required": False,
     "validation_min": 1, "validation_max": 8, "mutable": True, "options": [], "description_plaintext": "Cores"},
    {"name": "region", "type": "string", "default_value": "eu", "required": False, "mutable": False,
     "options": [{"name": "Europe", "value": "eu"}, {"name": "America", "value": "us"}]},
    {"name": "branch", "type": "string", "default_value": "main", "required": False, "mutable": True,
     "options": [], "validation_regex": "^[a-z/-]+$", "validation_error": "Small letters only."},
    {"name": "docker", "type": "bool", "default_value": "true", "required": False, "mutable": True, "options": []},
    {"name": "tools", "type": "list(string)", "default_value": "[\"git\"]", "required": False, "mutable": True,
     "options": []},
]  # fmt: skip
PRESETS = [
    {"id": _id("large"), "name": "Large", "default": False, "parameters": [{"name": "cpu", "value": "8"}]},
]
