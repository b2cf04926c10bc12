"""What a policy refuses to somebody whatever it is asked for; a table of sentences."""

from typing import Any

import pytest

from data.policies import Policy, PolicyConfig
from workflows.eligibility import closed

ASKED = {"approvals": 1, "from": ["platform"]}
NAMED = {name: f"group:default/{name}" for name in ("platform", "sre", "interns")} | {"gone": ""}
EVERYBODY: dict[str, Any] = {"rules": [{"then": ASKED}]}
GLASS = EVERYBODY | {"break_glass": {"groups": ["sre"], "duration": "30m"}}
PLATFORM = EVERYBODY | {"request": {"groups": ["platform", "gone"]}}
NO_INTERNS: dict[str, Any] = {
    "rules": [{"when": {"groups": ["interns"]}, "then": {"refuse": "Interns do not."}}, {"then": "allow"}]
}
UNCOVERED = "No rule of the policy covers what you may ask for."


def of(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"rules": list(rules)}


@pytest.mark.parametrize(
    ("config", "mine", "because"),
    [
        (EVERYBODY, "", ""),
        (PLATFORM, "platform", ""),
        (PLATFORM, "sre", "Only members of platform or gone may ask for this."),
        (PLATFORM, "", "Only members of platform or gone may ask for this."),
        (NO_INTERNS, "interns", "Interns do not."),
        (NO_INTERNS, "sre", ""),
        (of({"then": "refuse"}), "sre", "The policy refuses this."),
        # what hangs on the target, the environment or the hour may be open for another one
        (of({"when": {"tier": 1}, "then": "refuse"}, {"then": ASKED}), "", ""),
        (of({"when": {"tier": 1}, "then": "refuse"}), "", UNCOVERED),
        (of({"when": {"requester": "on-call"}, "then": "allow"}), "", ""),
        (of({"when": {"groups": ["sre"]}, "then": "allow"}), "interns", UNCOVERED),
        (of({"when": {"groups": ["sre"]}, "then": ASKED}), "interns", ""),  # for a colleague of sre
    ],
)
def test_why_nothing_under_a_policy_is_for_somebody(config: dict[str, Any], mine: str, because: str) -> None:
    assert closed(Policy("p", PolicyConfig.model_validate(config)), {NAMED.get(mine, "-")}, NAMED) == because


@pytest.mark.parametrize(
    ("config", "mine", "because"),
    [
        (EVERYBODY, "sre", "The policy has no break-glass."),
        (GLASS, "sre", ""),
        (GLASS, "platform", "Only members of sre may break the glass."),
        (GLASS | {"request": {"groups": ["platform"]}}, "sre", "Only members of platform may ask for this."),
    ],
)
def test_who_may_break_the_glass(config: dict[str, Any], mine: str, because: str) -> None:
    policy = Policy("p", PolicyConfig.model_validate(config))
    assert closed(policy, {NAMED[mine]}, NAMED, emergency=True) == because
