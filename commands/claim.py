"""/idp claim: say that you take care of a failing check."""

from commands.parts.acts import Act
from commands.parts.ask import Ask, command
from commands.parts.reply import Reply, md
from commands.parts.typed.checked import the_check
from commands.parts.typed.me import myself

DROP = frozenset({"drop", "off"})


@command(
    "claim",
    group="IMPROVE",
    acts=True,
    order=4,
    usage="claim <name> [<check>] [drop]",
    example="claim checkout coverage",
)
def claim(ask: Ask) -> Reply:
    """Say that you take care of a failing check: your team sees it, and nobody is reminded. drop lets it go.

    --json: nothing; what came of it is a sentence.
    """
    words = [word for word in ask.words if word.lower() not in DROP]
    myself(ask)
    check = the_check(ask, words)
    about = f"{check.entity.ref} {check.result.rule.name}"
    text = md("Noting who takes care of {}.", check.result.rule.title)
    return Reply(text, act=Act("claim" if len(words) == len(ask.words) else "unclaim", check=about))
