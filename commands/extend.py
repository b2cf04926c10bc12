"""/idp extend: access of mine, a little longer."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.asking import extended


@command("extend", group="ACT", order=4, acts=True, usage="extend <id> <duration>", example="extend 12 1h")
def extend(ask: Ask) -> Reply:
    """Make access of yours longer, as far as the policy allows without asking again.

    --json: nothing; what came of it is a sentence.
    """
    return extended(ask, ask.words)
