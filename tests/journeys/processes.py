"""`idp` as processes of its own: where they listen, and when they do."""

import http.client
import socket
import subprocess
import time
from collections.abc import Callable

Start = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def wait_for(port: str, path: str = "/readyz", status: int = 200, seconds: float = 60) -> str:
    """The answer once it has this status; how fast a server is ready is for the bench to say."""
    deadline = time.monotonic() + seconds
    got = (0, "")
    while time.monotonic() < deadline:
        got = get(port, path)
        if got[0] == status:
            return got[1]
        time.sleep(0.1)
    raise TimeoutError(f"{path} is {got}")
