import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data.errors import Invalid, Unavailable
from data.http import fetching
from data.http.fetching import fetch

Answering = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answering], str]]:
    """Starts a server on loopback that answers as told; gives its URL."""
    servers = []

    def start(answer: Answering) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def redirect(to: str) -> Answering:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def body(*pieces: bytes, pause: float = 0.0) -> Answering:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for piece in pieces:
                request.wfile.write(piece)
                request.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass  # the reader has gone, which is what some tests are about

    return answer


def test_reads_a_document(serve: Callable[[Answering], str]) -> None:
    assert fetch(serve(body(b"hello "))).content == b"hello "


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest", "http://localhost:1/", "https://evil.example/", "file:///etc/passwd"]
)
def test_no_server_sends_us_to_another_host(serve: Callable[[Answering], str], to: str) -> None:
    with pytest.raises(Unavailable, match="another host"):
        fetch(serve(redirect(to)))


def test_another_port_is_another_host(serve: Callable[[Answering], str]) -> None:
    there = serve(body(b"of somebody else"))
    with pytest.raises(Unavailable, match="another host"):
        fetch(serve(redirect(there)))


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(serve: Callable[[Answering], str]) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        (body(b"there") if request.path == "/b" else redirect("/b"))(request)

    assert fetch(f"{serve(answer)}/a").content == b"there"
    with pytest.raises(Unavailable, match="circle"):
        fetch(serve(redirect("/again")))


def test_too_much_is_cut_off(serve: Callable[[Answering], str]) -> None:
    with pytest.raises(Unavailable, match="more than 8 MiB"):
        fetch(serve(body(*[b"x" * (1 << 20)] * 9)))


def test_too_slow_is_cut_off(serve: Callable[[Answering], str]) -> None:
    ticks = iter([0.0, 1.0, fetching.LONGEST + 1, fetching.LONGEST + 2])
    with pytest.raises(Unavailable, match="too slow"):
        fetch(serve(body(b"a", b"b", b"c", pause=0.05)), ticks=lambda: next(ticks))


@pytest.mark.parametrize("status", [401, 404, 429, 500, 304])
def test_other_answers_are_named(serve: Callable[[Answering], str], status: int) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    with pytest.raises(Unavailable, match=str(status)):
        fetch(serve(answer))


def test_nobody_there() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 cannot be read: Connection refused"):
        fetch("http://127.0.0.1:1/secret")


@pytest.mark.parametrize(
    "url", ["http://example.com/", "ftp://x", "", "https://", "http://127.0.0.1.evil.example/"]
)
def test_addresses_that_are_never_asked(url: str) -> None:
    with pytest.raises(Invalid):
        fetch(url)


def test_secrets_of_an_address_stay_out_of_logs_and_errors(
    serve: Callable[[Answering], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fetch(f"{serve(body(b'x'))}/SECRET?token=SECRET")
    with pytest.raises(Unavailable) as failed:
        fetch("http://127.0.0.1:1/SECRET")
    assert "SECRET" not in caplog.text
    assert "SECRET" not in failed.value.message
