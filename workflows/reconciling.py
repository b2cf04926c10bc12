"""Makes rows and work agree: at start, hourly, and in between. The rows are right; what has no work gets it.

This heals whatever a crash has left behind.
"""

from data.idp import Idp
from data.store import grants, messages, requests
from data.store.requests import Request
from workflows.access.extending import arm
from workflows.access.watching import GRACE, SLOT
from workflows.requests.waiting import expire
from workflows.telling.manners import manner_of

ALL = 1_000_000  # no limit, as a number


def reconcile(idp: Idp, slot: str = "") -> None:  # noqa: ARG001  # the slot only names the work
    """The work "reconcile"."""
    with idp.database.reading() as store:
        running = requests.find(store, states={"approved", "running", "undoing"}, limit=ALL)
        pending = requests.find(store, states={"pending"}, limit=ALL)
    states = idp.engine.states([_work_of(request) for request in running])
    for request in running:
        if states.get(_work_of(request)) not in {"waiting", "running"}:
            _restart(idp, request)
    now = idp.now()
    for request in pending:
        if now >= request.expires_at + GRACE:
            expire(idp, request.id)
    _timers(idp, [request for request in pending if now < request.expires_at])


def _timers(idp: Idp, pending: list[Request]) -> None:
    """Timers and deliveries that are missing. Few at a time: others want to write, too."""
    now = idp.now()
    with idp.database.reading() as store:
        live, stale = grants.live(store), messages.overdue(store, now - GRACE)
    waiting = {f"expire:{request.id}": request for request in pending}
    known = idp.engine.states(waiting)
    missing = [request for name, request in waiting.items() if name not in known]
    for request in missing:
        left = (request.expires_at - now).total_seconds()
        with idp.database.store() as store:
            idp.engine.enqueue(store, "expire", f"expire:{request.id}", request.id, delay=left)
    for grant in live:
        with idp.database.store() as store:
            arm(idp, store, grant)
    for message in stale:
        name = f"deliver:{message.id}:again:{int(now.timestamp()) // SLOT}"
        with idp.database.store() as store:
            idp.engine.enqueue(store, manner_of(message.kind).work, name, message.id)


def _work_of(request: Request) -> str:
    return f"{'undo' if request.state == 'undoing' else 'run'}:{request.id}:{request.attempt}"


def _restart(idp: Idp, request: Request) -> None:
    """The work of this request has ended without an end in its row: a new turn."""
    attempt, work = request.attempt + 1, "undo" if request.state == "undoing" else "run"
    with idp.database.store() as store:
        moved = requests.move(
            store, request.id, states={request.state}, revision=request.revision, attempt=attempt
        )
        if moved:
            idp.engine.enqueue(store, work, f"{work}:{request.id}:{attempt}", request.id, attempt)
