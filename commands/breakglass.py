"""/idp breakglass: access at once, in an emergency."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Reply
from commands.parts.requests.asking import glass_broken


@command(
    "breakglass",
    group="ACT",
    order=2,
    usage="breakglass <name> [environment] [reason]",
    example="breakglass checkout prod INC-123 payments are down",
    aliases=("break-glass",),
)
def breakglass(ask: Ask) -> Reply:
    """Take access at once in an emergency: asked twice, everybody told, reviewed afterwards.

    --json: action, values, reason.
    """
    return glass_broken(ask, ask.words)
