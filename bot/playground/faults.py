"""Faults on demand: what a test wants the next calls of a method to suffer."""

import threading
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """What shall happen to the next `times` calls of `method` ("*" is any; "response_url" and "upload" count too).

    `error` is Slack's error code (`ratelimited` becomes HTTP 429 with `retry_after` seconds), `status` an HTTP
    status without a JSON body, `delay` seconds before the answer, `cut` the connection closed without an
    answer: "before" the work or "after" it was done. `hold` keeps the call waiting until it is set, so that a test
    sees what happens meanwhile without measuring time.
    """

    method: str
    error: str = ""
    status: int = 0
    retry_after: int = 1
    delay: float = 0.0
    cut: str = ""
    times: int = 1
    hold: threading.Event | None = None


class Faults:
    """Thread-safe: each call takes at most one fault."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault that this call shall suffer, used up by one."""
        with self._lock:
            for fault in self._waiting:
                if fault.method in {method, "*"}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
            return None
