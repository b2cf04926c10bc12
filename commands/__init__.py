"""Commands answer; they change nothing. One file a verb, found by itself."""

from collections.abc import Sequence

from commands.parts.ask import Ask, Asker, Command
from commands.parts.typed.answering import acts, answer
from commands.parts.typed.registry import registry

__all__ = ["Ask", "Asker", "Command", "acts", "answer", "verbs"]


def verbs() -> Sequence[Command]:
    """All commands, in the order of the help."""
    return registry().commands
