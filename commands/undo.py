"""/idp undo: take away what a run has made, and nothing else."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.lists import acted


@command("undo", group="ACT", order=18, acts=True, usage="undo <id>", example="undo 12")
def undo(ask: Ask) -> Reply:
    """Take away what a run has made, and nothing else.

    --json: nothing; what came of it is a sentence.
    """
    return acted(ask, "undo", "Undoing")
