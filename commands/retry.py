"""/idp retry: run a failed request again from the step that failed."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.lists import acted


@command("retry", group="ACT", order=17, acts=True, usage="retry <id>", example="retry 12")
def retry(ask: Ask) -> Reply:
    """Run a failed request again from the step that failed.

    --json: nothing; what came of it is a sentence.
    """
    return acted(ask, "retry", "Retrying")
