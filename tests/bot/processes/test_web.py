"""The web guard: what strangers send gets 401, 403, 404, 405 or 413, never a 500, and reaches nothing."""

import hashlib
import hmac
import json
import time
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App, BoltRequest, BoltResponse

from bot.processes.guard import LARGEST, why_refused
from bot.processes.turned_away import TurnedAway
from bot.processes.web import Web
from bot.slack.who.me import Identity, Me

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
COMMAND = {"command": "/idp", "text": "help", "api_app_id": "A1", "team_id": "T1", "user_id": "U1"}
FORM = "application/x-www-form-urlencoded"
OURS = Identity("T1", "Acme", "https://acme.example", "UBOT", "BBOT", "A1")


class KnownMe:
    """Knows who the bot is without asking Slack."""

    error = ""

    def __init__(self, identity: Identity | None = OURS) -> None:
        self._identity = identity

    def identity(self) -> Identity | None:
        return self._identity


class Reached:
    """Stands where Bolt stands, and counts what came through."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        self.bodies.append(request.body)
        return BoltResponse(status=200, body="reached")


def web(me: KnownMe | None = None) -> tuple[Web, Reached]:
    reached = Reached()
    parts = {"database": "", "slack": "Slack refused the bot token: invalid_auth."}
    made = Web(cast("App", reached), cast("Me", me or KnownMe()), SECRET, lambda: parts)
    return made, reached


def sign(body: bytes, timestamp: str) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def call(made: Web, body: bytes = b"", method: str = "POST", path: str = "/slack/events", **environ: Any) -> int:
    """The status of a request whose environ is given as it would arrive."""
    values = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body), "CONTENT_TYPE": FORM}
    got: list[str] = []

    def start_response(status: str, _headers: object, *_: object) -> Any:
        got.append(status)

    b"".join(made(values | {"CONTENT_LENGTH": str(len(body))} | environ, start_response))
    return int(got[0][:3])


def signed(made: Web, body: bytes, timestamp: str = "", **environ: Any) -> int:
    timestamp = timestamp or str(int(time.time()))
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp, "HTTP_X_SLACK_SIGNATURE": sign(body, timestamp)}
    return call(made, body, **headers | environ)


def test_what_slack_signed_comes_through() -> None:
    made, reached = web()
    assert signed(made, urlencode(COMMAND).encode()) == 200
    assert reached.bodies == [COMMAND]


@pytest.mark.parametrize("seconds", [-400, 400, 4000, -(10**9)])
def test_a_stale_or_early_request_is_refused(seconds: int) -> None:
    made, reached = web()
    assert signed(made, urlencode(COMMAND).encode(), str(int(time.time()) + seconds)) == 401
    assert reached.bodies == []


@pytest.mark.parametrize("seconds", [-200, 200])
def test_a_few_minutes_are_allowed(seconds: int) -> None:
    made, _ = web()
    assert signed(made, urlencode(COMMAND).encode(), str(int(time.time()) + seconds)) == 200


@pytest.mark.parametrize(("seconds", "allowed"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_five_minutes_to_the_second(seconds: int, allowed: bool) -> None:
    now, body = 1_772_443_800, b"command=/idp"
    timestamp = str(now + seconds)
    assert (why_refused(SECRET.encode(), timestamp, sign(body, timestamp), body, now) == "") is allowed


@pytest.mark.parametrize(
    "timestamp", ["abc", "", "inf", "nan", "1e9", "-1", "+1", " 1", "0x10", "9" * 5000, "\u0661", "1.5", "1_0"]
)
def test_a_malformed_timestamp_is_refused_although_it_is_signed(timestamp: str) -> None:
    made, reached = web()
    body = urlencode(COMMAND).encode()
    signature = sign(body, timestamp) if timestamp.isascii() else "v0=" + "0" * 64
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp, "HTTP_X_SLACK_SIGNATURE": signature}
    assert call(made, body, **headers) == 401
    assert reached.bodies == []


@pytest.mark.parametrize(
    "signature", [None, "", "v0=", "v0=é", "v0=\udce9", "v1=" + "0" * 64, "v0=" + "G" * 64, "v0=" + "0" * 10_000]
)
def test_a_malformed_signature_is_refused(signature: str | None) -> None:
    made, reached = web()
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(time.time()))}
    if signature is not None:
        headers["HTTP_X_SLACK_SIGNATURE"] = signature
    assert call(made, urlencode(COMMAND).encode(), **headers) == 401
    assert reached.bodies == []


def test_a_signature_of_another_body_or_secret_is_refused_even_with_ssl_check() -> None:
    made, reached = web()
    body = urlencode(COMMAND | {"ssl_check": "1"}).encode()
    now = str(int(time.time()))
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": now, "HTTP_X_SLACK_SIGNATURE": sign(body + b"x", now)}
    assert call(made, body, **headers) == 401
    assert reached.bodies == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"payload=" + b"[" * 100_000),
        (FORM, b"payload=not-json"),
        (FORM, b"payload=[]"),
        (FORM, b"payload="),
        (FORM, b"\xff\xfe"),
        (FORM, b"a=%zz&" * 200),
        ("application/json", b"{" * 100_000),
        ("application/json", b"[1, 2]"),
        ("application/json", b"null"),
        ("application/json", b'{"a": "\\ud800"}'),
        ("text/plain", b"hello"),
        ("", b""),
    ],
)
def test_what_is_signed_but_no_request_of_slack_is_refused(content_type: str, body: bytes) -> None:
    made, reached = web()
    assert signed(made, body, CONTENT_TYPE=content_type) in {401, 403}
    assert reached.bodies == []


@pytest.mark.parametrize(
    "other",
    [
        {"api_app_id": "A2"},
        {"api_app_id": ""},
        {"team_id": "T2"},
        {"team_id": ""},
        {"team_id": "T2", "enterprise_id": "E1"},
    ],
)
def test_another_app_or_workspace_is_refused(other: dict[str, str]) -> None:
    made, reached = web()
    assert signed(made, urlencode(COMMAND | other).encode()) == 403
    assert reached.bodies == []


@pytest.mark.parametrize("authorizations", [[{"team_id": "T2"}], [{}], ["T1"], {"team_id": "T1"}, None])
def test_an_event_that_is_told_to_others_is_refused(authorizations: object) -> None:
    made, reached = web()
    event = {"api_app_id": "A1", "team_id": "T2", "type": "event_callback", "authorizations": authorizations}
    assert signed(made, json.dumps(event).encode(), CONTENT_TYPE="application/json") == 403
    assert reached.bodies == []


@pytest.mark.parametrize(
    "body",
    [
        {"api_app_id": "A1", "team": {"id": "T1"}, "type": "block_actions"},
        {"api_app_id": "A1", "team_id": "T1", "type": "event_callback"},
        {"team_id": "T1", "type": "event_callback"},  # signed with the secret of one app
        {"api_app_id": "A1", "team_id": "T2", "type": "event_callback", "authorizations": [{"team_id": "T1"}]},
    ],
)
def test_every_way_in_which_slack_names_our_workspace_is_known(body: dict[str, Any]) -> None:
    made, reached = web()
    assert signed(made, json.dumps(body).encode(), CONTENT_TYPE="application/json") == 200
    assert reached.bodies == [body]


@pytest.mark.parametrize(("enterprise", "status"), [("E1", 200), ("E2", 403), ("", 403)])
def test_an_app_of_a_whole_organisation_serves_its_workspaces(enterprise: str, status: int) -> None:
    me = KnownMe(Identity("T1", "Acme", "", "UBOT", "BBOT", "A1", "E1", whole_enterprise=True))
    made, _ = web(me)
    body = COMMAND | {"team_id": "T7", "enterprise_id": enterprise}
    assert signed(made, urlencode(body).encode()) == status


def test_while_we_do_not_know_who_we_are_slack_is_asked_to_send_it_again() -> None:
    made, reached = web(KnownMe(None))
    assert signed(made, urlencode(COMMAND).encode()) == 503
    assert reached.bodies == []


@pytest.mark.parametrize(
    ("length", "status"), [("999999999", 413), ("9" * 40, 413), ("-1", 401), ("1e3", 401), ("\u0661", 401)]
)
def test_a_length_beyond_the_cap_is_refused_unread(length: str, status: int) -> None:
    made, _ = web()

    class Unread(BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    environ: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": length}
    assert call(made, **environ) == status


def test_a_body_that_is_longer_than_it_says_is_cut_at_the_cap() -> None:
    made, _ = web()
    assert call(made, b"x" * (LARGEST + 2), CONTENT_LENGTH="") == 413


def test_one_mebibyte_is_allowed() -> None:
    made, _ = web()
    empty = urlencode(COMMAND | {"text": ""})
    body = urlencode(COMMAND | {"text": "x" * (LARGEST - len(empty))}).encode()
    assert len(body) == LARGEST
    assert signed(made, body) == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("GET", "/slack/events/", 404),
        ("POST", "/slack/install", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("GET", "/readyz", 503),
    ],
)
def test_there_are_three_routes(method: str, path: str, status: int) -> None:
    made, _ = web()
    assert call(made, method=method, path=path) == status


def test_the_address_is_verified_as_slack_asks() -> None:
    made, _ = web()
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    assert signed(made, body, CONTENT_TYPE="application/json") == 200


def test_a_bug_is_no_traceback_in_the_network() -> None:
    made, reached = web()
    reached.bodies = cast("list[dict[str, Any]]", None)
    assert signed(made, urlencode(COMMAND).encode()) == 503


def test_a_wrong_secret_and_a_wrong_clock_are_in_the_log_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    made, _ = web()
    stranger = {
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(time.time())),
        "HTTP_X_SLACK_SIGNATURE": "v0=" + "0" * 64,
    }
    for _ in range(3):
        assert call(made, b"command=secret-word", **stranger) == 401
    assert signed(made, b"command=/idp", str(int(time.time()) - 4000)) == 401
    assert call(made, b"", HTTP_X_SLACK_SIGNATURE="from\nelsewhere") == 401
    assert [record.getMessage() for record in caplog.records] == [
        "refused 1 at /slack/events: not signed with SLACK_SIGNING_SECRET",
        "refused 1 at /slack/events: signed more than five minutes before or after the time of this machine",
        "refused 1 at /slack/events: not signed as Slack signs",
    ]


def test_what_is_turned_away_is_counted_between_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    seconds = [0.0]
    door = TurnedAway(lambda: seconds[0])
    for at in (0.0, 10.0, 59.0, 61.0, 62.0):
        seconds[0] = at
        door.count("/hooks/github", "not signed")
    assert [record.getMessage() for record in caplog.records] == [
        "refused 1 at /hooks/github: not signed",
        "refused 3 at /hooks/github: not signed",
    ]


@given(st.text(), st.text(), st.binary(max_size=200))
def test_whatever_arrives_unsigned_is_refused(timestamp: str, signature: str, body: bytes) -> None:
    assert why_refused(SECRET.encode(), timestamp, signature, body, time.time())


def test_a_body_a_little_too_large_is_taken_off_the_line_so_that_its_sender_reads_the_answer() -> None:
    made, reached = web()
    body = BytesIO(b"x" * (3 * LARGEST))
    environ: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(3 * LARGEST)}
    assert call(made, **environ) == 413
    assert body.read() == b""
    assert reached.bodies == []
