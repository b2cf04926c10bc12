"""/idp delegate: let a colleague approve while you are away."""

from commands.parts.acts import Act
from commands.parts.ask import Ask, command
from commands.parts.reply import Md, Reply
from commands.parts.typed.me import myself
from commands.parts.typed.moments import read_moment, zone_of
from commands.parts.typed.numbers import the_colleague
from data.errors import Invalid


@command(
    "delegate",
    group="ACT",
    order=15,
    acts=True,
    usage="delegate <person> until <time> | off",
    example="delegate ben until friday",
)
def delegate(ask: Ask) -> Reply:
    """Let a colleague approve in your place until a time; the word off ends it.

    It gives nobody a voice about their own requests, and your two voices count as one.
    --json: nothing; what came of it is a sentence.
    """
    words = [word for word in ask.words if word.lower() not in {"to", "until", "till"}]
    if words and words[0].lower() in {"off", "end", "stop", "nobody"}:
        return Reply(Md("Ending your delegation."), act=Act("undelegate"))
    if len(words) < 2:
        raise Invalid("Say who, and until when.", "Such as: /idp delegate ben until friday")
    myself(ask)
    until = read_moment(" ".join(words[1:]), zone_of(ask.asker.timezone), ask.now)
    who = the_colleague(ask, words[0])
    return Reply(Md("Delegating."), act=Act("delegate", person=who, until=until.isoformat()))
