"""Commands answer; they change nothing. One file a verb, found by itself."""

from collections.abc import Sequence

from commands.ask import Ask, Asker, Command
from commands.reply import Reply
from data.idp import Idp

__all__ = ["Ask", "Asker", "Command", "answer", "verbs"]


def answer(text: str, asker: Asker, idp: Idp) -> Reply:
    """Answer the words after /idp. A UserError becomes a Reply with ok=False; anything else raised is a bug."""
    raise NotImplementedError


def verbs() -> Sequence[Command]:
    """All commands, in the order of the help."""
    raise NotImplementedError
