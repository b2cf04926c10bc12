"""A stateful stand-in of another company's API on loopback: faults on demand, a history, and a judge."""

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.fakes.spec import Spec


@dataclass
class Call:
    """One request as it arrived; names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What goes back; `content` goes as it is, else `value` as JSON."""

    status: int = 200
    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    def encoded(self) -> bytes:
        if self.content is not None:
            return self.content
        return b"" if self.value is None else json.dumps(self.value).encode()


@dataclass
class Trouble:
    """For calls whose path begins so, after some that go well: an answer, a pause, or a cut connection."""

    path: str
    answer: Answer | None = None
    pause: float = 0.0
    cut: bool = False
    times: int = 1_000_000
    after: int = 0


class FakeApi:
    """Subclasses answer in `respond`. Used as a context manager; `faults` collects what breaks the description.

    `beyond` are patterns of what the description forbids although its own prose says that it is so.
    """

    beyond: tuple[str, ...] = ()

    def __init__(self, spec: Spec | None = None) -> None:
        self.spec = spec
        self.history: list[Call] = []
        self.faults: list[str] = []
        self.troubles: list[Trouble] = []
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None

    def respond(self, call: Call) -> Answer:
        raise NotImplementedError

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def trouble(self, path: str, answer: Answer | None = None, **how: Any) -> Iterator[Trouble]:
        """Trouble while the block lasts."""
        made = Trouble(path, answer, **how)
        self.troubles.append(made)
        try:
            yield made
        finally:
            self.troubles.remove(made)

    def answered(self, call: Call) -> tuple[Answer, float] | None:
        """The answer and the pause before it; None to cut the connection."""
        with self._lock:
            self.history.append(call)
            for trouble in self.troubles:
                if call.path.startswith(trouble.path) and trouble.times > 0:
                    if trouble.after > 0:
                        trouble.after -= 1
                        continue
                    trouble.times -= 1
                    if trouble.cut:
                        return None
                    return (trouble.answer or self.judged(call)), trouble.pause
            return self.judged(call), 0.0

    def judged(self, call: Call) -> Answer:
        wrong = (
            list(self.spec.faults_of_call(call.method, call.target, call.headers, call.body)) if self.spec else []
        )
        answer = self.respond(call)
        if self.spec and not wrong:
            body = answer.encoded()
            wrong = list(self.spec.faults_of_answer(call.method, call.target, answer.status, body))
        wrong = [one for one in wrong if not any(re.search(pattern, one) for pattern in self.beyond)]
        self.faults += [f"{call.method} {call.target}: {one}" for one in wrong]
        return answer

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self.answered))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # the other side may hang up whenever it likes
            super().handle_error(request, client_address)


def _handler(answered: Callable[[Call], tuple[Answer, float] | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = answered(Call(self.command, self.path, headers, body))
            if told is None:
                self.close_connection = True
                return
            answer, pause = told
            time.sleep(pause)
            content = answer.encoded()
            try:
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the other side has given up

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
