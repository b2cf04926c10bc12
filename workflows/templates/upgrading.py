"""A version of a golden path goes to the services that follow it: one pull request each, wave by wave."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from data.catalog.snapshot import Snapshot
from data.errors import Invalid, NotFound
from data.idp import Idp
from workflows.action import Action, Draft, Form, Step, Work
from workflows.authority import current, email, judge
from workflows.decision import Decision
from workflows.fields import Menu, Option, Values
from workflows.templates.census import PathCensus, census
from workflows.templates.pulling import Upgrade
from workflows.templates.waves import SIZE, listed, roll_out, withdraw_all

POLICY = "template-upgrade"
AFTER_EACH = "each wave waits until the pull requests of the one before are merged or closed, or you say go on"
MOST = 500  # services in one request


def _paths(idp: Idp, _snapshot: Snapshot, _person: str, _values: Values) -> Sequence[Option]:
    return [Option(path.id, path.title) for path in idp.golden_paths.all()]


def _versions(idp: Idp, snapshot: Snapshot, _person: str, values: Values) -> Sequence[Option]:
    found = census(idp, snapshot).of(str(values.get("template", "")))
    return [Option(each.name, each.name) for each in reversed(found.versions)] if found else []


class UpgradeForm(Form):
    """Which golden path, to which version, and how many services at a time."""

    template: Annotated[str, Menu(_paths), Field(title="Golden path")]
    version: Annotated[str, Menu(_versions, depends=("template",)), Field(title="To version", max_length=100)]
    wave: Annotated[
        int, Field(title="In waves of", description="A wave that mostly fails stops the rest.", ge=1, le=50)
    ] = SIZE
    at_once: Annotated[
        bool,
        Field(
            title="All waves at once",
            description="Else each waits until the pull requests of the one before are merged or closed.",
        ),
    ] = False


def counted(idp: Idp, snapshot: Snapshot, template: str, version: str) -> PathCensus:
    """The census of a golden path that has this version. Raises NotFound."""
    found = census(idp, snapshot).of(template)
    if found is None:
        idp.golden_paths.get(template)  # says which there are
        raise NotFound(f"There is no golden path {template}.")
    names = [each.name for each in found.versions]
    if version not in names:
        known = f"Known: {', '.join(names[-5:])}." if names else "None has been found yet; look again in a minute."
        raise NotFound(f"{found.path.title} has no version {version}.", known)
    return found


def takers(found: PathCensus, version: str) -> list[str]:
    """References of the services to which this version is new."""
    return sorted(
        each.follower.entity.ref
        for each in found.standings
        if any(newer.name == version for newer in each.behind or ())
    )


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: UpgradeForm) -> Draft:
    found = counted(idp, snapshot, form.template, form.version)
    services = takers(found, form.version)
    if not services:
        raise Invalid(f"No service that follows {found.path.title} is behind {form.version}.")
    waves = -(-len(services) // form.wave)
    return Draft(
        title=f"Upgrade {_some(len(services), 'service')} to {found.path.title} {form.version}",
        target=found.path.owner or idp.platform_owner,
        beneficiary=requester,
        email=email(snapshot, requester),
        points=(
            f"a pull request for each of: {listed(snapshot, services)}",
            f"{_some(waves, 'wave')} of up to {form.wave}; one that mostly fails stops the rest",
            "all waves at once" if form.at_once else AFTER_EACH,
            _foreseen(found, services),
            "nothing is merged by this: the owners of each service do",
        ),
    )


def _foreseen(found: PathCensus, services: Sequence[str]) -> str:
    checks = [each.check for each in found.standings if each.follower.entity.ref in set(services)]
    clean = sum(check is not None and check.outcome == "clean" for check in checks)
    conflicts = sum(check is not None and check.outcome == "conflicts" for check in checks)
    unknown = len(checks) - clean - conflicts
    return f"by the last look: {clean} clean, {conflicts} with conflicts, {unknown} unknown"


def _some(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(idp, snapshot, policy=POLICY, requester=requester, target=draft.target, escalated=escalated)


def _choose(work: Work) -> Mapping[str, Any]:
    """Who takes part is settled at the beginning; a later run finds those who came later."""
    to = _asked(work)
    services = takers(counted(work.idp, current(work.idp), to.path.id, to.version), to.version)
    return {"services": services[:MOST]}


def _asked(work: Work) -> Upgrade:
    parameters = work.request.parameters
    path = work.idp.golden_paths.get(str(parameters["template"]))
    return Upgrade(path, str(parameters["version"]), work.request.id)


def _open(work: Work) -> Mapping[str, Any]:
    return roll_out(work, _asked(work))


def _close(work: Work) -> None:
    withdraw_all(work, _asked(work))


UPGRADE_STEPS = (
    Step("choose", "Choose the services", _choose),
    Step("open", "Open the pull requests, wave by wave", _open, undo=_close),
)

UPGRADE = Action("template-upgrade", "Upgrade services", UpgradeForm, _draft, _policy, POLICY, UPGRADE_STEPS)
