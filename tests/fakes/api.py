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
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from tests.fakes.spec import Spec

ALWAYS = 1_000_000  # times


@dataclass
class Call:
    """One request as it arrived; names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    def one(self, name: str, otherwise: str = "") -> str:
        """The first value of a parameter."""
        return self.query.get(name, [otherwise])[0]

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
        return b"" if self.value is None else orjson.dumps(self.value)


@dataclass
class Trouble:
    """For calls whose path begins so, after some that go well: an answer, a pause, half of the bytes, a cut.

    A pause lasts so many seconds, and not longer than the trouble itself.
    """

    path: str = ""
    answer: Answer | None = None
    pause: float = 0.0
    cut: bool = False
    half: bool = False
    times: int = ALWAYS
    after: int = 0
    over: threading.Event = field(default_factory=threading.Event)


def once(status: int = 0, value: Any = None, headers: Mapping[str, str] | None = None, **how: Any) -> Trouble:
    """Trouble for one call; without a status the usual answer, `half` of it say."""
    answer = Answer(status, value, headers or {}) if status else None
    return Trouble(answer=answer, times=1, **how)


class FakeApi:
    """Answers as `respond` says, which is given or which a subclass has. Used as a context manager, or started.

    `troubles` come before; `history` has all calls, `answered` those without trouble, with their answers; `faults`
    what breaks the description. `beyond` are patterns of what the description forbids although its own prose says
    that it is so. `spent` are the seconds in which the fake itself was busy.
    """

    beyond: tuple[str, ...] = ()

    def __init__(self, spec: Spec | None = None, respond: Callable[[Call], Answer] | None = None) -> None:
        self.spec = spec
        self.history: list[Call] = []
        self.answered: list[tuple[Call, Answer]] = []
        self.faults: list[str] = []
        self.troubles: list[Trouble] = []
        self.spent = 0.0
        self._respond = respond
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None

    def respond(self, call: Call) -> Answer:
        assert self._respond
        return self._respond(call)

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
            made.over.set()

    def take(self, call: Call) -> tuple[Answer, Trouble]:
        """The answer to a call, and the trouble that it meets."""
        with self._lock:
            began = time.perf_counter()
            self.history.append(call)
            trouble = self._met_by(call) or Trouble()
            answer = trouble.answer or self.judged(call)
            self.spent += time.perf_counter() - began
        return answer, trouble

    def _met_by(self, call: Call) -> Trouble | None:
        for trouble in self.troubles:
            if call.path.startswith(trouble.path) and trouble.times > 0:
                if trouble.after > 0:
                    trouble.after -= 1
                    continue
                trouble.times -= 1
                return trouble
        return None

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
        self.answered.append((call, answer))
        return answer

    def start(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self.take))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # the other side may hang up whenever it likes
            super().handle_error(request, client_address)


def _handler(take: Callable[[Call], tuple[Answer, Trouble]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer, trouble = take(Call(self.command, self.path, headers, body))
            trouble.over.wait(trouble.pause)
            self.close_connection = trouble.cut or trouble.half
            if not trouble.cut:
                self._tell(answer, trouble.half)

        def _tell(self, answer: Answer, half: bool) -> None:
            content = answer.encoded()
            kind = {"content-type": "application/json; charset=utf-8"} if content else {}
            try:
                self.send_response(answer.status)
                for name, value in {**kind, **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if half else content)
            except OSError:
                self.close_connection = True  # the other side has given up

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
