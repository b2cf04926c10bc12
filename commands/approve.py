"""/idp approve: where the buttons are."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Md, Note, Reply
from commands.parts.requests.lists import one_request
from commands.parts.typed.numbers import the_number


@command(
    "approve", group="ACT", order=14, usage="approve <id>", example="approve 12", aliases=("deny", "yes", "no")
)
def approve(ask: Ask) -> Reply:
    """Shows the card: only its buttons decide, because typed words do not show what is agreed to.

    --json: requests, as in `requests`.
    """
    shown = one_request(ask, the_number(ask))
    text = Md("Please use the buttons: typed words decide nothing, since they do not show what is agreed to.")
    return Reply(text, [Note(text), *shown.parts], shown.data)
