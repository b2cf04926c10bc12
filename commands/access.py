"""/idp access: production access for a while."""

from commands.parts.ask import Ask, Flag, command
from commands.parts.reply import Reply
from commands.parts.requests.asking import (
    asked_for,
    extended,
    given_back,
    glass_broken,
    held_by_me,
    without_fillers,
)
from workflows.access.prod_access import PROD_ACCESS

SUBCOMMANDS = {
    "mine": held_by_me,
    "my": held_by_me,
    "extend": extended,
    "done": given_back,
    "breakglass": glass_broken,
    "break-glass": glass_broken,
}


@command(
    "access",
    group="ACT",
    order=1,
    acts=True,
    usage="access <name> [environment] [duration] [reason] | mine | extend <id> <duration> | done <id>",
    example="access checkout prod 1h INC-123 look at stuck payments",
    flags=(Flag("for", "ask for a colleague", "person"),),
)
def access(ask: Ask) -> Reply:
    """Ask for production access: who must agree is shown before anything is sent.

    With everything said the answer is a preview with a button; with less, a form opens with what was said.
    `access mine` shows what you have and how long; `extend` and `done` take the number of the access.
    --json: action, values, reason; for mine: grants [{id, target, environment, state, until}].
    """
    first = ask.words[0].lower() if ask.words else ""
    if first in SUBCOMMANDS:
        return SUBCOMMANDS[first](ask, ask.words[1:])
    return asked_for(ask, PROD_ACCESS.name, without_fillers(ask.words))
