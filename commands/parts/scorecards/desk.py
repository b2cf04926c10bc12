"""One's own desk: services with their level, what waits, what one has for a while, when one is on call."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from commands.parts.ask import Ask
from commands.parts.owners.shifts import shifts_of
from commands.parts.reply import Button, Buttons, Md, Note, Part, Rows, Section, md
from commands.parts.scorecards.scores import titled
from commands.parts.texts.labels import cut, plural, what
from commands.parts.texts.refs import label, moment, person_name
from commands.parts.typed.me import groups_of, owned_by
from data.catalog.entity import Entity
from data.errors import UserError
from data.store import grants
from data.store.grants import Grant
from data.store.requests import Request
from workflows.requests.waiting_for import waiting_for
from workflows.scorecards.results import Score
from workflows.scorecards.scoring import team_scores

SERVICES, WAITING, HELD = 25, 8, 8

Piece = tuple[Sequence[Part], Mapping[str, Any]]


def pieces(ask: Ask, person: Entity) -> Iterator[Piece]:
    """Each piece of the desk with its facts; one that cannot be known now says so, and the others stand."""
    for make in (_approvals, _access, _shift, _services):
        yield _guarded(ask, person, make)


def _guarded(ask: Ask, person: Entity, make: Callable[[Ask, Entity], Piece]) -> Piece:
    try:
        return make(ask, person)
    except UserError as error:
        return [Note(md("{} {}", error.message, error.hint))], {}


def _approvals(ask: Ask, person: Entity) -> Piece:
    """What waits for my approval."""
    found = waiting_for(ask.idp, ask.snapshot, person.ref) if ask.idp.policies else []
    if not found:
        return [], {"approvals": []}
    lines = [_request(ask, request) for request in found[:WAITING]]
    look = Buttons([Button(f"Look at #{request.id}", f"requests {request.id}") for request in found[:5]])
    parts: list[Part] = [
        Section(md("*Waits for your approval* ({})", len(found))),
        Rows(lines, len(found) - len(lines), "approvals"),
    ]
    return [*parts, look], {"approvals": [request.id for request in found]}


def _request(ask: Ask, request: Request) -> Md:
    who, until = person_name(ask.snapshot, request.requester), moment(request.expires_at)
    return md("• #{} *{}* for {}, until {}", request.id, cut(request.title, 120), who, until)


def _access(ask: Ask, person: Entity) -> Piece:
    """What I may do for a while, and how long still."""
    with ask.idp.database.reading() as store:
        held = grants.of_person(store, person.ref)
    if not held:
        return [], {"grants": []}
    lines = [_grant(ask, grant) for grant in held[:HELD]]
    done = [Button(f"I’m done with #{grant.id}", deed="done", about=str(grant.id)) for grant in held[:5]]
    parts: list[Part] = [
        Section(md("*Your access* ({})", len(held))),
        Rows(lines, len(held) - len(lines), "access mine"),
    ]
    return [*parts, Buttons(done)], {"grants": [grant.id for grant in held]}


def _grant(ask: Ask, grant: Grant) -> Md:
    what = md("• *{}* in {}", label(ask.snapshot, grant.target), grant.environment)
    if grant.state == "ending":
        return md("{}: being taken away", what)
    if not grant.given_at:
        return md("{}: being given", what)
    return md("{}: {} left, until {}", what, time_left(grant.due_at - ask.now), moment(grant.due_at))


def time_left(left: timedelta) -> str:
    """Coarser the longer it is, so that a page that is looked at all day need not change every minute."""
    minutes = max(0, int(left.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return plural(minutes // (24 * 60), "day")
    if minutes >= 120:
        return plural(minutes // 60, "hour")
    return plural(minutes if minutes < 10 else minutes - minutes % 5, "minute")


def _shift(ask: Ask, person: Entity) -> Piece:
    """My next shift, or the one that I am in."""
    reply = shifts_of(ask, person)
    shifts: Sequence[Mapping[str, Any]] = reply.data.get("shifts") or ()
    rows = next((part for part in reply.parts if isinstance(part, Rows)), None)
    if not shifts or rows is None:
        return [], {"shift": None}
    now = _began(shifts[0]) <= ask.now
    title = Md("*You are on call*") if now else Md("*Your next shift*")
    return [Section(md("{}\n{}", title, rows.lines[0]))], {"shift": shifts[0]}


def _began(shift: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(shift["start"]))


def _services(ask: Ask, person: Entity) -> Piece:
    """What I and my teams own, with its level; what has open checks comes first."""
    owners = [person, *groups_of(ask, person)]
    things = {each.ref: each for owner in owners for each in owned_by(ask, owner)}
    if not things:
        return [], {"services": []}
    scores: dict[str, list[Score]] = defaultdict(list)
    for owner in owners if ask.idp.scorecards.cards else ():
        for score in team_scores(ask.idp, ask.snapshot, owner.ref):
            scores[score.entity].append(score)
    ordered = sorted(things.values(), key=lambda each: -sum(len(score.failing) for score in scores[each.ref]))
    lines = [_service(ask, each, scores[each.ref]) for each in ordered[:SERVICES]]
    head = Section(md("*What you look after* ({})", len(ordered)))
    data = [{"ref": each.ref, "levels": {s.card.name: s.level for s in scores[each.ref]}} for each in ordered]
    return [head, Rows(lines, len(ordered) - len(lines), "mine")], {"services": data}


def _service(ask: Ask, entity: Entity, scores: Sequence[Score]) -> Md:
    levels = [md(" · {}{}", titled(ask, score.card.name), _level(score)) for score in scores]
    return md("• *{}* ({}){}", entity.name, what(entity), Md("".join(levels)))


def _level(score: Score) -> str:
    level = score.level or "no level yet"
    todo = f", {plural(len(score.failing), 'open check')}" if score.failing else ""
    return f"{level}{todo}"
