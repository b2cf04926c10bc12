"""`idp digest send`: order digests; the running bot makes and posts them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.console import Console

from bot.settings.config import Settings
from bot.wiring import build
from workflows.digests.sending import Ordered, send
from workflows.engine import Engine
from workflows.works import QUEUES

SAID: Final = {
    "posted": "was posted already",
    "quiet": "had nothing to say",
    "due": "is being made",
    "ready": "is about to be posted",
    "failed": "could not be posted",
    "unreachable": "has no channel and no lead",
}


def order_digests(settings: Settings, week: str, team: str, *, again: bool) -> int:
    """Print what becomes of each; 1 when one of them cannot be told, else 0."""
    built = build(settings)
    engine = Engine(built.database, QUEUES)
    engine.open()
    try:
        idp = replace(built, engine=engine)
        idp.catalog.refresh()
        ordered = send(idp, week, team, again=again)
    finally:
        engine.close()
        built.database.close()
    return _told(ordered)


def _told(ordered: Sequence[Ordered]) -> int:
    console = Console(soft_wrap=True)
    planned = [one for one in ordered if one.what in {"planned", "again"}]
    for one in ordered:
        console.print(_line(one), markup=False, highlight=False)
    console.print(f"{len(planned)} of {len(ordered)} are ordered; the bot posts about thirty a minute.")
    return 1 if any(one.what == "known" and one.state in {"failed", "unreachable"} for one in ordered) else 0


def _line(one: Ordered) -> str:
    name = f"{one.team.rpartition('/')[2]} {one.week}"
    match one.what:
        case "planned":
            return f"{name}: ordered"
        case "again":
            return f"{name}: tried again ({one.error or SAID.get(one.state, one.state)})"
        case "muted":
            return f"{name}: muted; name the team to send it nevertheless"
    hint = "; --again tries once more" if one.state in {"failed", "unreachable"} else ""
    return f"{name}: {SAID.get(one.state, one.state)}{f': {one.error}' if one.error else ''}{hint}"
