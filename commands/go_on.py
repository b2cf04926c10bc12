"""/idp go-on: a run that waits goes on now."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.waiting_run import waiting_told


@command("go-on", group="ACT", order=19, acts=True, usage="go-on <id> [<wave>]", example="go-on 12 1")
def go_on(ask: Ask) -> Reply:
    """Have an upgrade go on now, without waiting for the pull requests of the wave that is out.

    Without the number of that wave it shows the card, and what to say.
    --json: nothing, or requests, as in `requests`.
    """
    return waiting_told(ask, "goon", "Going on with")
