"""What people do about a single check: claim it, let it go, put it off, let it count again."""

from datetime import datetime, timedelta

from commands.parts.reply import Md, Reply, md
from commands.parts.texts.refs import label, moment
from data.errors import Conflict
from data.idp import Idp
from workflows.requests.request import Actor
from workflows.scorecards import caring
from workflows.scorecards.caring import Checked

WEEK = timedelta(days=7)  # for a press that says no time


def claim(idp: Idp, rest: str, actor: Actor) -> Reply:
    """ "component:default/checkout coverage" is theirs now."""
    about, _ = _read(rest)
    caring.claim(idp, about, actor)
    return Reply(md("{}: you take care of it. Nobody is reminded of it meanwhile.", _said(idp, about)))


def unclaim(idp: Idp, rest: str, actor: Actor) -> Reply:
    """Somebody else may."""
    about, _ = _read(rest)
    caring.unclaim(idp, about, actor)
    return Reply(md("{}: nobody takes care of it any more.", _said(idp, about)))


def snooze(idp: Idp, rest: str, actor: Actor) -> Reply:
    """Put off, for a week unless a time is said."""
    about, until = _read(rest)
    until = until or idp.now() + WEEK
    caring.snooze(idp, about, until, actor)
    return Reply(md("{}: nobody is reminded of it until {}. It still counts.", _said(idp, about), moment(until)))


def end_exemption(idp: Idp, request: int, actor: Actor) -> Reply:
    """It counts again."""
    caring.end_exemption(idp, request, actor)
    return Reply(md("Exemption #{} has ended: the check counts again.", request))


def _read(rest: str) -> tuple[Checked, datetime | None]:
    """Reference, rule and perhaps a time. Raises Conflict for what no button of ours carries."""
    words = rest.split(" ")
    try:
        until = datetime.fromisoformat(words[2]) if len(words) > 2 else None
    except ValueError:
        until = None
    if len(words) not in (2, 3) or (until is not None and until.tzinfo is None):
        raise Conflict("This button is too old.", "Ask again.")
    return Checked(words[0], words[1]), until


def _said(idp: Idp, about: Checked) -> Md:
    rule = idp.scorecards.rules[about.rule]
    return md("*{}* of {}", rule.title, label(idp.catalog.snapshot, about.entity))
