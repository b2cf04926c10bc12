"""/idp snooze: be reminded of a failing check later."""

from commands.parts.acts import Act
from commands.parts.ask import Ask, command
from commands.parts.reply import Reply, md
from commands.parts.typed.checked import the_check
from commands.parts.typed.me import myself
from commands.parts.typed.moments import read_moment, zone_of
from data.errors import Invalid

UNTIL = frozenset({"until", "till", "for", "in"})


@command(
    "snooze",
    group="IMPROVE",
    acts=True,
    order=5,
    usage="snooze <name> [<check>] until <time>",
    example="snooze checkout coverage until friday",
)
def snooze(ask: Ask) -> Reply:
    """Be reminded of a failing check later, in 90 days at most; it still counts. For longer, ask to exempt it.

    Days and times are those of your own time zone, as Slack knows it; in a terminal those of UTC.

    --json: nothing; what came of it is a sentence.
    """
    lower = [word.lower() for word in ask.words]
    cut = next((at for at, word in enumerate(lower) if word in UNTIL), 0)
    if not cut or cut == len(lower) - 1:
        raise Invalid("Say which check, and until when.", "Such as: /idp snooze checkout coverage until friday")
    myself(ask)
    said = " ".join(ask.words[cut + 1 :])
    text = f"in {said}" if lower[cut] in ("for", "in") else said
    until = read_moment(text, zone_of(ask.asker.timezone), ask.now)
    check = the_check(ask, ask.words[:cut])
    about = f"{check.entity.ref} {check.result.rule.name}"
    return Reply(
        md("Snoozing {}.", check.result.rule.title), act=Act("snooze", check=about, until=until.isoformat())
    )
