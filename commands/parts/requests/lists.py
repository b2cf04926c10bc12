"""Requests in lists and one by one; what the verbs for requests share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commands.parts.acts import Act, Verb
from commands.parts.ask import Ask
from commands.parts.reply import Button, Buttons, Md, Part, Reply, md
from commands.parts.requests.card import SIGNS, request_reply
from commands.parts.texts.paging import begin, page
from commands.parts.texts.refs import clock, moment, person_name
from commands.parts.typed.me import myself
from commands.parts.typed.numbers import the_number
from data.errors import NotFound
from data.store import requests as rows
from data.store.requests import Request, State

MOST = 20  # on one page
KEPT = 1000  # that can be paged through
WAITING: frozenset[State] = frozenset({"pending", "approved", "running", "failed", "undoing"})
RUNS: frozenset[State] = frozenset({"approved", "running", "done", "failed", "undoing", "undone"})


def acted(ask: Ask, verb: Verb, doing: str) -> Reply:
    """A deed about the request whose number was said."""
    number = the_number(ask)
    return Reply(md("{} #{}.", doing, number), act=Act(verb, number))


def one_request(ask: Ask, number: int) -> Reply:
    """The card of one request. Raises NotFound."""
    with ask.idp.database.reading() as store:
        view = rows.view(store, number)
    if view is None:
        raise NotFound(f"There is no request {number}.", "Try /idp requests all")
    shown = request_reply(view, ask.snapshot, myself(ask).ref if ask.asker.email else "")
    return Reply(shown.text, shown.parts, {"requests": [_data(view.request)]})


def found_requests(ask: Ask, states: frozenset[State], requester: str) -> list[Request]:
    """Requests in these states (all when there are none), of one person or of anybody; newest first."""
    with ask.idp.database.reading() as store:
        return rows.find(store, states=states, requester=requester, limit=KEPT)


def listed(ask: Ask, found: Sequence[Request], what: str) -> Reply:
    """A list of requests, with `what` as its heading."""
    data = {"requests": [_data(request) for request in found]}
    if not found:
        return Reply(md("{}: none.", what), (), data)
    here = found[begin(ask) : begin(ask) + MOST]
    lines = [_line(ask, request) for request in here]
    look = Buttons([Button(f"#{request.id}", f"requests {request.id}") for request in here[:5]])
    parts: list[Part] = [*page(ask, lines, len(found)), look]
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
