"""The calls of Coder's API (v2) that workspaces need, with what their refusals mean.

Facts: Coder's OpenAPI description. Errors are `{message, detail, validations: [{field, detail}]}`. Nothing is
tried again here: the work that calls does that, and waits durably.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import orjson

from data.errors import Conflict, Invalid, NotFound, Unavailable
from data.http.answers import Answer, understood
from data.http.api import Api, Limits, Params

REFUSALS: Final = frozenset(range(400, 500)) - {429}
PAGE: Final = 100
PAGES: Final = 200  # of one list; twenty thousand workspaces are more than one deployment has
UNCHANGED: Final = 304


class CoderApi:
    """One deployment and one organisation in it."""

    def __init__(self, url: str, token: str, organization: str = "default", seconds: float = 5.0) -> None:
        headers = {"coder-session-token": token, "accept": "application/json"}
        self._api = Api(f"{url.rstrip('/')}/api/v2", headers, Limits(step=seconds, whole=2 * seconds, tries=1))
        self._org = _part(organization)

    def me(self) -> Any:
        """The account of the token."""
        return self.json("GET", "/users/me")

    def users(self, query: str = "") -> Iterator[Any]:
        """All accounts, or those that a query finds."""
        return self._pages("/users", "users", {"q": query} if query else {})

    def templates(self) -> Any:
        """The templates of the organisation."""
        return self.json("GET", f"/organizations/{self._org}/templates")

    def template(self, name: str) -> Any:
        """One template. Raises NotFound."""
        return self.json("GET", f"/organizations/{self._org}/templates/{_part(name)}")

    def parameters(self, version: str) -> Any:
        """What a version asks."""
        return self.json("GET", f"/templateversions/{_part(version)}/rich-parameters")

    def presets(self, version: str) -> Any:
        """Values that its authors have put together."""
        return self.json("GET", f"/templateversions/{_part(version)}/presets") or []

    def quota(self, user: str) -> Any:
        """Budget and credits used up."""
        return self.json("GET", f"/organizations/{self._org}/members/{_part(user)}/workspace-quota")

    def workspaces(self) -> Iterator[Any]:
        """Everybody's."""
        return self._pages("/workspaces", "workspaces", {})

    def workspace(self, id: str) -> Any:
        """One. Raises NotFound."""
        return self.json("GET", f"/workspaces/{_part(id)}")

    def named(self, user: str, name: str) -> Any:
        """A user's workspace with this name. Raises NotFound."""
        return self.json("GET", f"/users/{_part(user)}/workspace/{_part(name)}")

    def create(self, user: str, body: Any) -> Any:
        """Make one. Raises Conflict when the name is taken, Invalid for values that the template does not take."""
        return self.json("POST", f"/users/{_part(user)}/workspaces", body)

    def build(self, id: str, transition: str) -> None:
        """Begin a build. Raises Conflict while another is in progress."""
        self.json("POST", f"/workspaces/{_part(id)}/builds", {"transition": transition})

    def cancel(self, build: str) -> None:
        """Break a build off."""
        self.json("PATCH", f"/workspacebuilds/{_part(build)}/cancel")

    def extend(self, id: str, deadline: str) -> None:
        """Move the moment at which it stops; the same moment again is fine."""
        self._call("PUT", f"/workspaces/{_part(id)}/extend", None, {"deadline": deadline})

    def logs(self, build: str) -> Any:
        """What a build said."""
        return self.json("GET", f"/workspacebuilds/{_part(build)}/logs")

    def json(self, method: str, path: str, body: object = None) -> Any:
        """Call and decode."""
        return self._call(method, path, None, body).json()

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()

    def _pages(self, path: str, key: str, asked: Params) -> Iterator[Any]:
        for page in range(PAGES):
            answer = self._call("GET", path, {**asked, "limit": PAGE, "offset": page * PAGE}).json()
            with understood("Coder"):
                found, count = answer[key] or [], int(answer["count"])
            yield from found
            if not found or (page + 1) * PAGE >= count:
                return
        raise Unavailable(f"Coder has more than {PAGE * PAGES:,} {key}.")

    def _call(self, method: str, path: str, params: Params | None = None, body: object = None) -> Answer:
        answer = self._api.call(method, path, params=params, body=body, accept=REFUSALS | {UNCHANGED})
        if answer.status in REFUSALS:
            raise _refusal(answer)
        return answer


def _part(value: str) -> str:
    return quote(value, safe="")


def _refusal(answer: Answer) -> Exception:
    said = _sentence(answer)
    match answer.status:
        case 401:
            return Unavailable("Coder does not accept our token.", "Set a valid one; `idp doctor` tries it.")
        case 404:
            return NotFound(f"Coder does not know it: {said}")
        case 409:
            return Conflict(f"Coder: {said}")
    return Invalid(f"Coder refused it: {said}")


def _sentence(answer: Answer) -> str:
    """Message and faults in one line; whatever does not have their shape is only its number."""
    try:
        said = orjson.loads(answer.content)
        faults = [f"{one['field']}: {one['detail']}" for one in said.get("validations") or ()]
        words = " ".join([str(said["message"]), *faults, str(said.get("detail") or "") if not faults else ""])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"HTTP {answer.status}"
    return " ".join(words.split())[:400]
