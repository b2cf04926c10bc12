"""`idp ask`: the same words, the same answers, in a terminal."""

from rich.console import Console

from bot.settings.config import Settings
from bot.terminal.printing import show, show_json
from bot.wiring import build
from commands import Asker, answer
from data.errors import NotAllowed, Unavailable


def ask_once(settings: Settings, words: str, email: str, *, as_json: bool) -> int:
    """Print the answer; 0 when there is one, 1 when not."""
    idp = build(settings)
    try:
        idp.database.check()
        idp.catalog.refresh()
        idp.standings.refresh()
        if not idp.catalog.snapshot.sources:
            raise Unavailable("The catalog has not been synced yet.", "Run `idp sync` first.")
        reply = answer(words, Asker(email or "you", email), idp)
        if reply.act is not None:
            raise NotAllowed("This is done in Slack only, where it is known who you are.")
        if as_json:
            show_json(reply)
        else:
            show(reply, Console())
    finally:
        idp.database.close()
    return 0 if reply.ok else 1
