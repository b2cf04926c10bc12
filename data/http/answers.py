"""What an API answers, and what it means: an answer, a wait, a refusal, or nothing that can be understood."""

import email.utils
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

from data.errors import NotAllowed, NotFound, Unavailable

AGAIN: Final = frozenset({429, 500, 502, 503, 504})
TOKENLESS: Final = 401


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Names of headers are in lower case."""

    host: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The content, decoded. Raises Unavailable when it is not JSON."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            raise Unavailable(f"{self.host} answers something that is not JSON.") from None


class TokenRefused(NotAllowed):
    """The credential is wrong, or has ended."""


@contextmanager
def understood(host: str) -> Iterator[None]:
    """Whatever does not have the shape that was described is a trouble of the other side, not a bug."""
    try:
        yield
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise Unavailable(f"{host} answers something that is not understood: {type(error).__name__}.") from None


def must_wait(answer: Answer) -> bool:
    """Whether the same call may succeed later: too many calls, or a trouble of the other side."""
    limited = answer.status == 403 and (
        "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    )
    return limited or answer.status in AGAIN


def retry_after(answer: Answer, now: float, otherwise: float) -> float:
    """Seconds to wait, at least 0: `Retry-After` as a number or a date, else the moment at which a limit ends.

    `now` in seconds since the epoch; what is missing or makes no sense counts as `otherwise`.
    """
    stated = answer.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit() and len(stated) < 10:
        return float(stated)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(stated).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        pass
    for name in ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset"):
        seconds = _seconds(answer.headers.get(name, ""), now)
        if seconds is not None and answer.status in (403, 429):
            return seconds
    return otherwise


def _seconds(stated: str, now: float) -> float | None:
    """A count of seconds, or a moment in seconds since the epoch."""
    try:
        value = float(stated)
    except ValueError:
        return None
    if not math.isfinite(value) or value < 0:
        return None
    return value if value < 1e8 else max(0.0, value - now)


def refusal(answer: Answer) -> Exception:
    """What a status that is no success means."""
    if answer.status == 404:
        return NotFound(f"{answer.host} does not know it.")
    if answer.status == TOKENLESS:
        return TokenRefused(f"{answer.host} does not accept the token.", "Set a valid one, and see `idp doctor`.")
    if answer.status == 403:
        return NotAllowed(f"{answer.host} does not allow it (403).", "Compare the token's permissions.")
    return Unavailable(f"{answer.host} answers {answer.status}.")
