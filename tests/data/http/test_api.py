"""The one client of other companies' APIs: limits, waiting, hosts, and secrets that nobody ever reads."""

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from data.errors import Invalid, NotAllowed, NotFound, Unavailable, UserError
from data.http.answers import Answer as Told
from data.http.answers import retry_after
from data.http.api import Api, Limits
from tests.fakes.api import Answer, Call, FakeApi

CANARY = "xoxb-canary-0123456789"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Echo(FakeApi):
    def respond(self, call: Call) -> Answer:
        return Answer(200, {"path": call.path, "query": call.query})


@pytest.fixture
def server() -> Iterator[Echo]:
    with Echo() as echo:
        yield echo


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited, without waiting."""
    return []


@pytest.fixture
def api(server: Echo, waits: list[float]) -> Iterator[Api]:
    limits = Limits(step=0.5, whole=1.0, answer=10_000, tries=3, waiting=60.0)
    made = Api(server.url, {"authorization": f"Bearer {CANARY}"}, limits, waits.append, NOW.timestamp)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=9), usegmt=True)}, 9.0),
        ({"Retry-After": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 0.0),
        ({"Retry-After": "soon"}, 1.0),
        ({"Retry-After": "-5"}, 1.0),
        ({"Retry-After": "²"}, 1.0),
        ({"Retry-After": "99999999999999999999"}, 1.0),
        ({}, 1.0),
        ({"X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 11)}, 11.0),
        ({"ratelimit-reset": "13"}, 13.0),
        ({"X-Rate-Limit-Reset": "nan"}, 1.0),
    ],
)
def test_too_many_calls_wait_as_long_as_is_asked_for(headers: dict[str, str], seconds: float) -> None:
    answer = Told("api.example.com", 429, {name.lower(): value for name, value in headers.items()}, b"")
    assert retry_after(answer, NOW.timestamp(), otherwise=1.0) == seconds


def test_no_setting_of_the_environment_sends_a_token_through_a_proxy(
    server: Echo, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody answers there
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with closing(Api(server.url, {}, Limits(tries=1), waits.append, NOW.timestamp)) as api:
        assert api.json("GET", "/a")["path"] == "/a"


def test_after_waiting_the_answer_comes(server: Echo, api: Api, waits: list[float]) -> None:
    with server.trouble("/", Answer(429, headers={"Retry-After": "7"}), times=2):
        assert api.json("GET", "/a")["path"] == "/a"
    assert waits == [7.0, 7.0]


def test_nobody_waits_for_longer_than_is_left(server: Echo, api: Api, waits: list[float]) -> None:
    with (
        server.trouble("/", Answer(429, headers={"Retry-After": "61"})),
        pytest.raises(Unavailable, match="asks us to wait for 61 s"),
    ):
        api.json("GET", "/a")
    assert waits == []


def test_another_round_has_all_its_patience(server: Echo, api: Api, waits: list[float]) -> None:
    for _ in range(3):
        api.renew()
        with server.trouble("/", Answer(429, headers={"Retry-After": "50"}), times=1):
            api.json("GET", "/a")
    assert waits == [50.0] * 3


def test_what_changes_something_is_not_sent_twice_by_chance(server: Echo, api: Api) -> None:
    with server.trouble("/", Answer(500)), pytest.raises(Unavailable):
        api.json("POST", "/make", body={"a": 1})
    with server.trouble("/", cut=True), pytest.raises(Unavailable):
        api.json("POST", "/make", body={"a": 1})
    assert len(server.history) == 2


@pytest.mark.parametrize(
    ("status", "error"), [(401, NotAllowed), (403, NotAllowed), (404, NotFound), (500, Unavailable)]
)
def test_what_a_refusal_means(server: Echo, api: Api, status: int, error: type[UserError]) -> None:
    with server.trouble("/", Answer(status)), pytest.raises(error):
        api.json("GET", "/a")


def test_a_server_that_says_nothing_is_given_up(server: Echo, api: Api) -> None:
    with server.trouble("/", pause=60.0), pytest.raises(Unavailable, match="does not answer in time"):
        api.json("GET", "/a")


def test_an_answer_that_grows_is_cut_off(server: Echo, api: Api) -> None:
    with (
        server.trouble("/", Answer(200, content=b"x" * 20_000)),
        pytest.raises(Unavailable, match="sends more than"),
    ):
        api.json("GET", "/a")


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:1/x", "https://evil.example/x", "//evil.example/x", "file:///etc/passwd"]
)
def test_a_redirect_to_another_host_is_not_followed(server: Echo, api: Api, to: str) -> None:
    with (
        server.trouble("/", Answer(302, headers={"Location": to})),
        pytest.raises(Unavailable, match="another host"),
    ):
        api.json("GET", "/a")
    assert len(server.history) == 1


def test_a_redirect_on_the_same_host_is(server: Echo, api: Api) -> None:
    with server.trouble("/old", Answer(301, headers={"Location": "/new"})):
        assert api.json("GET", "/old")["path"] == "/new"


def test_a_circle_ends(server: Echo, api: Api) -> None:
    with server.trouble("/", Answer(302, headers={"Location": "/a"})), pytest.raises(Unavailable, match="circle"):
        api.json("GET", "/a")


def test_a_next_page_on_another_host_gets_no_token(api: Api) -> None:
    with Echo() as other, pytest.raises(Unavailable, match="another host"):
        api.json("GET", f"{other.url}/page2")
    assert other.history == []


@pytest.mark.parametrize(
    "base", ["http://api.example.com", "ftp://api.example.com", "file:///etc", "api.example.com"]
)
def test_only_https_and_this_machine_are_asked(base: str) -> None:
    with pytest.raises(Invalid):
        Api(base)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200),
        Answer(200, content=b"{"),
        Answer(302, headers={"Location": f"https://evil.example/?token={CANARY}"}),
        Answer(302, headers={"Location": f"/again?token={CANARY}"}),
        Answer(401, {"error": CANARY}),
        Answer(403, {"error": CANARY}),
        Answer(404, {"error": CANARY}),
        Answer(429, headers={"Retry-After": CANARY}),
        Answer(500, content=CANARY.encode(), headers={"Set-Cookie": f"session={CANARY}"}),
        None,
    ],
)
def test_no_secret_reaches_a_log_or_a_sentence(
    server: Echo, api: Api, answer: Answer | None, caplog: pytest.LogCaptureFixture
) -> None:
    said = []
    with caplog.at_level(logging.DEBUG), server.trouble("/", answer, cut=answer is None):
        for name in ("", "httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
            logging.getLogger(name).setLevel(logging.DEBUG)  # somebody turns everything on to find a fault
        try:
            api.json("GET", "/a", params={"secret": CANARY})
        except UserError as error:
            said += [error.message, error.hint, repr(error), str(error.__context__), str(error.__cause__)]
    assert server.history  # and the token did go out
    assert server.history[0].headers["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in "\n".join([*said, *(str(record.__dict__) for record in caplog.records), caplog.text])
    assert CANARY not in repr(api)
