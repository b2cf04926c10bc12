"""The server's side of RFC 6455, as little as Socket Mode and its SDK clients need."""

import base64
import hashlib
import struct
import threading
from io import BufferedIOBase

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # from RFC 6455, section 1.3
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FRAME_BYTES = 16 * 1024 * 1024


def accept_key(key: str) -> str:
    """Sec-WebSocket-Accept for a Sec-WebSocket-Key."""
    # SHA-1 is what the protocol asks for; it protects nothing here.
    return base64.b64encode(hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()).decode()


class WebSocket:
    """One connection after its handshake. `receive` belongs to one thread; `send` may be called from any."""

    def __init__(self, reader: BufferedIOBase, writer: BufferedIOBase) -> None:
        self._reader, self._writer = reader, writer
        self._lock = threading.Lock()

    def send(self, text: str) -> None:
        """Raises OSError when the peer is gone."""
        self._frame(TEXT, text.encode())

    def ping(self, mark: bytes) -> None:
        self._frame(PING, mark)

    def close(self) -> None:
        self._frame(CLOSE, struct.pack(">H", 1000))

    def _frame(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = struct.pack(">BB", 0x80 | opcode, size)
        elif size < 1 << 16:
            head = struct.pack(">BBH", 0x80 | opcode, 126, size)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 127, size)
        with self._lock:
            self._writer.write(head + payload)
            self._writer.flush()

    def receive(self) -> str | None:
        """The next text message; pings are answered on the way. None: the peer closed or broke the protocol."""
        parts: list[bytes] = []
        while True:
            frame = self._read()
            if frame is None:
                return None
            final, opcode, payload = frame
            if opcode == CLOSE:
                self.close()
                return None
            if opcode == PING:
                self._frame(PONG, payload)
            elif opcode != PONG:
                parts.append(payload)
                if final:
                    return b"".join(parts).decode("utf-8", "replace")

    def _read(self) -> tuple[bool, int, bytes] | None:
        head = self._reader.read(2)
        if len(head) < 2 or not head[1] & 0x80:  # a client's frames must be masked
            return None
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", self._reader.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self._reader.read(8))
        if size > FRAME_BYTES:
            return None
        mask = self._reader.read(4)
        payload = self._reader.read(size)
        return bool(head[0] & 0x80), head[0] & 0x0F, _unmask(payload, mask)


def _unmask(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    long_mask = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return (int.from_bytes(payload, "big") ^ long_mask).to_bytes(size, "big")
