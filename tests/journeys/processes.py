"""`idp` as processes of its own: where they listen, and when they do."""

import http.client
import subprocess
import time
from collections.abc import Callable

from bot.playground import LocalSlack
from tests.waiting import PATIENT

Start = Callable[..., subprocess.Popen[str]]


def get(port: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def wait_for(port: str, path: str = "/readyz", status: int = 200, seconds: float = PATIENT) -> str:
    """The answer once it has this status; how fast a server is ready is for the bench to say."""
    deadline = time.monotonic() + seconds
    got = (0, "")
    while time.monotonic() < deadline:
        got = get(port, path)
        if got[0] == status:
            return got[1]
        time.sleep(0.1)
    raise TimeoutError(f"{path} is {got}")


def answered(slack: LocalSlack, words: str) -> str:
    """Ask, and read the answer that comes then, at once or a moment later."""
    before = len(slack.messages("general", seen_by="engineer"))
    slack.command("engineer", "general", f"/idp {words}")
    slack.wait(lambda: len(slack.messages("general", seen_by="engineer")) > before)
    return slack.messages("general", seen_by="engineer")[-1].text
