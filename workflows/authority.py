"""Reads who people are and what they may do out of the catalog and the rota, at the moment it is asked."""

import re
from collections.abc import Iterator
from datetime import timedelta

from data.catalog.entity import Entity, parse_ref
from data.catalog.snapshot import Snapshot
from data.errors import Invalid, Unavailable
from data.idp import Idp
from data.ports.oncall import Rotas, Shift
from data.store.catalog import catalog_version
from workflows.decision import Decision, Facts, Team, refusal
from workflows.directories import unsure
from workflows.policy import decide

ROTA_AGE = timedelta(minutes=15)  # a rota that could not be asked for longer does not open doors

_TIER = re.compile(r"(?:tier[ _-]?)?([1-9])", re.IGNORECASE)


def current(idp: Idp) -> Snapshot:
    """The read model at the version that the database has now, rebuilt first if it has moved.

    Decisions use this, so that somebody who left a group a moment ago no longer counts.
    """
    with idp.database.reading() as store:
        version = catalog_version(store)
    if idp.catalog.snapshot.version != version:
        idp.catalog.refresh()
    return idp.catalog.snapshot


def judge(
    idp: Idp,
    snapshot: Snapshot,
    *,
    policy: str,
    requester: str,
    target: str,
    beneficiary: str = "",
    environment: str = "",
    duration: int = 0,
    break_glass: bool = False,
    escalated: bool = False,
    template: str = "",
    held: int = 0,
) -> Decision:
    """Gather the facts and decide. Unknown policies, people and targets are refused with a reason.

    `requester`, `beneficiary` (default: the requester) and `target` are canonical references.
    """
    written = idp.policies.get(policy)
    if written is None:
        return refusal(f"There is no policy {policy}, so nobody may do this.")
    entity = snapshot.get(target)
    if entity is None:
        return refusal(f"{target or 'What this is for'} is not in the catalog.", f"policy {policy}")
    beneficiary = beneficiary or requester
    known = known_person(snapshot, requester) and known_person(snapshot, beneficiary)
    barred = frozenset({requester, beneficiary})
    facts = Facts(
        requester=requester,
        beneficiary=beneficiary,
        environment=environment,
        duration=duration,
        tier=tier(entity),
        groups=groups(snapshot, requester) if known else None,
        beneficiary_groups=groups(snapshot, beneficiary) if known else None,
        on_call=on_call(idp, snapshot, requester, entity),
        teams={word: stand_ins(idp, snapshot, word, entity, barred) for word in (*written.words, "owners")},
        named={name: group_ref(snapshot, name) for name in written.groups},
        break_glass=break_glass,
        escalated=escalated,
        template=template,
        held=held,
    )
    decision = decide(written, facts)
    judged_by = [*(team.ref for team in decision.teams), *facts.named.values()]
    unknown = (
        "" if break_glass else unsure(idp, snapshot, judged_by)
    )  # in an emergency the last that is known counts
    return refusal(unknown, f"policy {policy}") if unknown else decision


def known_person(snapshot: Snapshot, person: str) -> bool:
    """Whether the catalog has this User now."""
    entity = snapshot.get(person)
    return entity is not None and entity.kind.lower() == "user"


def members(snapshot: Snapshot, group: str, below: bool = True) -> frozenset[str]:
    """References of the User entities in a group and, with `below`, in the groups below it."""
    people: set[str] = set()
    for ref in _reach(snapshot, group, "parentOf") if below else (group,):
        people |= set(_linked(snapshot, ref, "hasMember", "user"))
    return frozenset(people)


def groups(snapshot: Snapshot, person: str) -> frozenset[str]:
    """References of the groups of a person, those above included."""
    direct = _linked(snapshot, person, "memberOf", "group")
    return frozenset(ref for group in direct for ref in _reach(snapshot, group, "childOf"))


def group_ref(snapshot: Snapshot, name: str) -> str:
    """The canonical reference of a group that a policy names, "" when the catalog has no such group."""
    try:
        ref = str(parse_ref(name, "group"))
    except Invalid:
        return ""
    entity = snapshot.get(ref)
    return ref if entity is not None and entity.kind.lower() == "group" else ""


def stand_ins(idp: Idp, snapshot: Snapshot, word: str, entity: Entity, barred: frozenset[str]) -> tuple[Team, ...]:
    """The team that a word of a policy means and, in order, those who stand in when nobody in it may agree.

    They are the people directly in the groups above it, and in the end the platform group. A team that only
    probably is the owner has no members: unknown people give no approval.
    """
    meant = owner_ref(snapshot, entity) if word == "owners" else group_ref(snapshot, word)
    first = Team(word, meant, people_of(snapshot, meant) - barred)
    above = dict.fromkeys([*_above(snapshot, meant), group_ref(snapshot, idp.platform_owner)])
    others = (ref for ref in above if ref and ref != meant)
    return (
        first,
        *(Team(word, ref, members(snapshot, ref, below=False) - barred, meant or word) for ref in others),
    )


def owner_ref(snapshot: Snapshot, entity: Entity) -> str:
    """The owner of an entity, "" unless it is declared and in the catalog. A group owns itself."""
    if entity.kind.lower() == "group":
        return entity.ref
    owner = snapshot.owner(entity)
    return owner.ref if owner.entity is not None and owner.certainty == "declared" else ""


def people_of(snapshot: Snapshot, owner: str) -> frozenset[str]:
    """The people behind an owner, which is a group or one person."""
    return frozenset({owner}) if known_person(snapshot, owner) else members(snapshot, owner)


def tier(entity: Entity) -> int | None:
    """How critical an entity is, 1 most: label `tier`, annotation `idp/tier` or `spec.tier`. 0: not stated."""
    details = entity.details()
    places = (details.get("labels", {}), details.get("annotations", {}), details.get("spec", {}))
    for place, key in zip(places, ("tier", "idp/tier", "tier"), strict=True):
        stated = place.get(key)
        if stated is not None:
            read = _TIER.fullmatch(str(stated).strip())
            return int(read[1]) if read else None
    return 0


def on_call(idp: Idp, snapshot: Snapshot, person: str, entity: Entity) -> frozenset[int] | None:
    """Levels on which a person is on call for an entity or its owner now; None: not known for sure."""
    now = idp.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    try:
        rotas = idp.oncall.rotas(hour, hour + timedelta(hours=1))
    except Unavailable:
        return None
    if rotas.failures and now - rotas.as_of > ROTA_AGE:
        return None
    shifts = _shifts(rotas, entity.ref, owner_ref(snapshot, entity))
    levels = frozenset(s.level for s in shifts if s.start <= now < s.end and _is(s, person, snapshot))
    return levels if levels or not rotas.failures else None


def _shifts(rotas: Rotas, *covered: str) -> Iterator[Shift]:
    for schedule in (schedule for ref in covered if ref for schedule in rotas.covering.get(ref, ())):
        yield from rotas.by_schedule.get((schedule.source, schedule.name), ())


def _is(shift: Shift, person: str, snapshot: Snapshot) -> bool:
    if shift.email and shift.email.casefold() == email(snapshot, person):
        return True
    try:
        return str(parse_ref(shift.person, "user")) == person
    except Invalid:
        return False


def email(snapshot: Snapshot, person: str) -> str:
    """The e-mail address of a User entity in lower case, "" when the catalog has none."""
    entity = snapshot.get(person)
    return str(entity.details().get("profile", {}).get("email", "")).casefold() if entity else ""


def _above(snapshot: Snapshot, ref: str) -> list[str]:
    """The groups above a group (or those of a person), the nearest first."""
    kind = "memberOf" if ref.startswith("user:") else "childOf"
    return [found for near in _linked(snapshot, ref, kind, "group") for found in _reach(snapshot, near, "childOf")]


def _reach(snapshot: Snapshot, start: str, relation: str) -> list[str]:
    """The group itself and all groups that the relation leads to, nearest first; circles are walked once."""
    found = [start]
    for ref in found:
        found += [other for other in _linked(snapshot, ref, relation, "group") if other not in found]
    return found


def _linked(snapshot: Snapshot, ref: str, relation: str, kind: str) -> list[str]:
    """References of what exists at the other end of a relation."""
    links = snapshot.links(ref) if ref else ()
    return [k.ref for k in links if k.type == relation and k.entity is not None and k.entity.kind.lower() == kind]
