"""/idp exempt: ask that a check does not count for a service for a while."""

from collections.abc import Sequence
from typing import Any

from commands.parts.acts import Act, OpenForm
from commands.parts.ask import Ask, command
from commands.parts.reply import Reply, md
from commands.parts.requests.asking import WHY, as_form, previewed
from commands.parts.typed.checked import the_check
from commands.parts.typed.me import myself
from commands.parts.typed.moments import read_moment, zone_of
from commands.parts.typed.numbers import the_number
from workflows.scorecards.exempting import EXEMPT


@command(
    "exempt",
    group="IMPROVE",
    acts=True,
    order=6,
    usage="exempt <name> <check> until <day> because <reason> | end <id>",
    example="exempt checkout coverage until 2027-03-01 because it is being replaced",
)
def exempt(ask: Ask) -> Reply:
    """Ask that a check does not count for a service until a day; somebody must agree, and everybody sees it.

    `exempt end 12` lets the check of exemption 12 count again.
    --json: action, values, reason.
    """
    if ask.words and ask.words[0].lower() == "end":
        myself(ask)
        number = the_number(ask, ask.words[1] if len(ask.words) > 1 else "?")
        return Reply(md("Ending exemption #{}.", number), act=Act("unexempt", number, check="-"))
    words, until, reason = _apart(ask.words)
    values: dict[str, Any] = {}
    if words:
        check = the_check(ask, words)
        values = {"target": check.entity.ref, "rule": check.result.rule.name}
    if until:
        zone = zone_of(ask.asker.timezone)
        values["until"] = read_moment(" ".join(until), zone, ask.now).astimezone(zone).date().isoformat()
    form = OpenForm(EXEMPT.name, values, " ".join(reason))
    return previewed(ask, form) if len(values) == 3 and reason else as_form(form)


def _apart(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """What, until when, and why."""
    lower = [word.lower() for word in words]
    why = next((at for at, word in enumerate(lower) if word in WHY), len(words))
    until = next((at for at, word in enumerate(lower[:why]) if word in ("until", "till")), why)
    return words[:until], words[until + 1 : why], words[why + 1 :]
