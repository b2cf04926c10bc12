import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from data.errors import Invalid
from data.integrations.calendar import read_calendar, shifts_in
from data.integrations.ical import Feed

NOW = datetime(2026, 10, 26, 8, 30, tzinfo=UTC)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Acme//rota//EN\r\n"


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"{HEAD}{head}{body}END:VCALENDAR\r\n".encode()


def event(uid: str, start: str, end: str, *lines: str) -> str:
    return "\r\n".join([f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART{start}", f"DTEND{end}", *lines])


WEEK = event(
    "1", ";TZID=Europe/London:20261019T090000", ";TZID=Europe/London:20261026T090000",
    "SUMMARY:On call: Ann Sommer - Payments", "RRULE:FREQ=WEEKLY;INTERVAL=2",
)  # fmt: skip
OTHER = event(
    "2", ";TZID=Europe/London:20261026T090000", ";TZID=Europe/London:20261102T090000",
    'ATTENDEE;CN="Ben Okoro":mailto:ben@acme.example', "RRULE:FREQ=WEEKLY;INTERVAL=2",
)  # fmt: skip


ONE_DAY = (":20261026T000000Z", ":20261027T000000Z")


def on_call(content: bytes, at: datetime) -> list[str]:
    shifts = shifts_in(read_calendar(content), "p", "s", at, at + timedelta(seconds=1))
    return [shift.person for shift in shifts]


def test_the_hour_of_the_clock_change_is_not_lost() -> None:
    content = calendar(WEEK, OTHER)
    assert on_call(content, datetime(2026, 10, 26, 8, 30, tzinfo=UTC)) == ["Ann Sommer"]
    assert on_call(content, datetime(2026, 10, 26, 9, 0, tzinfo=UTC)) == ["Ben Okoro"]
    assert on_call(content, datetime(2026, 11, 2, 8, 59, tzinfo=UTC)) == ["Ben Okoro"]


def test_every_hour_of_a_year_has_exactly_one_person() -> None:
    shifts = shifts_in(
        read_calendar(calendar(WEEK, OTHER)),
        "p",
        "s",
        datetime(2026, 10, 20, tzinfo=UTC),
        datetime(2027, 10, 20, tzinfo=UTC),
    )
    for one, after in pairwise(shifts):
        assert one.end == after.start


@pytest.mark.parametrize(
    ("lines", "person", "email"),
    [
        (["SUMMARY:Ann Sommer"], "Ann Sommer", ""),
        (["SUMMARY:On Call - Ann Sommer - Payments primary"], "Ann Sommer", ""),
        (["SUMMARY:Ann Sommer (primary)"], "Ann Sommer", ""),
        (["SUMMARY:Ann Sommer is on call"], "Ann Sommer", ""),
        (["SUMMARY:ann@acme.example"], "ann@acme.example", "ann@acme.example"),
        (["SUMMARY:Shift", "ATTENDEE:MAILTO:ann@acme.example"], "ann@acme.example", "ann@acme.example"),
        (["ORGANIZER;CN=Ann:mailto:ann@acme.example"], "Ann", "ann@acme.example"),
        (
            ["SUMMARY:x", "ATTENDEE;CN=A:mailto:a@x.example", "ATTENDEE;CN=B:mailto:b@x.example"],
            "A",
            "a@x.example",
        ),
    ],
)
def test_who_it_is(lines: list[str], person: str, email: str) -> None:
    content = calendar(event("1", *ONE_DAY, *lines))
    (shift,) = shifts_in(read_calendar(content), "p", "s", NOW, NOW + timedelta(hours=1))
    assert (shift.person, shift.email) == (person, email)


def test_whole_days_are_days_of_the_calendars_zone() -> None:
    days = event("1", ";VALUE=DATE:20261026", ";VALUE=DATE:20261027", "SUMMARY:Ann")
    content = calendar(days, head="X-WR-TIMEZONE:Europe/Berlin\r\n")
    (shift,) = shifts_in(read_calendar(content), "p", "s", NOW, NOW)
    assert (shift.start, shift.end) == (
        datetime(2026, 10, 25, 23, tzinfo=UTC),
        datetime(2026, 10, 26, 23, tzinfo=UTC),
    )


def test_a_swapped_week_is_swapped() -> None:
    swapped = event(
        "1", ";TZID=Europe/London:20261102T090000", ";TZID=Europe/London:20261109T090000",
        "RECURRENCE-ID;TZID=Europe/London:20261102T090000", "SUMMARY:Cara",
    )  # fmt: skip
    assert on_call(calendar(WEEK, swapped), datetime(2026, 11, 3, tzinfo=UTC)) == ["Cara"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>sign in</html>",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"\xff\xfe\x00",
        calendar(event("1", *ONE_DAY, "SUMMARY:x", "RRULE:FREQ=SECONDLY")),
        calendar(event("1", *ONE_DAY, "RRULE:FREQ=HOURLY;BYSECOND=" + ",".join(map(str, range(60))))),
        calendar(*[event(str(at), *ONE_DAY, "RRULE:FREQ=DAILY") for at in range(300)]),
    ],
)  # fmt: skip
def test_what_is_no_calendar_of_shifts_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"[Cc]alendar"):
        read_calendar(content)


class Server(ThreadingHTTPServer):
    """Serves one calendar with an etag; can be told to fail."""

    daemon_threads = True
    content = calendar(WEEK, OTHER)
    status = 200
    seen: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append(self.headers.get("If-None-Match", ""))
        known = self.headers.get("If-None-Match") == '"1"' and self.server.status == 200
        self.send_response(304 if known else self.server.status)
        self.send_header("ETag", '"1"')
        body = b"" if known else self.server.content
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def feed(server: Server, name: str = "payments") -> Feed:
    url = f"http://127.0.0.1:{server.server_address[1]}/private-SECRET/oncall.ics?token=SECRET"
    return Feed(url, name, ["team-payments"], lambda: NOW)


def test_a_feed_answers_its_first_question(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the feed instead of saying that it was not read; for how long at most is another matter."""
    monkeypatch.setattr("data.integrations.ical.PATIENCE", 30.0)
    answer = feed(server).rotas(NOW, NOW + timedelta(days=1))
    assert [shift.person for shift in answer.shifts] == ["Ann Sommer", "Ben Okoro"]
    assert answer.schedules[0].covers == ("group:default/team-payments",)
    assert answer.schedules[0].source == "127.0.0.1"
    assert answer.failures == ()


def test_an_unchanged_feed_is_not_sent_again(server: Server) -> None:
    reading = feed(server)
    reading.refresh()
    reading.refresh()
    assert server.seen == ["", '"1"']
    assert reading.rotas(NOW, NOW + timedelta(days=1)).shifts


def test_a_feed_that_is_down_leaves_the_last_good_state_and_says_so(server: Server) -> None:
    reading = feed(server)
    reading.refresh()
    server.status = 500
    reading.refresh()
    answer = reading.rotas(NOW, NOW + timedelta(days=1))
    assert [shift.person for shift in answer.shifts] == ["Ann Sommer", "Ben Okoro"]
    assert answer.failures == ("127.0.0.1 answers 500.",)
    assert "SECRET" not in str(answer)


def test_a_feed_that_turned_to_rubbish_is_read_again_when_it_is_good(server: Server) -> None:
    reading = feed(server)
    server.content = b"<html>"
    reading.refresh()
    assert "cannot be read" in reading.rotas(NOW, NOW).failures[0]
    server.content = Server.content
    reading.refresh()
    assert reading.rotas(NOW, NOW + timedelta(days=1)).failures == ()


def test_a_file_is_a_feed_too(tmp_path: Path) -> None:
    path = tmp_path / "oncall.ics"
    path.write_bytes(calendar(WEEK))
    answer = Feed(str(path), "", ["team-payments"], lambda: NOW).rotas(NOW, NOW + timedelta(minutes=1))
    assert [shift.person for shift in answer.shifts] == ["Ann Sommer"]
    assert answer.schedules[0].name == "oncall.ics"
    missing = Feed(str(tmp_path / "no.ics"), "", [], lambda: NOW).rotas(NOW, NOW)
    assert missing.failures == ("no.ics cannot be read: No such file or directory.",)


def test_only_safe_addresses_are_fetched() -> None:
    for url in ("http://calendar.example/x", "ftp://x/y", "https://", "file:///etc/passwd"):
        with pytest.raises(Invalid, match="https"):
            Feed(url, "", [], lambda: NOW)
