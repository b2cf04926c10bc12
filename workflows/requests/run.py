"""Running what was agreed to: step by step, each written down before the next, started again wherever it stopped.

The rows are the journal. A start of the run takes the request (`holder`); an older start that is still alive on a
replica that was taken for dead notices at its next write that it was overtaken, and ends. A step that must be
tried again later is enqueued as a new turn, so that nothing waits in a thread.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from data.durations import spent
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.store import requests
from data.store.database import Store
from data.store.requests import Request
from data.store.requests import Step as StepRecord
from workflows.action import NotYet, Step, Work, actions
from workflows.journal import HOUSE, channel_key, redraw, show, write_down
from workflows.telling.places import platform_channel

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """A later start of the same run holds the request now."""


def run(idp: Idp, request: int, attempt: int) -> None:
    """The work "run": take the request, do what is left of its plan, tell how it ended."""
    held = _take(idp, request, attempt)
    if held is None:
        return
    action = actions().get(held.action)
    try:
        plan = _plan(idp, held)
        results = {step.name: step.result for step in plan if step.state == "done"}
        for step in (step for step in plan if step.state not in {"done", "skipped"}):
            known = action.step(step.name) if action else None
            if known is None:
                _fail(idp, held, step, None, f"This version of idp does not know the step {step.name!r}.")
                return
            if idp.engine.stopping:
                _again(idp, held, step, "", 0)
                return
            if not _do(idp, held, step, known, results):
                return
        _finish(idp, held)
    except Overtaken:
        log.info("run %d: overtaken at attempt %d", request, attempt)


def _take(idp: Idp, id: int, attempt: int) -> Request | None:
    """Become the one who may write; None when there is nothing to do (any more) for this attempt."""
    with idp.database.store() as store:
        request = requests.load(store, id)
        if request is None or request.attempt != attempt or request.state not in {"approved", "running"}:
            return None
        started = request.started_at or idp.now()
        values: dict[str, Any] = {"state": "running", "holder": uuid.uuid4().hex, "started_at": started}
        if not requests.move(store, id, states={"approved", "running"}, revision=request.revision, **values):
            return None
        if request.state == "approved":
            redraw(idp, store, "request", id)
            write_down(store, idp.now(), "run.started", HOUSE, request, attempt=attempt)
        return requests.load(store, id)


def _plan(idp: Idp, held: Request) -> tuple[StepRecord, ...]:
    with idp.database.reading() as store:
        return requests.steps(store, held.id)


def _do(idp: Idp, held: Request, step: StepRecord, known: Step, results: dict[str, Mapping[str, Any]]) -> bool:
    """One try of one step; True when it is done, with its result among the others."""
    tries = step.tries + 1
    if tries > known.retry.tries:
        _fail(idp, held, step, known, step.error or f"The process ended {step.tries} times in this step.")
        return False
    began = step.started_at or idp.now()
    mark(idp, held, step, unseen="waits" in step.result, state="running", tries=tries, started_at=began)
    try:
        result = known.run(replace(work_of(idp, held, results), kept=step.result))
    except NotYet as wait:
        _wait(idp, held, step, wait)
        return False
    except Unavailable as error:
        if tries >= known.retry.tries:
            _fail(idp, held, step, known, sentence(error))
        else:
            _again(idp, held, step, sentence(error), known.retry.wait(tries))
        return False
    except UserError as error:
        _fail(idp, held, step, known, sentence(error))
        return False
    except Exception:  # a bug in one action must end as a failed run with buttons, not as a run that hangs
        number = uuid.uuid4().hex[:8]
        log.exception("fault %s in request %d, step %s", number, held.id, step.name)
        _fail(idp, held, step, known, f"Something went wrong here that should not; it is noted as {number}.")
        return False
    results[step.name] = dict(result or {})
    mark(idp, held, step, state="done", finished_at=idp.now(), result=results[step.name], error="")
    return True


def work_of(idp: Idp, held: Request, results: Mapping[str, Mapping[str, Any]]) -> Work:
    """What a step is given."""
    return Work(idp, held, held.marker, dict(results))


def mark(idp: Idp, held: Request, step: StepRecord, unseen: bool = False, **values: Any) -> None:
    """Write down how far a step is, if this start still holds the run; `unseen` where the card says the same."""
    with idp.database.store() as store:
        hold(store, held)
        requests.set_step(store, held.id, step.position, **values)
        if not unseen:
            redraw(idp, store, "request", held.id)


def hold(store: Store, held: Request, **values: Any) -> None:
    """Change the request, if this start still holds it. Raises Overtaken, and the transaction is void."""
    if not requests.move(store, held.id, states={"running", "undoing"}, held_by=held.holder, **values):
        raise Overtaken


def _again(idp: Idp, held: Request, step: StepRecord, error: str, delay: float) -> None:
    """Go on later, as a new turn."""
    attempt = held.attempt + 1
    with idp.database.store() as store:
        hold(store, held, attempt=attempt)
        if error:
            requests.set_step(store, held.id, step.position, state="waiting", error=error)
        idp.engine.enqueue(store, "run", f"run:{held.id}:{attempt}", held.id, attempt, delay=delay)
        redraw(idp, store, "request", held.id)


def _wait(idp: Idp, held: Request, step: StepRecord, wait: NotYet) -> None:
    """Begin the step again later, without having failed. The card is drawn again only if it says something new."""
    attempt, shown = held.attempt + 1, {"waits": wait.reason, "mark": wait.mark}
    with idp.database.store() as store:
        hold(store, held, attempt=attempt)
        requests.set_step(
            store, held.id, step.position, state="waiting", tries=0, error="", result={**wait.kept, **shown}
        )
        idp.engine.enqueue(store, "run", f"run:{held.id}:{attempt}", held.id, attempt, delay=wait.seconds)
        if not shown.items() <= step.result.items():
            redraw(idp, store, "request", held.id)


def _fail(idp: Idp, held: Request, step: StepRecord, known: Step | None, error: str) -> None:
    """Stop with a sentence and buttons; the platform team hears of it too."""
    now = idp.now()
    with idp.database.store() as store:
        hold(store, held, state="failed", error=error, finished_at=now)
        requests.set_step(store, held.id, step.position, state="failed", error=error, finished_at=now)
        if known and known.given_up:
            known.given_up(idp, store, held)
        redraw(idp, store, "request", held.id)
        text = f"Request {held.id} ({held.title}) stopped at \u201c{step.title}\u201d: {error}"
        say(idp, store, held, f"failed:{held.attempt}", text)
        write_down(
            store, now, "run.failed", HOUSE, held, step=step.name, error=error, before="running", after="failed"
        )


def _finish(idp: Idp, held: Request) -> None:
    now = idp.now()
    with idp.database.store() as store:
        hold(store, held, state="done", finished_at=now, error="")
        redraw(idp, store, "request", held.id)
        took = (now - (held.started_at or now)) / timedelta(seconds=1)
        say(idp, store, held, "done", f"Request {held.id} ({held.title}) is done, after {spent(took)}.")
        write_down(store, now, "run.done", HOUSE, held, before="running", after="done")


def say(idp: Idp, store: Store, held: Request, occasion: str, text: str) -> None:
    """One line in the thread of the card, once for each occasion; not where only the requester is told."""
    action = actions().get(held.action)
    if action and action.quiet and not held.channel:
        return
    key, place = f"request:{held.id}:{occasion}", held.channel or platform_channel(idp, idp.catalog.snapshot)
    show(idp, store, key=key, kind="text", subject=held.id, place=place, thread_of=channel_key(held.id), text=text)


def sentence(error: UserError) -> str:
    """The error in one line."""
    return f"{error.message} {error.hint}".strip()
