"""Reading one document over HTTP, with every limit that a hostile or broken server calls for."""

import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from data.errors import Invalid, Unavailable
from data.reasons import reason_of

if TYPE_CHECKING:  # imported where it is used: a start does not wait for it, nor for all that comes with it
    import httpx

LARGEST = 8 << 20  # bytes of an answer
LONGEST = 15.0  # seconds for the whole of it
TIMEOUT = 5.0  # seconds for each step
MOST_REDIRECTS = 3
TALKATIVE = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Fetched:
    """`content` is None when the document is still the one with the `etag` that was known."""

    content: bytes | None
    etag: str


def keep_quiet() -> None:
    """Silence the HTTP library at every level: it tells whole URLs and headers of answers, secrets included."""
    for name in TALKATIVE:
        logging.getLogger(name).disabled = True


def check_url(url: str) -> str:
    """The URL, if it may be fetched: https, or http on this machine. Raises Invalid; nothing of it is said."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return url
    raise Invalid("The address must begin with https://.", "http is for this machine alone.")


def host_of(url: str) -> str:
    """The part of a URL that may be shown: paths and queries of feeds are secrets."""
    return urlsplit(url).hostname or "?"


def fetch(url: str, etag: str = "", ticks: Callable[[], float] = time.monotonic) -> Fetched:
    """GET one document. Redirects are followed on the same host only, so that no server can send us elsewhere.

    Raises Unavailable with a sentence that names the host and nothing more of the URL.
    """
    import httpx

    keep_quiet()
    host = host_of(url)
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, verify=_trusted(), trust_env=False) as client:
            return _followed(client, check_url(url), etag, ticks() + LONGEST, ticks)
    except httpx.TimeoutException:
        raise Unavailable(f"{host} does not answer in time.") from None
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        raise Unavailable(f"{host} cannot be read: {reason_of(error)}.") from None


def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _followed(client: "httpx.Client", url: str, etag: str, deadline: float, ticks: Callable[[], float]) -> Fetched:
    headers = {"If-None-Match": etag} if etag else {}
    for _ in range(MOST_REDIRECTS + 1):
        with client.stream("GET", url, headers=headers) as response:
            if not response.has_redirect_location:
                return _read(response, etag, deadline, ticks)
            url = _next_hop(url, response.headers.get("location", ""))
    raise Unavailable(f"{host_of(url)} sends us in a circle.")


def _next_hop(url: str, location: str) -> str:
    target = urljoin(url, location)
    if (urlsplit(target).scheme, urlsplit(target).netloc) != (urlsplit(url).scheme, urlsplit(url).netloc):
        raise Unavailable(f"{host_of(url)} sends us to another host, which is not followed.")
    return target


def _read(response: "httpx.Response", etag: str, deadline: float, ticks: Callable[[], float]) -> Fetched:
    host = response.url.host
    if response.status_code == HTTPStatus.NOT_MODIFIED and etag:
        return Fetched(None, etag)
    if response.status_code != HTTPStatus.OK:
        raise Unavailable(f"{host} answers {response.status_code}.")
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LARGEST:
            raise Unavailable(f"{host} sends more than {LARGEST >> 20} MiB.")
        if ticks() > deadline:
            raise Unavailable(f"{host} is too slow: nothing complete after {LONGEST:.0f} s.")
    return Fetched(bytes(content), response.headers.get("etag", ""))
