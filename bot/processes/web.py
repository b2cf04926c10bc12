"""The web side: a few routes, a guard, and never a 500. A WSGI application.

`/slack/events` takes everything that Slack sends, `/hooks/github` what GitHub says was pushed, `/hooks/facts` and
`/hooks/deployments` what pipelines tell about services, `/healthz` says that the process runs, `/readyz` that it
can answer. What a stranger sends leaves nothing behind but a count in the log.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import orjson
from slack_bolt import App, BoltRequest

from bot.processes.fact_hooks import HEADERS as FACT_HEADERS
from bot.processes.fact_hooks import LARGEST as LARGEST_PUSH
from bot.processes.fact_hooks import FactHooks
from bot.processes.guard import LARGEST, why_refused
from bot.processes.hooks import LARGEST as LARGEST_HOOK
from bot.processes.hooks import GitHubHooks
from bot.processes.turned_away import TurnedAway
from bot.processes.work import report_bug
from bot.slack.answers import Answered
from bot.slack.who.me import Me, admits

if TYPE_CHECKING:  # the standard library has these for type checkers only
    from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger("idp")

TEXT: Final = [("content-type", "text/plain;charset=utf-8")]
JSON: Final = [("content-type", "application/json;charset=utf-8")]
FACT_PATHS: Final = {"/hooks/facts": "facts", "/hooks/deployments": "deployments"}
MOST_FIELDS: Final = 100
DRAINED: Final = 64 * 1024 * 1024  # bytes of a body too large that are still taken off the line
PIECE: Final = 64 * 1024


class Refused(Exception):
    """A request that goes no further, with the status that says so."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Web:
    """What granian calls. `signing_secret` "" (Socket Mode) closes /slack/events."""

    def __init__(
        self,
        app: App,
        me: Me,
        signing_secret: str,
        readiness: Callable[[], Mapping[str, str]],
        *,
        github: GitHubHooks | None = None,
        facts: FactHooks | None = None,
        foreign: Callable[[Mapping[str, Any]], None] = lambda _: None,
    ) -> None:
        """`readiness` gives, for each part, "" when it is ready or a sentence without secrets why it is not.

        Without `github` nothing is behind /hooks/github, without `facts` nothing where facts are pushed. `foreign`
        is told of signed requests that are not for us.
        """
        self._facts = facts
        self._foreign = foreign
        self._github = github
        self._app = app
        self._me = me
        self._secret = signing_secret.encode()
        self._readiness = readiness
        self._turned_away = TurnedAway()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            status, headers, body = self._route(environ)
        except Refused as refused:
            status, headers, body = refused.status, TEXT, refused.status.phrase.encode()
        except Exception:  # noqa: BLE001 - the outermost line: a bug must not become a traceback in the network
            report_bug("answering a web request")
            status, headers, body = HTTPStatus.SERVICE_UNAVAILABLE, TEXT, b""
        start_response(f"{status.value} {status.phrase}", [*headers, ("content-length", str(len(body)))])
        return [body]

    def _route(self, environ: "WSGIEnvironment") -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == "/slack/events" and self._secret:
            _only(method, "POST")
            return self._slack(environ)
        if path == "/hooks/github" and self._github is not None:
            _only(method, "POST")
            return self._hook(self._github, environ)
        if path in FACT_PATHS and self._facts is not None:
            _only(method, "POST")
            return self._pushed(self._facts, FACT_PATHS[path], environ)
        if path == "/healthz":
            _only(method, "GET", "HEAD")
            return HTTPStatus.OK, TEXT, b"ok\n"
        if path == "/readyz":
            _only(method, "GET", "HEAD")
            return self._ready()
        raise Refused(HTTPStatus.NOT_FOUND)

    def _ready(self) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        parts = self._readiness()
        ready = not any(parts.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        said = {"ready": ready, "parts": {name: why or "ready" for name, why in parts.items()}}
        return status, JSON, orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)

    def _slack(self, environ: "WSGIEnvironment") -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        raw = _body(environ)
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if reason := why_refused(self._secret, timestamp, signature, raw, time.time()):
            self._turned_away.count("/slack/events", reason)
            raise Refused(HTTPStatus.UNAUTHORIZED)
        body = _parsed(raw, environ.get("CONTENT_TYPE", ""))
        handshake = _handshake(body)
        if handshake is not None:
            return HTTPStatus.OK, TEXT, handshake
        self._admit(body)
        response = self._app.dispatch(as_bolt_request(body))
        if isinstance(response, Answered):
            return HTTPStatus.OK, JSON, response.raw
        headers = [(name, value) for name, values in response.headers.items() for value in values]
        return HTTPStatus(response.status), headers, response.body.encode()

    def _hook(
        self, github: GitHubHooks, environ: "WSGIEnvironment"
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        names = ("x-hub-signature-256", "x-github-delivery", "x-github-event")
        status = github.take(_named(environ, names), _body(environ, LARGEST_HOOK))
        if status is HTTPStatus.UNAUTHORIZED:
            self._turned_away.count("/hooks/github", "not signed with the secret of any source")
            raise Refused(status)
        return status, TEXT, b""

    def _pushed(
        self, facts: FactHooks, kind: str, environ: "WSGIEnvironment"
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        status, said = facts.take(kind, _named(environ, FACT_HEADERS), _body(environ, LARGEST_PUSH))
        if status is HTTPStatus.UNAUTHORIZED:
            self._turned_away.count(f"/hooks/{kind}", "not signed with the secret of any sender, or too old")
            raise Refused(status)
        return status, JSON, orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)

    def _admit(self, body: Mapping[str, Any]) -> None:
        identity = self._me.identity()
        if identity is None:  # we do not know who we are, so we cannot know who may ask; Slack tries again
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        if not admits(identity, body):
            log.warning("refused a signed request of another app or workspace")
            self._foreign(body)
            raise Refused(HTTPStatus.FORBIDDEN)


def as_bolt_request(body: dict[str, Any]) -> BoltRequest:
    """A body that has been read, guarded and admitted, as Bolt takes it (its name for that is Socket Mode)."""
    return BoltRequest(body=body, mode="socket_mode")


def _named(environ: "WSGIEnvironment", names: Iterable[str]) -> dict[str, str]:
    """Headers by their names in lower case, "" for those that were not sent."""
    return {name: environ.get(f"HTTP_{name.upper().replace('-', '_')}", "") for name in names}


def _only(method: str, *allowed: str) -> None:
    if method not in allowed:
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED)


def _body(environ: "WSGIEnvironment", largest: int = LARGEST) -> bytes:
    stated = environ.get("CONTENT_LENGTH") or ""
    if stated and not (stated.isascii() and stated.isdigit()):
        raise Refused(HTTPStatus.UNAUTHORIZED)
    length = int(stated[:20] or 0)
    if length > largest:
        _drain(environ["wsgi.input"], length)
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    raw: bytes = environ["wsgi.input"].read(largest + 1)
    if len(raw) > largest:
        _drain(environ["wsgi.input"], DRAINED)
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return raw


def _drain(body: IO[bytes], length: int) -> None:
    """Let a body that is too large arrive and forget it: else the sender sees a reset, not our answer.

    What is larger still nobody sends by mistake: it is left on the line.
    """
    left = length if length <= DRAINED else 0
    while left > 0 and (piece := body.read(min(left, PIECE))):
        left -= len(piece)


def _parsed(raw: bytes, content_type: str) -> dict[str, Any]:
    """The body, read by us: Bolt loses every form in which the word "payload" stands, such as a question."""
    try:
        if content_type.startswith("application/json"):
            body = orjson.loads(raw)
        else:
            form = dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
            body = orjson.loads(form["payload"]) if "payload" in form else form
    except ValueError as error:  # what is no UTF-8 and what is no JSON are ValueErrors too
        log.warning("refused a signed request that cannot be read: %s", type(error).__name__)
        raise Refused(HTTPStatus.UNAUTHORIZED) from None
    if not isinstance(body, dict):
        raise Refused(HTTPStatus.UNAUTHORIZED)
    return body


def _handshake(body: Mapping[str, Any]) -> bytes | None:
    """What Slack asks when the address is entered in the app's settings, and its check of the certificate."""
    if body.get("type") == "url_verification":
        return str(body.get("challenge", "")).encode()
    return b"" if body.get("ssl_check") == "1" and "command" not in body else None
