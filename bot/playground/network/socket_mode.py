"""Socket Mode: each envelope goes to one of the open connections, and its acknowledgement comes back on it."""

import json
import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from bot.playground.network.sender import Ack
from bot.playground.people import APP
from bot.playground.state import JSON

CONNECTIONS = 10


class Line(Protocol):
    """A connection: a WebSocket, or what a test puts in its place."""

    def send(self, text: str) -> None: ...

    def receive(self) -> str | None: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class _Waiting:
    done: threading.Event = field(default_factory=threading.Event)
    payload: bytes = b""


class SocketHub:
    """The open connections of the app; at most ten. `patience` are the seconds for an acknowledgement."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._sockets: deque[Line] = deque()
        self._waiting: dict[str, _Waiting] = {}

    @property
    def connected(self) -> int:
        return len(self._sockets)

    def serve(self, socket: Line) -> None:
        """Greet a new connection and read it until it ends."""
        with self._lock:
            full = len(self._sockets) >= CONNECTIONS
            if not full:
                self._sockets.append(socket)
        if full:
            socket.send(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            return
        try:
            socket.send(json.dumps(self._hello()))
            while (text := socket.receive()) is not None:
                self._acknowledged(text)
        finally:
            self._forget(socket)

    def _hello(self) -> JSON:
        info = {"host": "local", "build_number": 1, "approximate_connection_time": 3600}
        return {
            "type": "hello",
            "num_connections": self.connected,
            "connection_info": {"app_id": APP},
            "debug_info": info,
        }

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return  # Slack ignores what it does not understand
        waiting = self._waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if waiting is not None:
            payload = message.get("payload")
            waiting.payload = json.dumps(payload).encode() if payload is not None else b""
            waiting.done.set()

    def deliver(self, kind: str, payload: JSON, retry: int = 0, reason: str = "") -> Ack:
        """Send an envelope to one connection, each in turn, and wait for its acknowledgement."""
        envelope_id, waiting = str(uuid.uuid4()), _Waiting()
        self._waiting[envelope_id] = waiting
        try:
            if not self._send(
                json.dumps(_envelope(kind, payload, retry, reason, envelope_id), ensure_ascii=False)
            ):
                return Ack(0, error="connection_failed")
            if not waiting.done.wait(self._patience):
                return Ack(0, error="http_timeout")
            return Ack(200, waiting.payload)
        finally:
            del self._waiting[envelope_id]

    def _send(self, text: str) -> bool:
        while True:
            with self._lock:
                if not self._sockets:
                    return False
                self._sockets.rotate(-1)
                socket = self._sockets[-1]
            try:
                socket.send(text)
                return True
            except OSError:
                self._forget(socket)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to go and come back, as Slack does now and then."""
        with self._lock:
            sockets = list(self._sockets)
        for socket in sockets:
            self._forget(socket)
            socket.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}))
            socket.close()

    def _forget(self, socket: Line) -> None:
        with self._lock:
            if socket in self._sockets:
                self._sockets.remove(socket)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            sockets, self._sockets = list(self._sockets), deque()
        for socket in sockets:
            try:
                socket.close()
            except (OSError, ValueError):
                continue  # it is gone already, which is what was wanted


def _envelope(kind: str, payload: JSON, retry: int, reason: str, envelope_id: str) -> JSON:
    type_ = "slash_commands" if kind == "command" else "events_api" if kind.startswith("event ") else "interactive"
    envelope = {"envelope_id": envelope_id, "type": type_, "payload": payload}
    if type_ == "events_api":
        return {**envelope, "accepts_response_payload": False, "retry_attempt": retry, "retry_reason": reason}
    return {**envelope, "accepts_response_payload": True}
