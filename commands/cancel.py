"""/idp cancel: take back a request of yours that waits."""

from commands.ask import Ask, command
from commands.reply import Reply
from commands.request_lists import acted


@command("cancel", group="ACT", order=9, usage="cancel <id>", example="cancel 12")
def cancel(ask: Ask) -> Reply:
    """Take back a request of yours that waits.

    --json: nothing; what came of it is a sentence.
    """
    return acted(ask, "cancel", "Cancelling")
