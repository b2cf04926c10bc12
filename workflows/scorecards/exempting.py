"""An exemption: a check does not count for an entity until a day, agreed to as the policy says.

It ends by itself, it is shown wherever the check is shown, and it can be taken back.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Invalid, NotFound
from data.idp import Idp
from data.store import audit, checks
from data.store.checks import Exemption
from data.walltime import DAY, moment_of, wall_of
from workflows.action import Action, Draft, Form, Step, Work
from workflows.authority import email, judge, owner_ref
from workflows.decision import Decision
from workflows.digests.teams import zone_of_team
from workflows.fields import FromCatalog, Menu, Option, Values
from workflows.journal import HOUSE, entry
from workflows.scorecards.recording import record
from workflows.scorecards.results import RuleResult
from workflows.scorecards.scoring import score

POLICY = "exemption"
LONGEST = 366  # days


def _checks(idp: Idp, snapshot: Snapshot, _person: str, values: Values) -> Sequence[Option]:
    """The checks that do not pass, or all while nothing is chosen yet."""
    entity = snapshot.get(str(values.get("target") or ""))
    if entity is None:
        return [Option(rule.name, rule.title) for rule in idp.scorecards.rules.values()]
    results = _results(idp, snapshot, entity.ref)
    return [Option(each.rule.name, each.rule.title) for each in results if each.outcome != "pass"]


def _results(idp: Idp, snapshot: Snapshot, ref: str) -> list[RuleResult]:
    entity = snapshot.get(ref)
    return [each for one in score(idp, snapshot, entity) for each in one.results] if entity else []


class ExemptionForm(Form):
    """Which check of which service is not to count, and until when."""

    target: Annotated[str, FromCatalog(("Component",)), Field(title="Service")]
    rule: Annotated[str, Menu(_checks, depends=("target",)), Field(title="Check", max_length=60)]
    until: Annotated[date, Field(title="Until", description="The last day on which it does not count.")]


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: ExemptionForm) -> Draft:
    entity = snapshot.get(form.target)
    if entity is None:
        raise NotFound(f"{form.target} is not in the catalog.")
    result = next((each for each in _results(idp, snapshot, entity.ref) if each.rule.name == form.rule), None)
    if result is None:
        raise NotFound(f"The check {form.rule} does not apply to {entity.name}.", "/idp checks shows them all.")
    zone = _zone(idp, snapshot, entity)
    if not 0 < (form.until - wall_of(idp.now(), zone).date()).days <= LONGEST:
        raise Invalid("An exemption ends on a day within the next year.")
    return Draft(
        title=f"Exempt {entity.name} from “{result.rule.title}” until {form.until:%Y-%m-%d}",
        target=entity.ref,
        beneficiary=requester,
        email=email(snapshot, requester),
        points=(
            f"now: {result.outcome}",
            "shown beside the check, with the reason, for everybody",
            f"counts again after {form.until:%Y-%m-%d} ({zone.key})",
        ),
    )


def _zone(idp: Idp, snapshot: Snapshot, entity: Entity) -> ZoneInfo:
    """Of the team that owns it: the day ends for everybody when it ends there."""
    return zone_of_team(idp.digests, snapshot.get(owner_ref(snapshot, entity)))


def _end_of(idp: Idp, target: str, day: date) -> datetime:
    """When the day is over for the owner; where nobody knows the owner, or the entity is gone, as configured."""
    snapshot = idp.catalog.snapshot
    entity = snapshot.get(target)
    zone = _zone(idp, snapshot, entity) if entity else zone_of_team(idp.digests, None)
    return moment_of(datetime.combine(day + DAY, time()), zone)


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(idp, snapshot, policy=POLICY, requester=requester, target=draft.target, escalated=escalated)


def _exempt(work: Work) -> dict[str, Any]:
    idp, request = work.idp, work.request
    rule = str(request.parameters["rule"])
    until = _end_of(idp, request.target, date.fromisoformat(str(request.parameters["until"])))
    given = Exemption(request.id, request.target, rule, until, request.reason, request.requester, idp.now())
    with idp.database.store() as store:
        checks.exempt(store, given)
        detail = {"rule": rule, "until": until.isoformat()}
        audit.append(store, entry("check.exempted", HOUSE, request.target, request.id, detail), idp.now())
    record(idp, {request.target})
    return {"until": until.isoformat()}


def _take_back(work: Work) -> None:
    with work.idp.database.store() as store:
        checks.end_exemption(store, work.request.id, work.idp.now())
    record(work.idp, {work.request.target})


EXEMPT = Action(
    "exempt",
    "Exemption from a check",
    ExemptionForm,
    _draft,
    _policy,
    POLICY,
    (Step("exempt", "Set the check aside", _exempt, undo=_take_back),),
)
