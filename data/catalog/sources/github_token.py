"""How the bot shows GitHub who it is: a token, or the key of a GitHub App, which gives tokens of one hour.

Facts: the published OpenAPI description (`/app/installations/{id}/access_tokens`); an App signs a JSON Web Token
(RS256, at most ten minutes) with its private key.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from data.errors import Invalid, Unavailable
from data.http.api import Api

EARLY = 300.0  # seconds before its end from which a token is renewed
LONGEST = 540  # seconds of a JSON Web Token


class Credential(Protocol):
    """What goes into the header `authorization`; may call GitHub to learn it."""

    def header(self, api: Api) -> str: ...
    def renew(self) -> bool:
        """Forget what was refused; False when there is nothing else to try."""
        ...


@dataclass(slots=True)
class Token:
    """A personal or machine token; `variable` is the name of where it should be, for people."""

    token: str = field(repr=False)
    variable: str = "GITHUB_TOKEN"

    def header(self, api: Api) -> str:  # noqa: ARG002  # the others ask GitHub
        if not self.token:
            raise Unavailable("There is no token for GitHub.", f"Set {self.variable} in the environment.")
        return f"Bearer {self.token}"

    def renew(self) -> bool:
        return False


@dataclass(slots=True)
class App:
    """A GitHub App: its client id, the file of its private key (PEM), where it is installed (0: look)."""

    client_id: str
    key: Path
    org: str
    installation: int = 0
    now: Callable[[], float] = time.time
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    def header(self, api: Api) -> str:
        if self.now() > self._until - EARLY:
            self._ask(api)
        return f"Bearer {self._token}"

    def renew(self) -> bool:
        self._until = 0.0
        return True

    def _ask(self, api: Api) -> None:
        headers = {"authorization": f"Bearer {self._signed()}"}
        number = self.installation or self._installed(api, headers)
        path = f"/app/installations/{number}/access_tokens"
        told = api.call("POST", path, headers=headers, repeatable=True).json()
        try:
            until = datetime.fromisoformat(str(told["expires_at"]))
            self._token, self._until = str(told["token"]), until.timestamp()
        except (KeyError, TypeError, ValueError):
            raise Unavailable("GitHub answers no token for the App.") from None

    def _installed(self, api: Api, headers: dict[str, str]) -> int:
        answer = api.call("GET", "/app/installations", params={"per_page": 100}, headers=headers)
        for each in answer.json():
            account: dict[str, Any] = each.get("account") or {}
            if str(account.get("login", "")).lower() == self.org.lower():
                return int(each["id"])
        raise Invalid(f"The GitHub App is not installed in {self.org}.", "Install it there, or correct `app`.")

    def _signed(self) -> str:
        import jwt  # a cryptography library that installs without a GitHub App do not load

        now = int(self.now())
        claims = {"iat": now - 60, "exp": now + LONGEST, "iss": self.client_id}
        try:
            return jwt.encode(claims, self.key.read_bytes(), algorithm="RS256")
        except (jwt.InvalidKeyError, OSError, ValueError, TypeError):
            raise Invalid(
                "The private key of the GitHub App cannot be used.", "A PEM file from its page."
            ) from None
