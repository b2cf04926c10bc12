"""The web guard: what strangers send gets 401, 403, 404, 405 or 413, never a 500, and reaches nothing."""

import json
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlencode

import pytest

from bot.processes.guard import LARGEST
from bot.slack.who.me import Identity
from tests.bot.processes.door import COMMAND, FORM, KnownMe, call, signed, web


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
    assert (reached.bodies, len(reached.foreign)) == ([], 1)


def test_a_form_of_too_many_fields_is_refused() -> None:
    made, reached = web()
    assert signed(made, urlencode(COMMAND | {f"x{number}": "1" for number in range(100)}).encode()) == 401
    assert reached.bodies == []


def test_a_command_that_checks_the_certificate_as_well_is_a_command() -> None:
    made, reached = web()
    assert signed(made, urlencode(COMMAND | {"ssl_check": "1"}).encode()) == 200
    assert len(reached.bodies) == 1


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


def test_a_body_a_little_too_large_is_taken_off_the_line_so_that_its_sender_reads_the_answer() -> None:
    made, reached = web()
    body = BytesIO(b"x" * (3 * LARGEST))
    environ: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(3 * LARGEST)}
    assert call(made, **environ) == 413
    assert body.read() == b""
    assert reached.bodies == []
