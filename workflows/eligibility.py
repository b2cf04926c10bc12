"""What a policy refuses to a person whatever it is asked for, so that nobody fills in a form for nothing.

It only spares the trouble: `workflows.policy` decides, when the request is made and at every click.
"""

from collections.abc import Collection, Mapping

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.policies import Policy, Refuse, Rule
from workflows.action import Action
from workflows.authority import group_ref, groups, known_person
from workflows.policy import listing


def why_not(idp: Idp, snapshot: Snapshot, action: Action, person: str) -> str:
    """The sentence that says why the action is not for this person (canonical reference); "" when it may be."""
    policy = idp.policies.get(action.policy_name)
    if policy is None:
        return f"There is no policy {action.policy_name}, so nobody may do this."
    if not known_person(snapshot, person):
        return "Only people whom the catalog knows may ask for this."
    named = {name: group_ref(snapshot, name) for name in policy.groups}
    return closed(policy, groups(snapshot, person), named, emergency=action.emergency)


def closed(policy: Policy, mine: Collection[str], named: Mapping[str, str], *, emergency: bool = False) -> str:
    """Why nothing under the policy is for somebody of these groups; "" as soon as anything may be.

    `mine` and the values of `named`, which has every group that the policy names, are canonical references.
    """
    who = policy.config.request.groups
    if not _among(who, mine, named):
        return f"Only members of {listing(who)} may ask for this."
    if emergency:
        return _glass(policy, mine, named)
    for rule in policy.config.rules:
        among = rule.when.groups is None or _among(rule.when.groups, mine, named)
        if _refusal(rule):
            if among and _always(rule):
                return _refusal(rule)
        elif among or rule.then != "allow":  # whom to ask depends on who gets it, who may be a colleague
            return ""
    return "No rule of the policy covers what you may ask for."


def _glass(policy: Policy, mine: Collection[str], named: Mapping[str, str]) -> str:
    glass = policy.config.break_glass
    if glass is None:
        return "The policy has no break-glass."
    if not _among(glass.groups, mine, named):
        return f"Only members of {listing(glass.groups)} may break the glass."
    return ""


def _refusal(rule: Rule) -> str:
    if isinstance(rule.then, Refuse):
        return rule.then.refuse
    return "The policy refuses this." if rule.then == "refuse" else ""


def _always(rule: Rule) -> bool:
    """Whether nothing but groups limits a rule."""
    when = rule.when
    limits = (when.requester, when.environment, when.tier, when.template, when.up_to)
    return all(limit is None for limit in limits)


def _among(names: Collection[str], mine: Collection[str], named: Mapping[str, str]) -> bool:
    return "*" in names or any(ref and ref in mine for ref in map(named.get, names))
