"""One service follows its golden path to a newer version: its owners ask for the pull request."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Invalid, NotFound
from data.idp import Idp
from data.store.requests import Request
from workflows.action import Action, Draft, Form, Step, Work
from workflows.authority import current, email, judge
from workflows.decision import Decision
from workflows.fields import FromCatalog
from workflows.templates.census import standing
from workflows.templates.pulling import Upgrade, open_pull_request, withdraw
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
        points=(f"from {stands.follower.origin.version} to {version}", "nothing is merged by this"),
    )


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(idp, snapshot, policy=POLICY, requester=requester, target=draft.target, escalated=escalated)


def _open(work: Work) -> Mapping[str, Any]:
    entity, to = _meant(work.idp, work.request)
    opened = open_pull_request(work.idp, current(work.idp), entity, to)
    tell(work, summary(work.idp.catalog.snapshot, [opened]), "opened")
    return {"pull_request": opened.where, "state": opened.state, "conflicts": opened.conflicts}


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
    withdraw(work.idp, current(work.idp), entity, to)


STEPS = (Step("open", "Open the pull request", _open, undo=_close),)

UPDATE = Action("template-update", "Follow a golden path", UpdateForm, _draft, _policy, POLICY, STEPS)
