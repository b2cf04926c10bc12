"""Asking another company's API: one client with limits on time, size, waiting and hosts; no secret in any word.

`fetching` reads single documents; this keeps its connections and its headers, and knows what APIs answer.
"""

import ssl
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import orjson

from data.errors import Unavailable
from data.http.answers import Answer, must_wait, refusal, retry_after
from data.http.fetching import check_url, keep_quiet
from data.reasons import reason_of

if TYPE_CHECKING:  # imported where it is used: a start does not wait for it, nor for all that comes with it
    import httpx

MOST_REDIRECTS: Final = 3
SAFE: Final = frozenset({"GET", "HEAD"})

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take: seconds for each step and for the whole of it, bytes of an answer, tries, and
    seconds of waiting that the other side may ask for, over all calls of one client."""

    step: float = 10.0
    whole: float = 60.0
    answer: int = 64 << 20
    tries: int = 3
    waiting: float = 90.0


class Api:
    """One API at `base`. `headers` go with every call, to this host only; redirects elsewhere are not followed.

    `call` raises TokenRefused for 401, NotAllowed for 403, NotFound for 404, Unavailable for everything else that
    is no success; the sentences name the host and the status, never an address or a header.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        import httpx

        keep_quiet()
        self._base = check_url(base).rstrip("/")
        self._limits = limits or Limits()
        self._headers = dict(headers or {})
        self._sleep, self._now = sleep or time.sleep, now
        self._patience = self._limits.waiting
        self._client = httpx.Client(
            timeout=self._limits.step,
            follow_redirects=False,
            verify=ssl.create_default_context(),
            trust_env=False,
        )
        self.calls = 0  # sent so far, for those who count
        self.host = urlsplit(base).hostname or "?"

    def json(self, method: str, path: str, *, params: Params | None = None, body: object = None) -> Any:
        """Call and decode. A POST with which one only asks is a `query`."""
        return self.call(method, path, params=params, body=body).json()

    def query(self, path: str, body: object) -> Any:
        """POST a question, which may be repeated."""
        return self.call("POST", path, body=body, repeatable=True).json()

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
        repeatable: bool = False,
    ) -> Answer:
        """One call with its repetitions; statuses in `accept` come back beside the successful ones."""
        request = self._client.build_request(
            method,
            self._here(path) if "://" in path else self._base + path,
            params=params or None,
            content=None if body is None else orjson.dumps(body),
            headers={**self._headers, **({"content-type": "application/json"} if body else {}), **(headers or {})},
        )
        again = repeatable or method in SAFE
        for attempt in range(self._limits.tries):
            last = attempt == self._limits.tries - 1
            answer = self._attempt(request, silent=again and not last)
            if answer is not None:
                if answer.status in accept or 200 <= answer.status < 300:
                    return answer
                if last or not (again or answer.status == 429) or not must_wait(answer):
                    raise refusal(answer)
            self._wait(answer, attempt)
        raise Unavailable(f"{self.host} does not answer.")

    def _here(self, url: str) -> str:
        """A whole address, such as that of a next page: our headers go to our host only."""
        base, there = urlsplit(self._base), urlsplit(url)
        if (base.scheme, base.netloc) != (there.scheme, there.netloc):
            raise Unavailable(f"{self.host} names a page on another host, which is not asked.")
        return url

    def renew(self) -> None:
        """Begin another round of calls with all its patience, for clients that live long."""
        self._patience = self._limits.waiting

    def authorize(self, headers: Mapping[str, str]) -> None:
        """From now on these headers go with every call, such as a renewed token."""
        self._headers |= headers

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _attempt(self, request: "httpx.Request", *, silent: bool) -> Answer | None:
        """Send it once and follow it on its own host; None when that failed and may be tried again (`silent`)."""
        import httpx

        try:
            return self._followed(request)
        except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as error:
            if silent:
                return None
            slow = isinstance(error, httpx.TimeoutException)
            raise Unavailable(
                f"{self.host} does not answer in time."
                if slow
                else f"{self.host} cannot be reached: {reason_of(error)}."
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise Unavailable(f"{self.host} cannot be read: {reason_of(error)}.") from None

    def _followed(self, request: "httpx.Request") -> Answer:
        deadline = time.monotonic() + self._limits.whole
        for _ in range(MOST_REDIRECTS + 1):
            self.calls += 1
            response = self._client.send(request, stream=True)
            try:
                if not (response.has_redirect_location and request.method in SAFE):
                    return Answer(
                        self.host, response.status_code, _lower(response.headers), self._body(response, deadline)
                    )
            finally:
                response.close()
            request = self._next(request, response.headers["location"])
        raise Unavailable(f"{self.host} sends us in a circle.")

    def _next(self, request: "httpx.Request", location: str) -> "httpx.Request":
        target = urljoin(str(request.url), location)
        here, there = urlsplit(self._base), urlsplit(target)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise Unavailable(f"{self.host} sends us to another host, which is not followed.")
        return self._client.build_request(request.method, target, headers=request.headers)

    def _body(self, response: "httpx.Response", deadline: float) -> bytes:
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > self._limits.answer:
                raise Unavailable(f"{self.host} sends more than {self._limits.answer >> 20} MiB.")
            if time.monotonic() > deadline:
                raise Unavailable(f"{self.host} is too slow: nothing complete after {self._limits.whole:.0f} s.")
        return bytes(content)

    def _wait(self, answer: Answer | None, attempt: int) -> None:
        seconds = float(2**attempt)
        if answer is not None:
            seconds = retry_after(answer, self._now(), otherwise=seconds)
        if seconds > self._patience:
            raise Unavailable(
                f"{self.host} asks us to wait for {seconds:,.0f} s.", "It is tried again at the next sync."
            )
        self._patience -= seconds
        self._sleep(seconds)


def _lower(headers: "httpx.Headers") -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
