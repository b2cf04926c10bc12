"""/idp requests: what was asked for."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.lists import WAITING, found_requests, listed, one_request
from commands.parts.texts.paging import FROM
from commands.parts.typed.me import myself
from commands.parts.typed.numbers import the_number


@command(
    "requests",
    group="ACT",
    order=11,
    usage="requests [mine|open|all|<id>]",
    example="requests",
    aliases=("request",),
    flags=(FROM,),
)
def requests(ask: Ask) -> Reply:
    """What you have asked for, what anybody waits for (open), or one request by its number.

    --json: requests [{id, action, title, target, state, requester, created, decided_by}].
    """
    which = ask.words[0].lower() if ask.words else "mine"
    if which.lstrip("#").isdigit():
        return one_request(ask, the_number(ask))
    if which in {"open", "all"}:
        states = WAITING if which == "open" else frozenset()
        return listed(ask, found_requests(ask, states, ""), f"{which.capitalize()} requests")
    return listed(ask, found_requests(ask, frozenset(), myself(ask).ref), "Your requests")
