"""What Slack did not sign, or not just now, is refused with 401 and reaches nothing; the log says why, briefly."""

import time
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.processes.guard import why_refused
from bot.processes.turned_away import TurnedAway
from tests.bot.processes.door import COMMAND, SECRET, call, sign, signed, web


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
