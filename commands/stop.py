"""/idp stop: a run that waits stops there."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.waiting_run import waiting_told


@command("stop", group="ACT", order=20, acts=True, usage="stop <id> [<wave>]", example="stop 12 1")
def stop(ask: Ask) -> Reply:
    """Have an upgrade stop after the wave that is out: what is there stays, the rest is not done.

    Without the number of that wave it shows the card, and what to say.
    --json: nothing, or requests, as in `requests`.
    """
    return waiting_told(ask, "stophere", "Stopping")
