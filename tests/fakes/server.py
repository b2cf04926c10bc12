"""A real server on loopback that answers as a function of ours says, and misbehaves when told."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import orjson


class Call(NamedTuple):
    """One request as it arrived; names of headers are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def one(self, name: str, otherwise: str = "") -> str:
        return self.query.get(name, [otherwise])[0]

    def json(self) -> Any:
        return orjson.loads(self.body)


class Told(NamedTuple):
    """One answer."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = {}  # never changed

    def raw(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else orjson.dumps(self.content)


@dataclass
class Fault:
    """What happens in place of, or to, an answer: a status with headers, half of the bytes, or a late one."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Any = None
    half: bool = False
    late: float = 0.0
    path: str = ""  # only for calls whose path holds this text


@dataclass
class FakeServer:
    """`answer` is asked for each call; `faults` are used up first, one for each call."""

    answer: Callable[[Call], Told]
    faults: deque[Fault] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    answered: list[tuple[Call, Told]] = field(default_factory=list)  # without the faults
    spent: float = 0.0  # seconds in which the fake itself was busy
    _server: ThreadingHTTPServer | None = None

    def start(self) -> "FakeServer":
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _any(self) -> None:
                fake._handle(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    @property
    def url(self) -> str:
        assert self._server
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        began = time.perf_counter()
        parts = urlsplit(request.path)
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(request.command, unquote(parts.path), parse_qs(parts.query), headers, body)
        self.calls.append(call)
        fault = self._fault(call)
        if fault and fault.late:
            time.sleep(fault.late)
        if fault and fault.status:
            told = Told(fault.status, fault.content, fault.headers)
        else:
            told = self.answer(call)
            self.answered.append((call, told))
        content = b"" if told.status in (204, 304) else told.raw()
        self.spent += time.perf_counter() - began
        self._write(request, told, content, half=bool(fault and fault.half))

    def _fault(self, call: Call) -> Fault | None:
        if self.faults and self.faults[0].path in call.path:
            return self.faults.popleft()
        return None

    def _write(self, request: BaseHTTPRequestHandler, told: Told, content: bytes, *, half: bool) -> None:
        try:
            request.send_response(told.status)
            for name, value in {"content-type": "application/json; charset=utf-8", **told.headers}.items():
                request.send_header(name, value)
            request.send_header("content-length", str(len(content)))
            request.end_headers()
            request.wfile.write(content[: len(content) // 2] if half else content)
            request.close_connection = half
        except OSError:
            pass  # the other side has gone, which is what some tests are about
