"""What `idp doctor` looks at of policies: whether what they name is in the catalog and somebody can agree."""

from collections.abc import Iterator

from bot.terminal.finding import Finding
from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.idp import Idp
from data.policies import Policy
from workflows.action import actions
from workflows.authority import group_ref, members


def policy_findings(idp: Idp) -> Iterator[Finding]:
    """The policies against the catalog as the database has it."""
    if not idp.policies:
        return
    try:
        idp.catalog.refresh()
    except UserError:
        return  # the database was looked at before
    snapshot = idp.catalog.snapshot
    if not len(snapshot):
        yield Finding("warning", "Policies: not compared with the catalog, which is empty", "Run `idp sync`.")
        return
    found = [*_names(idp), *(each for policy in idp.policies.values() for each in _groups(snapshot, policy))]
    found += _house_groups(idp, snapshot)
    yield from found or [
        Finding("ok", f"Policies: {len(idp.policies)}, and the catalog has every group they name")
    ]


def _names(idp: Idp) -> Iterator[Finding]:
    """Policies that nothing asks, which are mostly misspelt."""
    used = {action.policy_name for action in actions().values()}
    for name in sorted(set(idp.policies) - used):
        yield Finding(
            "warning", f"Policies: nothing asks the policy {name}", f"Known are {', '.join(sorted(used))}."
        )


def _groups(snapshot: Snapshot, policy: Policy) -> Iterator[Finding]:
    for name in dict.fromkeys([*policy.groups, *policy.words]):
        if name in {"*", "owners"}:
            continue
        ref = group_ref(snapshot, name)
        if not ref:
            hint = "Nobody has a right or a voice by it until it is there; until then what needs it is refused."
            yield Finding(
                "error", f"Policies: {policy.name} names the group {name}, which is not in the catalog", hint
            )
        elif not members(snapshot, ref):
            yield Finding("warning", f"Policies: {policy.name} names the group {name}, in which nobody is")


def _house_groups(idp: Idp, snapshot: Snapshot) -> Iterator[Finding]:
    """Groups that stand elsewhere in idp.yaml."""
    stated = [("platform.owner", idp.platform_owner), *(("audit.readers", name) for name in idp.audit_readers)]
    for key, name in stated:
        if name not in {"", "*"} and not group_ref(snapshot, name):
            yield Finding("error", f"{key} names the group {name}, which is not in the catalog")
