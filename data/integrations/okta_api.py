"""The few calls of Okta's management API that access needs: users, groups, members.

Facts: Okta's OpenAPI description. PUT and DELETE of a membership answer 204 and may be repeated; lists are paged
by the `Link` header; too many calls answer 429 with `X-Rate-Limit-Reset` (seconds since the epoch).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson

from data.errors import Invalid, NotFound, Unavailable
from data.http.answers import Answer
from data.http.api import Api, Limits

PAGE = 200
PAGES = 500  # of one list; more is no group of people who may touch production
REFUSALS: Final = frozenset(range(400, 500)) - {429}  # told apart here, since what is passing decides what follows

_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class Okta:
    """One organisation. Nothing is tried again here: the work that calls does that, and waits durably."""

    def __init__(self, url: str, token: str, seconds: float = 10.0) -> None:
        headers = {"authorization": f"SSWS {token}", "accept": "application/json"}
        self._api = Api(url, headers, Limits(step=seconds, whole=2 * seconds, tries=1))

    def user_id(self, login: str) -> str:
        """The id of the active user with this login. Raises NotFound."""
        user = self._json("GET", f"/api/v1/users/{quote(login, safe='')}")
        if not isinstance(user, dict) or user.get("status") in {"DEPROVISIONED", "SUSPENDED"}:
            raise NotFound(f"{login} is not an active user of Okta.")
        return str(user["id"])

    def group_id(self, name: str) -> str:
        """The id of the group with exactly this name. Raises NotFound."""
        found = self._json("GET", "/api/v1/groups", {"q": name, "limit": "50"})
        ids = [str(group["id"]) for group in found if group.get("profile", {}).get("name") == name]
        if len(ids) != 1:
            raise NotFound(f"Okta has {len(ids) or 'no'} group named {name}.")
        return ids[0]

    def members(self, group: str) -> Iterator[Mapping[str, Any]]:
        """The users of a group, page by page."""
        url, asked = f"/api/v1/groups/{quote(group, safe='')}/users", {"limit": str(PAGE)}
        for _page in range(PAGES):
            answer = self._call("GET", url, asked)
            yield from answer.json()
            following = _NEXT.search(answer.headers.get("link", ""))
            if not following:
                return
            url, asked = following[1], {}
        raise Unavailable(f"A group in Okta has more than {PAGE * PAGES:,} members.")

    def add(self, group: str, user: str) -> None:
        """Put a user into a group; one who is in it stays."""
        self._call("PUT", _membership(group, user))

    def remove(self, group: str, user: str) -> None:
        """Take a user out of a group; one who is not in it is fine."""
        try:
            self._call("DELETE", _membership(group, user))
        except NotFound:
            return

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()

    def _json(self, method: str, url: str, asked: Mapping[str, str] | None = None) -> Any:
        return self._call(method, url, asked).json()

    def _call(self, method: str, url: str, asked: Mapping[str, str] | None = None) -> Answer:
        answer = self._api.call(method, url, params=asked, accept=REFUSALS)
        if answer.status in REFUSALS:
            raise _fault(answer)
        return answer


def _membership(group: str, user: str) -> str:
    return f"/api/v1/groups/{quote(group, safe='')}/users/{quote(user, safe='')}"


def _fault(answer: Answer) -> Exception:
    if answer.status == 404:
        return NotFound("Okta does not know this user or group.")
    if answer.status in {401, 403}:
        return Unavailable("Okta refuses our token.", "Check its rights: okta.groups.manage and okta.users.read.")
    return Invalid(f"Okta refused the call: {_summary(answer)}")


def _summary(answer: Answer) -> str:
    try:
        said = orjson.loads(answer.content)
    except ValueError:
        return f"HTTP {answer.status}"
    summary = said.get("errorSummary") if isinstance(said, dict) else None
    return " ".join(str(summary or f"HTTP {answer.status}").split())[:200]
