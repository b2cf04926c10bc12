"""A small Okta: users, groups, memberships; every request and answer is held to the published description."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

TOKEN = "okta-canary-token"
STAMP = "2026-01-01T00:00:00.000Z"


@dataclass
class Fault:
    """What the next calls get instead of an answer."""

    status: int
    times: int
    body: Any = field(
        default_factory=lambda: {"errorCode": "E0000047", "errorSummary": "API call exceeded rate limit"}
    )


@dataclass
class OktaStandIn:
    """`users` by id: login; `groups` by id: name; `members` by group id. `broken`: calls off the contract."""

    spec: dict[str, Any]
    page: int = 2
    users: dict[str, str] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)
    groups: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    fault: Fault | None = None
    next_host: str = ""
    url: str = ""

    def user(self, id: str) -> dict[str, Any]:
        status = "SUSPENDED" if id in self.suspended else "ACTIVE"
        profile = {"login": self.users[id], "email": self.users[id], "firstName": "A", "lastName": "B"}
        return {"id": id, "status": status, "created": STAMP, "profile": profile}

    def answer(self, method: str, url: str, authorization: str) -> tuple[int, Any, dict[str, str]]:
        parts = urlsplit(url)
        self.calls.append((method, parts.path))
        if authorization != f"SSWS {TOKEN}":
            return 401, {"errorCode": "E0000011", "errorSummary": "Invalid token provided"}, {}
        if self.fault and self.fault.times:
            self.fault.times -= 1
            return self.fault.status, self.fault.body, {"X-Rate-Limit-Reset": "9999999999"}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._check_request(method, parts.path, query)
        status, body, headers = self._routed(method, unquote(parts.path), query)
        self._check_answer(method, parts.path, status, body)
        return status, body, headers

    def _routed(self, method: str, path: str, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        if found := re.fullmatch(r"/api/v1/users/([^/]+)", path):
            ids = [id for id, login in self.users.items() if found[1] in {id, login}]
            return (200, self.user(ids[0]), {}) if ids else missing()
        if path == "/api/v1/groups":
            rows = [self._group(id) for id, name in self.groups.items() if name.startswith(query.get("q", ""))]
            return 200, rows, {}
        if found := re.fullmatch(r"/api/v1/groups/([^/]+)/users", path):
            return self._listed(found[1], query) if found[1] in self.groups else missing()
        if found := re.fullmatch(r"/api/v1/groups/([^/]+)/users/([^/]+)", path):
            return self._changed(method, found[1], found[2])
        return missing()

    def _group(self, id: str) -> dict[str, Any]:
        return {"id": id, "type": "OKTA_GROUP", "created": STAMP, "profile": {"name": self.groups[id]}}

    def _listed(self, group: str, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        start = int(query.get("after", "0"))
        size = min(self.page, int(query.get("limit", "200")))
        ids = self.members.get(group, [])
        base = self.next_host or self.url
        more = f'<{base}/api/v1/groups/{group}/users?after={start + size}&limit={size}>; rel="next"'
        links = {"Link": f'<{self.url}/x>; rel="self", {more}'} if start + size < len(ids) else {}
        return 200, [self.user(id) for id in ids[start : start + size]], links

    def _changed(self, method: str, group: str, user: str) -> tuple[int, Any, dict[str, str]]:
        if group not in self.groups or user not in self.users:
            return missing()
        held = self.members.setdefault(group, [])
        if method == "PUT" and user not in held:
            held.append(user)
        if method == "DELETE" and user in held:
            held.remove(user)
        return 204, None, {}

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for template, operations in self.spec["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) and method.lower() in operations:
                found: dict[str, Any] = operations[method.lower()]
                return found
        return None

    def _check_request(self, method: str, path: str, query: dict[str, str]) -> None:
        operation = self._operation(method, path)
        if operation is None:
            self.broken.append(f"{method} {path} is not in the description")
            return
        known = {self._resolved(p).get("name") for p in operation.get("parameters", [])}
        self.broken += [f"{method} {path} has no parameter {name}" for name in query if name not in known]

    def _check_answer(self, method: str, path: str, status: int, body: Any) -> None:
        operation = self._operation(method, path) or {}
        response = self._resolved(operation.get("responses", {}).get(str(status), {}))
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema is None or body is None:
            return
        registry: Registry[Any] = Registry().with_resource("spec", DRAFT202012.create_resource(self.spec))
        pointed = json.loads(json.dumps(schema).replace('"#/', '"spec#/'))
        for error in Draft202012Validator(pointed, registry=registry).iter_errors(body):
            self.broken.append(f"{method} {path}: {error.json_path} {error.message[:200]}")

    def _resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            target: Any = self.spec
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            part = target
        return part


def missing() -> tuple[int, Any, dict[str, str]]:
    body = {"errorCode": "E0000007", "errorSummary": "Not found: Resource not found", "errorCauses": []}
    return 404, body, {}


@contextmanager
def served(okta: OktaStandIn) -> Iterator[OktaStandIn]:
    """The stand-in on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            status, body, headers = okta.answer(self.command, self.path, self.headers.get("Authorization", ""))
            payload = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            shape = {"Content-Type": "application/json"} if payload else {}
            for name, value in {**headers, **shape, "Content-Length": str(len(payload))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_PUT = do_DELETE = do_POST = _reply

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    okta.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield okta
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
