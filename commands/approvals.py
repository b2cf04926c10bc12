"""/idp approvals: what waits for me."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.lists import listed
from commands.parts.texts.paging import FROM
from commands.parts.typed.me import myself
from workflows.requests.waiting_for import waiting_for


@command("approvals", group="ACT", order=13, example="approvals", aliases=("inbox",), flags=(FROM,))
def approvals(ask: Ask) -> Reply:
    """What waits for your approval, by the policies and teams of this moment.

    --json: requests, as in `requests`.
    """
    return listed(ask, waiting_for(ask.idp, ask.snapshot, myself(ask).ref), "Waiting for your approval")
