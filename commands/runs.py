"""/idp runs: what was agreed and runs."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.lists import RUNS, found_requests, listed, one_request
from commands.parts.texts.paging import FROM
from commands.parts.typed.me import myself
from commands.parts.typed.numbers import the_number


@command("runs", group="ACT", order=16, usage="runs [mine|<id>]", example="runs", flags=(FROM,))
def runs(ask: Ask) -> Reply:
    """What was agreed and runs, ran or failed; a number shows its steps, with retry and undo when it failed.

    --json: requests, as in `requests`.
    """
    which = ask.words[0].lower() if ask.words else "all"
    if which.lstrip("#").isdigit():
        return one_request(ask, the_number(ask))
    whose = myself(ask).ref if which == "mine" else ""
    return listed(ask, found_requests(ask, RUNS, whose), "Runs")
