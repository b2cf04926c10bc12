"""An Okta with a memory: users, groups, memberships; pages by the Link header."""

import itertools
from typing import Any

from tests.fakes.api import Answer, Call, FakeApi
from tests.fakes.spec import Spec

SINCE = "2026-01-01T00:00:00.000Z"


class FakeOkta(FakeApi):
    """Hands out pages of at most `page`; refuses other tokens. `lose_next` forgets to name the next page."""

    def __init__(self, spec: Spec | None = None, token: str = "okta-canary-token") -> None:
        super().__init__(spec)
        self.token, self.page = token, 200
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.members: dict[str, list[str]] = {}
        self.lose_next = False
        self._ids = itertools.count(1)

    def user(self, login: str, *groups: str, status: str = "ACTIVE") -> str:
        id = f"00u{next(self._ids)}"
        first = login.partition("@")[0].capitalize()
        profile = {
            "login": login,
            "email": login,
            "firstName": first,
            "lastName": "Day",
            "displayName": f"{first} Day",
        }
        self.users[id] = {"id": id, "status": status, "created": SINCE, "lastUpdated": SINCE, "profile": profile}
        for group in groups:
            self.members[group].append(id)
        return id

    def group(self, name: str, type: str = "OKTA_GROUP") -> str:
        id = f"00g{next(self._ids)}"
        self.groups[id] = {
            "id": id, "type": type, "created": SINCE, "lastUpdated": SINCE, "lastMembershipUpdated": SINCE,
            "objectClass": ["okta:user_group"], "profile": {"name": name, "description": f"About {name}"},
        }  # fmt: skip
        self.members[id] = []
        return id

    def leave(self, user: str) -> None:
        """Deactivated: Okta takes them out of every group."""
        self.users[user]["status"] = "DEPROVISIONED"
        for members in self.members.values():
            members[:] = [one for one in members if one != user]

    def respond(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"SSWS {self.token}":
            return Answer(
                401, {"errorCode": "E0000011", "errorSummary": "Invalid token provided", "errorCauses": []}
            )
        here = [one for one in self.users.values() if one["status"] != "DEPROVISIONED"]
        if call.path == "/api/v1/users":
            return self._paged(call, here)
        if call.path == "/api/v1/groups":
            return self._paged(call, list(self.groups.values()))
        group = call.path.removeprefix("/api/v1/groups/").removesuffix("/users")
        if group not in self.groups:
            return Answer(404, {"errorCode": "E0000007", "errorSummary": "Not found", "errorCauses": []})
        return self._paged(call, [self.users[id] for id in self.members[group]])

    def _paged(self, call: Call, items: list[dict[str, Any]]) -> Answer:
        after = call.query.get("after", [""])[0]
        begin = next((n + 1 for n, one in enumerate(items) if one["id"] == after), 0)
        page = items[begin : begin + min(self.page, int(call.query.get("limit", ["200"])[0]))]
        links = [f'<{self.url}{call.path}>; rel="self"']
        if begin + len(page) < len(items) and not self.lose_next:
            links.append(f'<{self.url}{call.path}?after={page[-1]["id"]}&limit={self.page}>; rel="next"')
        return Answer(200, page, {"Link": ", ".join(links)})
