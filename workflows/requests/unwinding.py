"""Taking away what a run made, the last step first, and nothing else."""

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from data.errors import UserError
from data.idp import Idp
from data.store import requests
from data.store.requests import Request
from data.store.requests import Step as StepRecord
from workflows.action import Action, Work, actions
from workflows.journal import HOUSE, redraw, write_down
from workflows.requests.run import Overtaken, hold, mark, say, sentence, work_of

log = logging.getLogger(__name__)


def unwind(idp: Idp, request: int, attempt: int) -> None:
    """The work "undo": take away what the run made, the last step first."""
    held = _take_undo(idp, request, attempt)
    if held is None:
        return
    action = actions().get(held.action)
    try:
        while step := _last(idp, held):
            if not _undo_step(idp, held, step, action):
                return
        now = idp.now()
        with idp.database.store() as store:
            hold(store, held, state="undone", finished_at=now)
            redraw(idp, store, "request", held.id)
            say(idp, store, held, f"undone:{held.attempt}", f"Request {held.id}: what was made is taken away.")
            write_down(store, now, "run.undone", HOUSE, held, before="undoing", after="undone")
    except Overtaken:
        log.info("undo %d: overtaken at attempt %d", request, attempt)


def _take_undo(idp: Idp, id: int, attempt: int) -> Request | None:
    with idp.database.store() as store:
        request = requests.load(store, id)
        if request is None or request.attempt != attempt or request.state != "undoing":
            return None
        mine = uuid.uuid4().hex
        if not requests.move(store, id, states={"undoing"}, revision=request.revision, holder=mine):
            return None  # another start of the same was faster
        return requests.load(store, id)


def _last(idp: Idp, held: Request) -> StepRecord | None:
    with idp.database.reading() as store:
        made = [s for s in requests.steps(store, held.id) if s.state in {"done", "failed", "running"} and s.tries]
    return made[-1] if made else None


def _results(idp: Idp, held: Request) -> dict[str, Mapping[str, Any]]:
    with idp.database.reading() as store:
        return {step.name: step.result for step in requests.steps(store, held.id) if step.state == "done"}


def _undo_step(idp: Idp, held: Request, step: StepRecord, action: Action | None) -> bool:
    known = action.step(step.name) if action else None
    undo: Callable[[Work], None] | None = known.undo if known else None
    try:
        if undo:
            undo(work_of(idp, held, _results(idp, held)))
    except UserError as error:
        _undo_failed(idp, held, step, sentence(error))
        return False
    except Exception:  # as above: it ends with a sentence and buttons
        number = uuid.uuid4().hex[:8]
        log.exception("fault %s undoing request %d, step %s", number, held.id, step.name)
        _undo_failed(idp, held, step, f"Something went wrong here that should not; it is noted as {number}.")
        return False
    mark(idp, held, step, state="undone" if undo else "skipped", finished_at=idp.now())
    return True


def _undo_failed(idp: Idp, held: Request, step: StepRecord, error: str) -> None:
    now = idp.now()
    with idp.database.store() as store:
        hold(
            store, held, state="failed", error=f"Not undone at \u201c{step.title}\u201d: {error}", finished_at=now
        )
        redraw(idp, store, "request", held.id)
        write_down(store, now, "run.undo_failed", HOUSE, held, step=step.name, error=error, after="failed")
