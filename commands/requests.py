"""/idp requests and the verbs for one request: what was asked, what waits, what runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commands.acts import Act, Verb
from commands.ask import Ask, command
from commands.me import myself
from commands.numbers import the_number
from commands.refs import clock, moment, person_name
from commands.reply import Button, Buttons, Md, Note, Part, Reply, Rows, md
from commands.request_card import SIGNS, request_reply
from data.errors import NotFound
from data.store import requests as rows
from data.store.requests import Request, State
from workflows.waiting_for import waiting_for

MOST = 20
WAITING: frozenset[State] = frozenset({"pending", "approved", "running", "failed", "undoing"})
RUNS: frozenset[State] = frozenset({"approved", "running", "done", "failed", "undoing", "undone"})


@command(
    "requests",
    group="ACT",
    order=5,
    usage="requests [mine|open|all|<id>]",
    example="requests",
    aliases=("request",),
)
def requests(ask: Ask) -> Reply:
    """What you have asked for; `open`: what anybody waits for; a number: that request.

    --json: requests [{id, action, title, target, state, requester, created, decided_by}].
    """
    which = ask.words[0].lower() if ask.words else "mine"
    if which.lstrip("#").isdigit():
        return _one(ask, the_number(ask))
    if which in {"open", "all"}:
        states = WAITING if which == "open" else frozenset()
        return _listed(ask, _found(ask, states, ""), f"{which.capitalize()} requests")
    return _listed(ask, _found(ask, frozenset(), myself(ask).ref), "Your requests")


@command("approvals", group="ACT", order=6, usage="approvals", example="approvals", aliases=("inbox",))
def approvals(ask: Ask) -> Reply:
    """What waits for your approval, by the policies and teams of this moment.

    --json: requests, as in `requests`.
    """
    return _listed(ask, waiting_for(ask.idp, ask.snapshot, myself(ask).ref), "Waiting for your approval")


@command("runs", group="ACT", order=7, usage="runs [mine|<id>]", example="runs")
def runs(ask: Ask) -> Reply:
    """What was agreed and runs, ran or failed; a number shows its steps, with retry and undo when it failed.

    --json: requests, as in `requests`.
    """
    which = ask.words[0].lower() if ask.words else "all"
    if which.lstrip("#").isdigit():
        return _one(ask, the_number(ask))
    whose = myself(ask).ref if which == "mine" else ""
    return _listed(ask, _found(ask, RUNS, whose), "Runs")


@command(
    "approve",
    group="ACT",
    order=8,
    usage="approve <id>",
    example="approve 12",
    aliases=("deny", "yes", "no"),
)
def approve(ask: Ask) -> Reply:
    """Shows the card with its buttons: only they decide, because typed words do not show what is agreed to."""
    shown = _one(ask, the_number(ask))
    text = Md("Please use the buttons: typed words decide nothing, since they do not show what is agreed to.")
    return Reply(text, [Note(text), *shown.parts], shown.data)


@command("cancel", group="ACT", order=9, usage="cancel <id>", example="cancel 12")
def cancel(ask: Ask) -> Reply:
    """Take back a request of yours that waits."""
    return _act(ask, "cancel", "Cancelling")


@command("retry", group="ACT", order=10, usage="retry <id>", example="retry 12")
def retry(ask: Ask) -> Reply:
    """Run a failed request again from the step that failed."""
    return _act(ask, "retry", "Retrying")


@command("undo", group="ACT", order=11, usage="undo <id>", example="undo 12")
def undo(ask: Ask) -> Reply:
    """Take away what a run has made, and nothing else."""
    return _act(ask, "undo", "Undoing")


def _act(ask: Ask, verb: Verb, doing: str) -> Reply:
    number = the_number(ask)
    return Reply(md("{} #{}.", doing, number), act=Act(verb, number))


def _one(ask: Ask, number: int) -> Reply:
    with ask.idp.database.reading() as store:
        view = rows.view(store, number)
    if view is None:
        raise NotFound(f"There is no request {number}.", "Try /idp requests all")
    shown = request_reply(view, ask.snapshot, myself(ask).ref if ask.asker.email else "")
    return Reply(shown.text, shown.parts, {"requests": [_data(view.request)]})


def _found(ask: Ask, states: frozenset[State], requester: str) -> list[Request]:
    with ask.idp.database.reading() as store:
        return rows.find(store, states=states, requester=requester, limit=100)


def _listed(ask: Ask, found: Sequence[Request], what: str) -> Reply:
    data = {"requests": [_data(request) for request in found]}
    if not found:
        return Reply(md("{}: none.", what), (), data)
    lines = [_line(ask, request) for request in found[:MOST]]
    look = Buttons([Button(f"#{request.id}", f"requests {request.id}") for request in found[:5]])
    parts: list[Part] = [Rows(lines, max(0, len(found) - MOST)), look]
    return Reply(md("{}: {}", what, len(found)), parts, data)


def _line(ask: Ask, request: Request) -> Md:
    sign, who = Md(SIGNS[request.state]), person_name(ask.snapshot, request.requester)
    return md(
        "{} #{} *{}* \u00b7 {} \u00b7 {} \u00b7 {}",
        sign,
        request.id,
        request.title,
        who,
        request.state,
        _when(request),
    )


def _when(request: Request) -> Md:
    if request.state == "pending":
        return md("until {}", moment(request.expires_at))
    at: datetime = request.finished_at or request.decided_at or request.created_at
    return clock(at)


def _data(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "action": request.action,
        "title": request.title,
        "target": request.target,
        "state": request.state,
        "requester": request.requester,
        "created": request.created_at.isoformat(),
        "decided_by": request.decided_by,
    }
