"""A replica that is killed after it has acknowledged a press: `python -m tests.journeys.acting.mortal URL FOLDER`.

SLACK, TOKEN and SECRET (environment) are the local Slack. It takes requests as lines of JSON (body, headers) and
answers each with its HTTP status. With POINT it kills itself once the answer is out: `effect:before` (nothing but
the row of the press is there), `effect:after` (what was pressed is done, and the row does not say so), or after so
many seconds, such as 0.05. Whatever it was doing may be taken up by others after half a second.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.processes.web import Web
from bot.slack.app import build_bot
from bot.slack.deeds.carrying_out import Deeds
from bot.slack.incoming import kept_presses
from tests.journeys.acting.acme import catalog
from tests.journeys.conftest import post_to
from tests.workflows.house import build


def main(url: str, folder: str) -> None:
    point, answered = os.environ["POINT"], threading.Event()
    kept_presses.LEASE = timedelta(seconds=0.5)  # type: ignore[misc]  # half a minute is too long for a test
    _instrument(point, answered)
    house = build(url, Path(folder))
    house.catalog.snapshot = catalog()
    bot = build_bot(house.idp, os.environ["TOKEN"], os.environ["SLACK"])
    post = post_to(Web(bot.app, bot.me, os.environ["SECRET"], dict, foreign=bot.refusals.foreign))
    bot.me.identity()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        status, _, _ = post(asked["body"].encode(), asked["headers"])
        print(status, flush=True)
        answered.set()
        if not point.startswith("effect"):
            time.sleep(float(point))
            _die()


def _instrument(point: str, answered: threading.Event) -> None:
    press: Callable[..., Any] = Deeds.press

    def dying(*args: Any) -> Any:
        answered.wait()
        if point == "effect:before":
            _die()
        said = press(*args)
        if point == "effect:after":
            _die()
        return said

    Deeds.press = dying  # type: ignore[method-assign,assignment]  # the moment at which a press has its effect


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
