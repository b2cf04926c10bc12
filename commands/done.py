"""/idp done: access of mine, given back."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.asking import given_back


@command("done", group="ACT", order=5, acts=True, usage="done <id>", example="done 12")
def done(ask: Ask) -> Reply:
    """Give access of yours back before its time is over.

    --json: nothing; what came of it is a sentence.
    """
    return given_back(ask, ask.words)
