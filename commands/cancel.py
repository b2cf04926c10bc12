"""/idp cancel: take back a request of yours that waits."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.lists import acted


@command("cancel", group="ACT", order=12, acts=True, usage="cancel <id>", example="cancel 12")
def cancel(ask: Ask) -> Reply:
    """Take back a request of yours that waits.

    --json: nothing; what came of it is a sentence.
    """
    return acted(ask, "cancel", "Cancelling")
