"""HTTP on loopback: reads requests, guards the door, writes answers."""

import contextlib
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from bot.playground.core import Core
from bot.playground.network.socket_mode import SocketHub
from bot.playground.network.websocket import WebSocket, accept_key
from bot.playground.network.wire import Request, Response

# (request, port) -> the answer; None cuts the connection.
Answer = Callable[[Request, int], Response | None]

BODY_BYTES = 60 * 1024 * 1024


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, answer: Answer, core: Core, hub: SocketHub) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answer, self.core, self.hub = answer, core, hub
        self.live: set[socket.socket] = set()
        self.guard = threading.Lock()
        self.stopping = threading.Event()

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # any address
        with self.guard:
            self.live.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.guard:
                self.live.discard(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that went away is no error of ours; anything else is printed by the base class."""
        import sys

        if not isinstance(sys.exception(), ConnectionError | ValueError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # any address


class Transport:
    """Listens on 127.0.0.1: `answer` answers HTTP, `hub` takes WebSockets. Raises OSError for a taken port."""

    def __init__(self, port: int, answer: Answer, core: Core, hub: SocketHub) -> None:
        self._server = _Server(port, answer, core, hub)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="local-slack", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Free the port and end every open connection."""
        self._server.stopping.set()
        self._server.core.workspace.tell("closing", "", {})  # wakes the live feeds, which then end
        self._server.shutdown()
        self._server.server_close()
        with self._server.guard:
            for connection in self._server.live:
                with contextlib.suppress(OSError):  # closed meanwhile
                    connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = None

    def log_message(self, format: str, *args: object) -> None:
        """The inspector has the traffic; the terminal stays quiet."""

    def do_GET(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._upgrade()
        else:
            self._answer()

    do_POST = do_GET

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            self._write(Response(411, b"say how long the body is"))
            self.close_connection = True
            return
        if not length.isdigit() or int(length) > BODY_BYTES:
            self._write(Response(413, b"too large"))
            self.close_connection = True
            return
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        request = Request(
            self.command, parts.path, parts.query, {k.lower(): v for k, v in self.headers.items()}, body
        )
        response = self.server.answer(request, self.server.server_address[1])
        if response is None:  # the connection is cut on purpose
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif response.stream is not None:
            self._stream(response)
        else:
            self._write(response)

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)
        self.wfile.flush()

    def _stream(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in {**response.headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        for part in response.stream or ():
            self.wfile.write(part)
            self.wfile.flush()
            if self.server.stopping.is_set():
                return

    def _upgrade(self) -> None:
        tickets = self.server.core.tickets
        ticket = urlsplit(self.path).query.partition("ticket=")[2].partition("&")[0]
        if ticket not in tickets:
            self._write(Response(403, b"no such ticket"))
            return
        tickets.discard(ticket)
        self.send_response(101, "Switching Protocols")
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept_key(self.headers.get("Sec-WebSocket-Key", "")))
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        self.server.hub.serve(WebSocket(self.rfile, self.wfile))
