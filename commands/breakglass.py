"""/idp breakglass: access at once, in an emergency."""

from commands.ask import Ask, command
from commands.asking import glass_broken
from commands.reply import Reply


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
