"""The pull request with which a service was last to follow a newer version, as its request has written it down."""

from dataclasses import dataclass
from datetime import datetime

from data.idp import Idp
from data.store import requests
from workflows.templates.following import UPDATE
from workflows.templates.merging import OPEN
from workflows.templates.pulling import State


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of it. `where` is its page or its number, `at` when the request last heard of it."""

    request: int
    version: str
    state: State
    where: str
    at: datetime

    @property
    def is_open(self) -> bool:
        """Whether somebody can still merge it, as far as the request has followed it."""
        return self.state in OPEN


def last_proposed(idp: Idp, entity: str) -> Proposed | None:
    """The newest one of a service (canonical reference); None where there is none, or it is not opened yet."""
    with idp.database.reading() as store:
        found = requests.find(store, states=("running", "done"), target=entity, action=UPDATE.name, limit=1)
        steps = {step.name: step for step in requests.steps(store, found[0].id)} if found else {}
    opened, followed = steps.get("open"), steps.get("follow")
    if opened is None or opened.state != "done" or "version" not in opened.result:
        return None
    newest = followed if followed and followed.state == "done" else opened
    state, where = newest.result["state"], str(newest.result["pull_request"])
    at = newest.finished_at or idp.now()
    return Proposed(found[0].id, str(opened.result["version"]), state, where, at)
