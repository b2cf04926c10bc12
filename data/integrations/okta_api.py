"""The few calls of Okta's management API that access needs: users, groups, members.

Facts: Okta's OpenAPI description. PUT and DELETE of a membership answer 204 and may be repeated; lists are paged
by the `Link` header; too many calls answer 429 with `X-Rate-Limit-Reset` (seconds since the epoch).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from data.errors import Invalid, NotFound, Unavailable

PAGE = 200
PAGES = 500  # of one list; more is no group of people who may touch production

_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class Okta:
    """One organisation. The token never appears in an error; redirects are not followed."""

    def __init__(self, url: str, token: str, seconds: float = 10.0) -> None:
        headers = {"authorization": f"SSWS {token}", "accept": "application/json"}
        self._http = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=seconds, follow_redirects=False
        )
        self._host = urlsplit(url).netloc

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
            response = self._call("GET", url, asked)
            yield from response.json()
            following = _NEXT.search(", ".join(response.headers.get_list("link")))
            if not following:
                return
            url, asked = self._ours(following[1]), {}
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
        self._http.close()

    def _json(self, method: str, url: str, asked: Mapping[str, str] | None = None) -> Any:
        return self._call(method, url, asked).json()

    def _call(self, method: str, url: str, asked: Mapping[str, str] | None = None) -> httpx.Response:
        try:
            response = self._http.request(method, url, params=asked or None)
        except httpx.HTTPError as error:
            raise Unavailable(f"Okta does not answer ({type(error).__name__}).") from None
        if response.is_success:
            return response
        raise _fault(response)

    def _ours(self, url: str) -> str:
        """The next page must be where the first one was: the token goes there."""
        if urlsplit(url).netloc != self._host:
            raise Unavailable("Okta named a next page on another host.")
        return url


def _membership(group: str, user: str) -> str:
    return f"/api/v1/groups/{quote(group, safe='')}/users/{quote(user, safe='')}"


def _fault(response: httpx.Response) -> Exception:
    code = response.status_code
    if code == 404:
        return NotFound("Okta does not know this user or group.")
    if code in {401, 403}:
        return Unavailable("Okta refuses our token.", "Check its rights: okta.groups.manage and okta.users.read.")
    if code == 429 or code >= 500 or response.is_redirect:
        return Unavailable(f"Okta cannot do this now (HTTP {code}).")
    return Invalid(f"Okta refused the call: {_summary(response)}")


def _summary(response: httpx.Response) -> str:
    try:
        said = response.json()
    except ValueError:
        return f"HTTP {response.status_code}"
    summary = said.get("errorSummary") if isinstance(said, dict) else None
    return " ".join(str(summary or f"HTTP {response.status_code}").split())[:200]
