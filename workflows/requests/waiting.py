"""What happens to a request that waits: reminders, escalation, and its end."""

from datetime import timedelta

from data.idp import Idp
from data.store import requests
from workflows.action import actions
from workflows.authority import current
from workflows.journal import HOUSE, channel_key, redraw, show, write_down
from workflows.requests.deciding import draft_of
from workflows.telling.places import channel_of

REMINDERS = 3
DAY = timedelta(hours=20)  # further away, an hour alone would mislead


def expire(idp: Idp, request: int) -> None:
    """The work "expire": nobody decided in time."""
    now = idp.now()
    with idp.database.store() as store:
        kept = requests.load(store, request)
        if kept is None or kept.state != "pending":
            return
        if now < kept.expires_at:  # the timer's clock is ahead of ours
            left = (kept.expires_at - now).total_seconds()
            idp.engine.enqueue(store, "expire", f"expire:{request}:{int(now.timestamp())}", request, delay=left)
            return
        if requests.move(store, request, states={"pending"}, state="expired", decided_at=now):
            redraw(idp, store, "request", request)
            write_down(store, now, "request.expired", HOUSE, kept, before="pending", after="expired")


def remind(idp: Idp, request: int, number: int) -> None:
    """The work "remind": one line in the thread of the card, a few times, ever more rarely."""
    now = idp.now()
    with idp.database.store() as store:
        kept = requests.load(store, request)
        if kept is None or kept.state != "pending" or now >= kept.expires_at:
            return
        day = "" if kept.expires_at - now < DAY else "%Y-%m-%d "
        looking = " Somebody is looking at it." if kept.looking_by else ""
        text = f"Request {request} ({kept.title}) still waits, until {kept.expires_at:{day}%H:%M} UTC.{looking}"
        key, thread = f"request:{request}:reminder:{number}", channel_key(request)
        show(idp, store, key=key, kind="text", subject=request, place=kept.channel, thread_of=thread, text=text)
        if number < REMINDERS:
            delay = (kept.expires_at - now).total_seconds() / 2
            idp.engine.enqueue(store, "remind", f"remind:{request}:{number + 1}", request, number + 1, delay=delay)


def escalate(idp: Idp, request: int) -> None:
    """The work "escalate": the groups above may agree as well from now on, and see the card in their channels."""
    now, snapshot = idp.now(), current(idp)
    with idp.database.store() as store:
        kept = requests.load(store, request)
        action = actions().get(kept.action) if kept else None
        if kept is None or action is None or kept.state != "pending":
            return
        decision = action.policy(idp, snapshot, kept.requester, draft_of(kept), True)
        if not requests.move(store, request, states={"pending"}, escalated_at=now):
            return
        for team in decision.teams:
            place = channel_of(snapshot.get(team.ref))
            if team.instead_of and place != kept.channel:
                key = f"request:{request}:escalated:{team.ref}"
                show(idp, store, key=key, kind="request", subject=request, place=place)
        redraw(idp, store, "request", request)
        asked = [team.ref for team in decision.teams]
        write_down(store, now, "request.escalated", HOUSE, kept, asked=asked)
