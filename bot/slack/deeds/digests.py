"""What people do with digests: the buttons of their tasks, and what a team sets for its own."""

from collections.abc import Callable, Mapping
from datetime import datetime

from commands.parts.acts import Act
from commands.parts.reply import Md, Reply, md
from commands.parts.texts.refs import label, moment
from data.digests import read_quiet
from data.errors import Conflict
from data.idp import Idp
from workflows.digests import pressing, setting
from workflows.journal import Actor


def claim(idp: Idp, id: int, place: str, actor: Actor) -> Reply:
    """Claim."""
    task = pressing.claim(idp, id, _place(place), actor)
    return Reply(
        md("Thank you: you take care of “{}” for {}.", task.title, label(idp.catalog.snapshot, task.entity))
    )


def snooze(idp: Idp, id: int, place: str, actor: Actor) -> Reply:
    """Snooze."""
    task, until = pressing.snooze(idp, id, _place(place), actor)
    return Reply(md("Nobody is reminded of “{}” until {}; it still counts.", task.title, moment(until)))


def disown(idp: Idp, id: int, place: str, actor: Actor) -> Reply:
    """Not ours."""
    task = pressing.disown(idp, id, _place(place), actor)
    named = label(idp.catalog.snapshot, task.entity)
    return Reply(md("The platform team is asked who owns {}; your digest leaves it out for four weeks.", named))


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Conflict("This button is too old.", "Look for the newest digest.")
    return int(text)


PRESSES: Mapping[str, Callable[[Idp, int, str, Actor], Reply]] = {
    "digest-claim": claim,
    "digest-snooze": snooze,
    "digest-disown": disown,
}


def act(idp: Idp, act: Act, actor: Actor) -> Reply:
    """What `/idp digest mute`, `unmute`, `quiet` and `frequency` ask for."""
    team, named = act.about, label(idp.catalog.snapshot, act.about)
    what, value = (*act.words, "")[:2]
    match what:
        case "mute":
            until = datetime.fromisoformat(act.until)
            setting.mute(idp, team, until, actor)
            return Reply(md("{} gets no digest until {}. `/idp digest unmute` ends that.", named, moment(until)))
        case "unmute":
            setting.unmute(idp, team, actor)
            return Reply(md("{} gets its digest again.", named))
        case "quiet":
            setting.be_quiet(idp, team, value, actor)
            hours = read_quiet(value)
            if hours is None:
                return Reply(md("The digest of {} has no quiet hours any more.", named))
            return Reply(md("The digest of {} is never posted at {}.", named, hours))
        case "frequency":
            kept = setting.every(idp, team, value, actor)
            return Reply(md("The digest of {} comes {} now.", named, kept.frequency))
    return Reply(Md("There is no such setting."), ok=False)
