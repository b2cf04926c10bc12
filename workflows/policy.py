"""Who may ask for what, and who must agree: one pure function from a policy and the facts to a decision."""

from data.durations import say_duration
from data.policies import Ask, Policy, Refuse, Rule, When
from workflows.decision import Decision, Facts, Team, refusal
from workflows.requests.quorum import attainable


def decide(policy: Policy, facts: Facts) -> Decision:
    """Apply a policy. Never raises; what is unknown is refused or passed over, never taken for granted."""
    refused = _outside(policy, facts)
    if refused:
        return refusal(refused, f"policy {policy.name}")
    if facts.break_glass:
        return _emergency(policy, facts)
    for index, rule in enumerate(policy.config.rules):
        holds = _holds(rule, facts)
        if holds is None:
            return refusal("The tier that the catalog states for this cannot be read.", policy.place(index))
        if holds:
            return _apply(policy, rule, policy.place(index), facts)
    return refusal("No rule of the policy covers this.", f"policy {policy.name}")


def _outside(policy: Policy, facts: Facts) -> str:
    """Why nobody needs to be asked at all."""
    if facts.groups is None or facts.receiving is None:
        return "Who asks, or for whom, is not known to the catalog."
    if not _both_among(policy.config.request.groups, facts):
        return f"Only members of {listing(policy.config.request.groups)} may ask for this, and only for members."
    if facts.environment and facts.environment not in policy.environments:
        return f"{facts.environment!r} is not offered; choose {listing(policy.environments)}."
    return "" if facts.break_glass else _length(policy, facts.duration) or _full(policy, facts)


def _length(policy: Policy, duration: int) -> str:
    offered = policy.config.durations
    if duration in (offered or [0]):
        return ""
    choice = listing([say_duration(seconds) for seconds in offered])
    return f"{say_duration(duration)} is not offered; choose {choice}." if offered else "This has no duration."


def most(policy: Policy, facts: Facts) -> int | None:
    """How many at a time the beneficiary may have; None: the policy does not limit it."""
    quotas = (quota for quota in policy.config.quota if _among(quota.groups, facts, facts.receiving))
    return next((quota.most for quota in quotas), None)


def _full(policy: Policy, facts: Facts) -> str:
    limit = most(policy, facts)
    return f"{facts.held} of {limit} in use." if limit is not None and facts.held >= limit else ""


def _emergency(policy: Policy, facts: Facts) -> Decision:
    rule, glass = f"break_glass of {policy.name}", policy.config.break_glass
    if glass is None:
        return refusal("The policy has no break-glass.", rule)
    if not _among(glass.groups, facts, facts.groups):
        return refusal(f"Only members of {listing(glass.groups)} may break the glass.", rule)
    if facts.requester != facts.beneficiary:
        return refusal("Break-glass is for oneself only.", rule)
    if not 0 < facts.duration <= glass.duration:
        return refusal(f"Break-glass gives at most {say_duration(glass.duration)}.", rule)
    return Decision(
        "allow", "Break-glass: given at once, everybody is told, reviewed afterwards.", rule, break_glass=True
    )


def _holds(rule: Rule, facts: Facts) -> bool | None:
    """Whether a rule applies; None: that hangs on a tier that is stated but cannot be read."""
    when = rule.when
    if not (_concerns(rule, facts) and _asked_by(when, facts) and _fits(when, facts)):
        return False
    if when.tier is None:
        return True
    return None if facts.tier is None else facts.tier in when.tier


def _concerns(rule: Rule, facts: Facts) -> bool:
    """Whether the groups of a rule are those of who is concerned, so that nobody gets round it through another.

    What is allowed at once needs both requester and beneficiary, a refusal meets either; whom to ask depends on
    who gets it.
    """
    names = rule.when.groups
    if names is None:
        return True
    if rule.then == "allow":
        return _both_among(names, facts)
    if isinstance(rule.then, Ask):
        return _among(names, facts, facts.receiving)
    return _among(names, facts, facts.groups) or _among(names, facts, facts.receiving)


def _asked_by(when: When, facts: Facts) -> bool:
    """Favours to a person hold only for what that person gets, and only when they are known for sure."""
    if when.requester is None:
        return True
    if facts.requester != facts.beneficiary:
        return False
    if when.requester == "on-call":
        return bool(facts.on_call and facts.on_call & set(when.levels))
    owners = facts.teams.get("owners", ())
    return bool(owners and facts.groups and owners[0].ref in facts.groups)


def _fits(when: When, facts: Facts) -> bool:
    if when.environment is not None and facts.environment not in when.environment:
        return False
    if when.template is not None and facts.template not in when.template:
        return False
    return when.up_to is None or 0 < facts.duration <= when.up_to


def _apply(policy: Policy, rule: Rule, place: str, facts: Facts) -> Decision:
    then = rule.then
    if isinstance(then, Refuse):
        return refusal(then.refuse, place)
    if then == "refuse":
        return refusal("The policy refuses this.", place)
    if isinstance(then, Ask):
        return _ask(policy, then, place, facts)
    return Decision("allow", _why_allowed(rule.when, facts), place)


def _why_allowed(when: When, facts: Facts) -> str:
    if when.requester == "on-call":
        level = min((facts.on_call or frozenset({1})) & set(when.levels))
        return f"Allowed at once: on call for it (level {level})."
    if when.requester == "owner":
        return "Allowed at once: member of the owning team."
    return "Allowed at once."


def _ask(policy: Policy, ask: Ask, place: str, facts: Facts) -> Decision:
    people = "1 person" if ask.approvals == 1 else f"{ask.approvals} people"
    reason = f"Needs the agreement of {people} of {listing(ask.from_, 'or' if ask.approvals == 1 else 'and')}"
    reason += ", each of another team." if ask.distinct_teams else "."
    asked = Decision(
        "ask",
        reason,
        place,
        approvals=ask.approvals,
        teams=_teams(ask, facts),
        distinct_teams=ask.distinct_teams,
        expires=policy.config.pending_expires,
        escalates=policy.config.escalate_after or 0,
        barred=frozenset({facts.requester, facts.beneficiary}),
    )
    if attainable(asked) < ask.approvals:
        return refusal(f"{reason} There are not enough people who may agree{_without(asked)}.", place)
    return asked


def _teams(ask: Ask, facts: Facts) -> tuple[Team, ...]:
    """Whom to ask: for each word the first team that has somebody, and the one above it once escalated.

    Where distinct teams are wanted, a group that stands for one word cannot stand for another one too.
    """
    teams: list[Team] = []
    for word in ask.from_:
        taken = {team.ref for team in teams} if ask.distinct_teams else set()
        able = [team for team in facts.teams.get(word, ()) if team.members and team.ref not in taken]
        teams += able[: 2 if facts.escalated else 1] or [Team(word, "", frozenset())]
    return tuple(teams)


def _without(decision: Decision) -> str:
    empty = [team.name for team in decision.teams if not team.members]
    return f": nobody in {listing(empty)}" if empty else ""


def _both_among(names: list[str], facts: Facts) -> bool:
    return _among(names, facts, facts.groups) and _among(names, facts, facts.receiving)


def _among(names: list[str], facts: Facts, groups: frozenset[str] | None) -> bool:
    wanted = {ref for name in names if (ref := facts.named.get(name))}
    return "*" in names or bool(groups and wanted & groups)


def listing(words: list[str] | tuple[str, ...], last: str = "or") -> str:
    """Words as people list them."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
