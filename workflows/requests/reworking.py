"""What people do with a run that stopped or waits: retry from the step, undo what was made, hand over, go on."""

from typing import Any

from data.errors import Conflict, NotAllowed, NotFound
from data.idp import Idp
from data.store import audit, requests
from data.store.database import Store
from data.store.requests import Request, State
from workflows.authority import current, group_ref, members
from workflows.journal import Actor, entry, redraw, show, write_down
from workflows.telling.places import platform_channel


def retry(idp: Idp, request: int, actor: Actor) -> Request:
    """Run a failed request again from the step that failed."""
    failed = _mine(idp, request, actor)
    with idp.database.store() as store:
        attempt = _restart(store, failed, {"failed"}, state="running", finished_at=None, error="")
        for step in requests.steps(store, request):
            if step.state in {"failed", "undone"}:
                requests.set_step(store, request, step.position, state="waiting", tries=0, error="")
        idp.engine.enqueue(store, "run", f"run:{request}:{attempt}", request, attempt)
        return _told(idp, store, failed, actor, "run.retried")


def undo(idp: Idp, request: int, actor: Actor) -> Request:
    """Take away what a failed or finished run has made, last step first."""
    ended = _mine(idp, request, actor)
    with idp.database.store() as store:
        attempt = _restart(store, ended, {"failed", "done"}, state="undoing", finished_at=None)
        idp.engine.enqueue(store, "undo", f"undo:{request}:{attempt}", request, attempt)
        return _told(idp, store, ended, actor, "run.undoing")


def go_on(idp: Idp, request: int, actor: Actor, mark: str, stop: bool = False) -> Request:
    """Have a step that waits go on now, or stop there. `mark` is what the person saw it wait for.

    Raises Conflict when it does not wait for that any more.
    """
    waiting = _mine(idp, request, actor)
    with idp.database.store() as store:
        attempt = _restart(store, waiting, {"running"})
        step = next((one for one in requests.steps(store, request) if one.result.get("mark") == mark), None)
        if step is None or step.state not in {"waiting", "running"} or step.result.get("told"):
            raise Conflict(f"Request {request} has gone on already. Look at its card.")
        told = {**step.result, "told": "stop" if stop else "go"}
        requests.set_step(store, request, step.position, state="waiting", tries=0, result=told)
        idp.engine.enqueue(store, "run", f"run:{request}:{attempt}", request, attempt)
        what, waited = "run.stopped" if stop else "run.went_on", step.result.get("waits", "")
        return _told(idp, store, waiting, actor, what, step=step.name, waited=waited)


def hand_over(idp: Idp, request: int, actor: Actor) -> Request:
    """Ask the platform team to take a failed run over; they may then retry or undo it."""
    failed, platform = _mine(idp, request, actor), idp.platform_owner
    if not platform:
        raise NotFound("No platform team is configured to hand this over to.")
    with idp.database.store() as store:
        if not requests.move(store, request, states={"failed"}, revision=failed.revision, handed_to=platform):
            raise Conflict(f"Request {request} is not where it was any more. Look at its card.")
        place = platform_channel(idp, idp.catalog.snapshot)
        key = f"request:{request}:handed:{failed.attempt}"
        show(idp, store, key=key, kind="request", subject=request, place=place)
        return _told(idp, store, failed, actor, "run.handed_over", handed_to=platform)


def _mine(idp: Idp, id: int, actor: Actor) -> Request:
    """The request, if the actor is its requester, its beneficiary, or of the platform team."""
    with idp.database.reading() as store:
        request = requests.load(store, id)
    if request is None:
        raise NotFound(f"There is no request {id}.")
    if actor.person in {request.requester, request.beneficiary} | _platform(idp):
        return request
    reason = "Only who asked, and the platform team, may do this."
    with idp.database.store() as store:
        detail = {"refused": reason, "code": "not_mine"}
        audit.append(store, entry("run.refused", actor, request.target, id, detail), idp.now())
    raise NotAllowed(reason)


def _platform(idp: Idp) -> frozenset[str]:
    snapshot = current(idp)
    group = group_ref(snapshot, idp.platform_owner) if idp.platform_owner else ""
    return members(snapshot, group) if group else frozenset()


def _restart(store: Store, request: Request, states: set[State], **values: Any) -> int:
    """Take the request away from whoever held it; gives the number of the new attempt."""
    attempt = request.attempt + 1
    moved = requests.move(
        store, request.id, states=states, revision=request.revision, attempt=attempt, holder="", **values
    )
    if not moved:
        raise Conflict(f"Request {request.id} is {request.state}; somebody was faster, or there is nothing to do.")
    return attempt


def _told(idp: Idp, store: Store, request: Request, actor: Actor, what: str, **detail: Any) -> Request:
    redraw(idp, store, "request", request.id)
    after = requests.load(store, request.id) or request
    write_down(store, idp.now(), what, actor, request, before=request.state, after=after.state, **detail)
    return after
