"""One service follows its golden path to a newer version: its owners ask for the pull request."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Invalid, NotFound, UserError
from data.idp import Idp
from data.store.requests import Request
from workflows.action import Action, Draft, Form, NotYet, Step, Work
from workflows.authority import current, email, judge
from workflows.decision import Decision
from workflows.fields import FromCatalog
from workflows.templates.census import standing
from workflows.templates.merging import ENOUGH, OPEN, pace, seen
from workflows.templates.pulling import Opened, Upgrade, open_pull_request, withdraw
from workflows.templates.waves import summary, tell

POLICY = "template-update"


class UpdateForm(Form):
    """Which service, to which version of its golden path."""

    target: Annotated[str, FromCatalog(("Component",)), Field(title="Service")]
    version: Annotated[str, Field(title="To version", description="Empty: the newest.", max_length=100)] = ""


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: UpdateForm) -> Draft:
    entity = snapshot.get(form.target)
    stands = standing(idp, snapshot, entity) if entity else None
    if entity is None or stands is None:
        raise NotFound(f"{form.target} follows no golden path of ours.", "/idp templates lists them.")
    version = form.version or (stands.behind[-1].name if stands.behind else "")
    if not any(newer.name == version for newer in stands.behind or ()):
        raise Invalid(f"{entity.name} is not behind {version or 'its golden path'}.")
    path = idp.golden_paths.get(stands.follower.path)
    return Draft(
        title=f"Pull request for {entity.name}: {path.title} {version}",
        target=entity.ref,
        beneficiary=requester,
        email=email(snapshot, requester),
        points=(
            f"from {stands.follower.origin.version} to {version}",
            "nothing is merged by this: its owners do, and the thread hears of it",
        ),
    )


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(idp, snapshot, policy=POLICY, requester=requester, target=draft.target, escalated=escalated)


def _open(work: Work) -> Mapping[str, Any]:
    entity, to = _meant(work.idp, work.request)
    opened = open_pull_request(work.idp, current(work.idp), entity, to)
    tell(work, summary(work.idp.catalog.snapshot, [opened]), "opened")
    return {
        "pull_request": opened.where,
        "state": opened.state,
        "conflicts": opened.conflicts,
        "path": to.path.id,
        "version": to.version,
    }


def _follow(work: Work) -> Mapping[str, Any]:
    """Until it is merged or closed, or a person says that nobody waits for it. Raises NotYet meanwhile."""
    idp, result = work.idp, work.results["open"]
    snapshot, to = current(idp), _opened_for(work)
    before = Opened(work.request.target, result["state"], result["pull_request"], result["conflicts"])
    now = seen(idp, snapshot, before, to)
    if now.state in OPEN:
        _wait_for(work, now)
    elif now.state != before.state:
        tell(work, summary(snapshot, [now]), "settled")
        _have_it_read(work)
    return {"state": now.state, "pull_request": now.where}


def _wait_for(work: Work, opened: Opened) -> None:
    """Raises NotYet while it is waited for; else the thread hears that it is not any more."""
    began = datetime.fromisoformat(work.kept.get("since") or work.idp.now().isoformat())
    age = work.idp.now() - began
    if not work.kept.get("told") and age < ENOUGH:
        kept = {"since": began.isoformat(), "last": True}
        raise NotYet(f"{opened.where} is open", pace(age), kept, mark="1")
    tell(work, f"{opened.where} is still open; nobody is told any more what becomes of it.", "left")


def _have_it_read(work: Work) -> None:
    """The catalog knows what a service follows by reading its files: not later than it has to."""
    entity = work.idp.catalog.snapshot.get(work.request.target)
    if entity is not None:
        with suppress(UserError):  # the next sync comes by itself
            work.idp.request_sync(entity.source)


def _opened_for(work: Work) -> Upgrade:
    """What the first step has settled, although newer versions may have come since."""
    result = work.results["open"]
    return Upgrade(work.idp.golden_paths.get(str(result["path"])), str(result["version"]), work.request.id)


def _meant(idp: Idp, request: Request) -> tuple[Entity, Upgrade]:
    snapshot = current(idp)
    entity = snapshot.get(request.target)
    stands = standing(idp, snapshot, entity) if entity else None
    if entity is None or stands is None:
        raise NotFound(f"{request.target} follows no golden path of ours any more.")
    path = idp.golden_paths.get(stands.follower.path)
    version = str(request.parameters.get("version") or "")
    newest = stands.behind[-1].name if stands.behind else stands.follower.origin.version
    return entity, Upgrade(path, version or newest, request.id)


def _close(work: Work) -> None:
    entity, to = _meant(work.idp, work.request)
    if "version" in work.results.get("open", {}):
        to = _opened_for(work)
    withdraw(work.idp, current(work.idp), entity, to)


STEPS = (
    Step("open", "Open the pull request", _open, undo=_close),
    Step("follow", "Wait until it is merged or closed", _follow),
)

UPDATE = Action("template-update", "Follow a golden path", UpdateForm, _draft, _policy, POLICY, STEPS)
