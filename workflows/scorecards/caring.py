"""What people say about a single check of a single entity: mine, later, not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid, NotAllowed, NotFound
from data.idp import Idp
from data.scorecards.rules import Rule
from data.store import audit, checks
from data.store.database import Store
from workflows.authority import current, groups, known_person
from workflows.digests.redrawing import redraw_tasks
from workflows.journal import Actor, entry, name_of
from workflows.scorecards.recording import record
from workflows.scorecards.scoring import result_of

LONGEST_SNOOZE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule of one entity, by canonical reference and name of the rule."""

    entity: str
    rule: str


def the_rule(idp: Idp, name: str) -> Rule:
    """The rule of this name. Raises NotFound."""
    rule = idp.scorecards.rules.get(name)
    if rule is None:
        raise NotFound(f"There is no check {name}.", "/idp checks shows them all.")
    return rule


def claim(idp: Idp, about: Checked, actor: Actor) -> None:
    """The actor takes care of it.

    Raises NotFound, NotAllowed (not of the owning team), Conflict (somebody does already, or it passes).
    """
    _must_fail(idp, _may_care(idp, current(idp), about, actor), about)
    with idp.database.store() as store:
        holder = checks.claim(store, about.entity, about.rule, actor.person, idp.now())
        if holder != actor.person:
            raise Conflict(f"{name_of(idp, holder)} takes care of {about.rule} already.")
        redraw_tasks(idp, store, {about.entity})
        _write_down(idp, store, "check.claimed", actor, about)


def unclaim(idp: Idp, about: Checked, actor: Actor) -> None:
    """Somebody else may take care of it."""
    _may_care(idp, current(idp), about, actor)
    with idp.database.store() as store:
        if not checks.unclaim(store, about.entity, about.rule):
            raise Conflict("Nobody takes care of it.")
        redraw_tasks(idp, store, {about.entity})
        _write_down(idp, store, "check.unclaimed", actor, about)


def snooze(idp: Idp, about: Checked, until: datetime, actor: Actor) -> None:
    """Nobody is reminded until then (at most 90 days). Raises NotFound, NotAllowed, Conflict (passes), Invalid."""
    _must_fail(idp, _may_care(idp, current(idp), about, actor), about)
    now = idp.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("A check can be snoozed for 90 days at most.", "For longer, ask for an exemption.")
    with idp.database.store() as store:
        checks.snooze(store, about.entity, about.rule, until=until, person=actor.person, now=now)
        redraw_tasks(idp, store, {about.entity})
        _write_down(idp, store, "check.snoozed", actor, about, until=until.isoformat())


def end_exemption(idp: Idp, request: int, actor: Actor) -> None:
    """A check counts again before its exemption ends. Raises NotFound, NotAllowed."""
    with idp.database.reading() as store:
        given = checks.exemption(store, request)
    if given is None or given.ended_at is not None or given.until <= idp.now():
        raise NotFound(f"There is no exemption #{request} in force.")
    about = Checked(given.entity, given.rule)
    _may_care(idp, current(idp), about, actor)
    with idp.database.store() as store:
        checks.end_exemption(store, request, idp.now())
        _write_down(idp, store, "check.exemption.ended", actor, about, request=request)
    record(idp, {given.entity})


def _may_care(idp: Idp, snapshot: Snapshot, about: Checked, actor: Actor) -> Entity:
    """The entity, for the owning team, those above it, the owner in person, and the platform team."""
    the_rule(idp, about.rule)
    entity = snapshot.get(about.entity)
    if entity is None:
        raise NotFound(f"{about.entity} is not in the catalog.")
    owner = snapshot.owner(entity)
    ours = {actor.person, *groups(snapshot, actor.person)} if known_person(snapshot, actor.person) else set()
    if not ours & {owner.ref, idp.platform_owner} - {""}:
        whose = owner.entity.label if owner.entity else "its owner, who is not known"
        raise NotAllowed(f"Only {whose} can say this about {entity.name}.", "Ask them, or the platform team.")
    return entity


def _must_fail(idp: Idp, entity: Entity, about: Checked) -> None:
    """The message that was pressed may be older than what mended it: it is drawn again, and nothing else changes.

    Raises Conflict when the check passes now, NotFound when it is not for this entity.
    """
    rule, now = the_rule(idp, about.rule), result_of(idp, entity, about.rule)
    if now is None:
        raise NotFound(f"The check “{rule.title}” is not for {entity.name}.", "/idp checks shows them all.")
    if now.outcome == "pass":
        with idp.database.store() as store:
            redraw_tasks(idp, store, {entity.ref})
        raise Conflict(f"“{rule.title}” of {entity.name} passes already: nothing is left to do. Thank you!")


def _write_down(idp: Idp, store: Store, what: str, actor: Actor, about: Checked, **detail: object) -> None:
    audit.append(store, entry(what, actor, about.entity, 0, {"rule": about.rule, **detail}), idp.now())
