"""/idp policy: which rule decides, who may approve, and what it would say to somebody else."""

from collections.abc import Sequence
from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.refs import label, people_names, person_name
from commands.parts.typed.me import myself
from commands.parts.typed.naming import the_entity
from commands.parts.typed.numbers import duration_in, the_colleague
from data.durations import say_duration
from data.errors import Invalid, NotFound
from data.policies import Policy
from data.store import requests as rows
from workflows.action import actions
from workflows.authority import judge
from workflows.decision import Decision
from workflows.requests.deciding import draft_of

ALIASES = {"access": "prod-access"}


@command(
    "policy",
    group="ADMIN",
    order=1,
    usage="policy explain <id> | explain <action> <name> [environment] [duration] | simulate \u2026 as <person>",
    example="policy explain access checkout prod 1h",
)
def policy(ask: Ask) -> Reply:
    """Which rule decides, why, and who may approve: for you, or (simulate … as ben) for somebody else.

    Nothing is asked for by this.
    --json: policy, effect, reason, rule, approvals, teams [{name, group, members}], for.
    """
    verb = ask.words[0].lower() if ask.words else ""
    if verb not in {"explain", "simulate"}:
        return _all(ask)
    words = list(ask.words[1:])
    if verb == "explain" and words and words[0].lstrip("#").isdigit():
        return _of_request(ask, int(words[0].lstrip("#")[:11]))
    return _of_words(ask, words)


def _all(ask: Ask) -> Reply:
    """The policies there are."""
    found = ask.idp.policies
    data = {"policies": sorted(found)}
    if not found:
        return Reply(Md("No policy is configured, so nobody may do anything."), (), data)
    lines = [md("*{}* \u00b7 {} \u00b7 {}", name, _rules(one), _where(one)) for name, one in sorted(found.items())]
    note = Note(Md("`/idp policy explain access checkout` says which rule decides."))
    return Reply(md("{} policies: {}", len(found), ", ".join(sorted(found))), [Rows(lines), note], data)


def _rules(one: Policy) -> str:
    count = len(one.config.rules)
    return "1 rule" if count == 1 else f"{count} rules"


def _where(one: Policy) -> str:
    return one.places[0] if one.places else ""


def _of_request(ask: Ask, number: int) -> Reply:
    with ask.idp.database.reading() as store:
        request = rows.load(store, number)
    action = actions().get(request.action) if request else None
    if request is None or action is None:
        raise NotFound(f"There is no request {number}.")
    escalated = request.escalated_at is not None
    decision = action.policy(ask.idp, ask.snapshot, request.requester, draft_of(request), escalated)
    told = _told(ask, request.policy, request.requester, decision, request.title)
    if request.state == "pending":
        return told
    made = md("It is {} already; when it was made: {} ({})", request.state, request.verdict, request.rule)
    return Reply(told.text, [*told.parts, Note(made)], told.data)


def _of_words(ask: Ask, words: list[str]) -> Reply:
    if len(words) < 2:
        raise Invalid(
            "Say for what: an action and a name.", "Such as: /idp policy explain access checkout prod 1h"
        )
    person = _person(ask, words)
    name = ALIASES.get(words[0].lower(), words[0].lower())
    known = ask.idp.policies.get(name)
    if known is None:
        raise NotFound(
            f"There is no policy {name}.", f"There are: {', '.join(sorted(ask.idp.policies)) or 'none'}."
        )
    entity = the_entity(ask, words=words[1])
    environment, duration, glass = _asked(known, words[2:])
    decision = judge(
        ask.idp,
        ask.snapshot,
        policy=name,
        requester=person,
        target=entity.ref,
        environment=environment,
        duration=duration,
        break_glass=glass,
    )
    what = " ".join(filter(None, [name, entity.name, environment, say_duration(duration) if duration else ""]))
    return _told(ask, name, person, decision, what)


def _person(ask: Ask, words: list[str]) -> str:
    """Who is meant; takes "as <person>" off the words."""
    lowered = [word.lower() for word in words]
    if "as" not in lowered[:-1]:
        return myself(ask).ref
    at = len(lowered) - 1 - lowered[::-1].index("as")
    if at == len(words) - 1:
        raise Invalid("Say as whom.", "Such as: \u2026 as ben")
    person = the_colleague(ask, words[at + 1])
    del words[at : at + 2]
    return person


def _asked(known: Policy, words: Sequence[str]) -> tuple[str, int, bool]:
    """Environment, duration and break-glass in any order; the policy's first ones where nothing is said."""
    lowered = [word.lower() for word in words]
    glass = "breakglass" in lowered or "break-glass" in lowered
    durations = known.config.durations
    environment = next(
        (word for word in lowered if duration_in(word) == 0 and "glass" not in word), known.environments[0]
    )
    duration = next(
        (seconds for word in lowered if (seconds := duration_in(word))), durations[0] if durations else 0
    )
    if glass and known.config.break_glass:
        duration = min(duration, known.config.break_glass.duration)
    return environment, duration, glass


def _told(ask: Ask, name: str, person: str, decision: Decision, what: str) -> Reply:
    effect = {"refuse": "refused", "allow": "allowed at once", "ask": "asks for approval"}[decision.effect]
    head = md("*{}* for {}: {}", what, person_name(ask.snapshot, person), effect)
    parts: list[Part] = [
        Section(head),
        Fields([("Rule", md("{}", decision.rule)), ("Why", md("{}", decision.reason))]),
    ]
    teams = [
        _team(ask, team.name, team.ref, tuple(sorted(team.members)), team.instead_of) for team in decision.teams
    ]
    if teams:
        parts.append(Rows(teams))
    parts.append(Buttons([Button("All policies", "policy")]))
    return Reply(md("{}. {}", head, decision.reason), parts, _data(name, person, decision))


def _team(ask: Ask, name: str, ref: str, members: tuple[str, ...], instead: str) -> Md:
    who = people_names(ask.snapshot, members, 20) or "nobody may"
    behind = md(" (instead of {}, where nobody may)", label(ask.snapshot, instead)) if instead else Md("")
    return md(
        "\u2022 {} \u00b7 {}{}: {}", name, label(ask.snapshot, ref) if ref else "not in the catalog", behind, who
    )


def _data(name: str, person: str, decision: Decision) -> dict[str, Any]:
    teams = [{"name": t.name, "group": t.ref, "members": sorted(t.members)} for t in decision.teams]
    return {
        "policy": name,
        "for": person,
        "effect": decision.effect,
        "reason": decision.reason,
        "rule": decision.rule,
        "approvals": decision.approvals,
        "teams": teams,
    }
