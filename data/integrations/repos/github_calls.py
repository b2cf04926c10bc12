"""Calls of GitHub that change something: permissions told in sentences, secondary limits waited for."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.catalog.sources.github_token import Credential
from data.errors import Conflict, NotAllowed, NotFound, Unavailable
from data.http.answers import Answer, TokenRefused, must_wait, refusal, retry_after
from data.http.api import Api, Params

VERSION: Final = "2022-11-28"
PATIENCE: Final = 20.0  # seconds that a call waits by itself; after that the run waits
OTHERWISE: Final = 60.0  # seconds that a secondary limit lasts when GitHub does not say


@dataclass(slots=True)
class GitHubCalls:
    """One client. `until` is the moment (Unix time) before which GitHub has asked us not to come again."""

    api: Api
    credential: Credential
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    until: float = 0.0

    def get(self, path: str, params: Params | None = None) -> Any:
        """What is there, None when there is nothing (or nothing that we may see)."""
        try:
            return self._sent("GET", path, params=params).json()
        except NotFound:
            return None

    def raw(self, path: str, params: Params) -> bytes:
        """The content of a file."""
        return self._sent("GET", path, params=params, accept="application/vnd.github.raw+json").content

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None, doing: str = "") -> Any:
        """A call that changes something; Conflict carries GitHub's reason for a 409 or 422."""
        try:
            answer = self._sent(method, path, body=body)
        except TokenRefused:
            raise
        except NotAllowed:
            raise NotAllowed(
                f"GitHub does not allow us to {doing}.", "Compare the permissions of the App."
            ) from None
        except NotFound:
            raise NotFound(
                f"GitHub knows nothing to {doing}.", "It says the same where a permission is missing."
            ) from None
        return answer.json() if answer.content else None

    def _sent(
        self, method: str, path: str, *, params: Params | None = None, body: Any = None, accept: str = ""
    ) -> Answer:
        if self.now() < self.until:
            raise self._limited(self.until - self.now())
        answer = self._authorized(method, path, params, body, accept)
        if answer.status in (403, 429) and _is_limit(answer):
            seconds = retry_after(answer, self.now(), otherwise=OTHERWISE)
            if seconds > PATIENCE:
                self.until = self.now() + seconds
                raise self._limited(seconds)
            self.sleep(seconds)
            answer = self._authorized(method, path, params, body, accept)
        if answer.status in (409, 422):
            raise Conflict(f"GitHub refuses it: {_reason(answer)}")
        if not 200 <= answer.status < 300:
            raise refusal(answer)
        return answer

    def _authorized(self, method: str, path: str, params: Params | None, body: Any, accept: str) -> Answer:
        """Once more with a new token, when the old one has ended."""
        answer = self._once(method, path, params, body, accept)
        if answer.status == 401 and self.credential.renew():
            answer = self._once(method, path, params, body, accept)
        return answer

    def _once(self, method: str, path: str, params: Params | None, body: Any, accept: str) -> Answer:
        self.api.renew()
        headers = {
            "authorization": self.credential.header(self.api),
            "accept": accept or "application/json",
            "x-github-api-version": VERSION,
        }
        return self.api.call(
            method, path, params=params, body=body, headers=headers, accept=range(400, 500), repeatable=False
        )

    def _limited(self, seconds: float) -> Unavailable:
        return Unavailable(f"GitHub asks us to wait for {seconds:,.0f} s.", "The run goes on after that.")


def _is_limit(answer: Answer) -> bool:
    return must_wait(answer) or b"secondary rate limit" in answer.content


def _reason(answer: Answer) -> str:
    """GitHub's own words, on one line."""
    told = answer.json() if answer.content else {}
    said = [str(told.get("message", ""))] if isinstance(told, dict) else []
    errors = told.get("errors") if isinstance(told, dict) else None
    for one in errors if isinstance(errors, list) else ():
        said.append(str(one.get("message") or one.get("code") or "") if isinstance(one, dict) else str(one))
    return " ".join(" ".join(said).split())[:200] or str(answer.status)
