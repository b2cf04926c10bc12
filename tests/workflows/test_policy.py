"""Policies as tables of sentences: who asks for what, and what the policy says."""

from dataclasses import replace
from typing import Any

import pytest

from data.policies import Policy, PolicyConfig
from workflows.decision import Decision, Facts, Team
from workflows.policy import decide

HOUR, HALF = 3600, 1800
ANN, BEN, CARA, PIA = (f"user:default/{name}" for name in ("ann", "ben", "cara", "pia"))
PAYMENTS, PLATFORM, SRE, ABOVE = (f"group:default/{name}" for name in ("payments", "platform", "sre", "commerce"))

PROD = Policy(
    "prod-access",
    PolicyConfig.model_validate(
        {
            "request": {"groups": ["*"]},
            "durations": ["30m", "1h", "4h"],
            "rules": [
                {"when": {"requester": "on-call"}, "then": "allow"},
                {
                    "when": {"environment": "prod", "tier": 1},
                    "then": {"approvals": 2, "from": ["owners", "platform"], "distinct_teams": True},
                },
                {"when": {"environment": "prod"}, "then": {"approvals": 1, "from": ["owners"]}},
            ],
            "break_glass": {"groups": ["sre"], "duration": "30m"},
            "pending_expires": "8h",
        }
    ),
    ("idp.yaml:9", "idp.yaml:10", "idp.yaml:11"),
)


def team(name: str, ref: str, *members: str) -> Team:
    return Team(name, ref, frozenset(members))


CARA_ASKS = Facts(
    requester=CARA,
    beneficiary=CARA,
    environment="prod",
    duration=HOUR,
    tier=2,
    groups=frozenset({"group:default/identity"}),
    on_call=frozenset(),
    teams={"owners": [team("owners", PAYMENTS, ANN, BEN)], "platform": [team("platform", PLATFORM, PIA)]},
    named={"sre": SRE},
    beneficiary_groups=frozenset({"group:default/identity"}),
)


def policy(*rules: dict[str, Any], **more: object) -> Policy:
    return Policy("test", PolicyConfig.model_validate({"rules": list(rules), "durations": ["1h"], **more}))


@pytest.mark.parametrize(
    ("who", "facts", "says"),
    [
        ("an engineer of another team, tier 2", {}, "ask 1 of owners"),
        ("the same, tier 1", {"tier": 1}, "ask 2 of owners, platform, distinct"),
        ("the same, no tier stated", {"tier": 0}, "ask 1 of owners"),
        ("the same, a tier that cannot be read", {"tier": None}, "refuse"),
        ("on call on level 1", {"on_call": frozenset({1})}, "allow"),
        ("on call on level 2, tier 1", {"on_call": frozenset({2}), "tier": 1}, "allow"),
        ("on call on level 3 only", {"on_call": frozenset({3})}, "ask 1 of owners"),
        ("the rota does not answer", {"on_call": None}, "ask 1 of owners"),
        ("on call, but for somebody else", {"on_call": frozenset({1}), "beneficiary": BEN}, "ask 1 of owners"),
        ("for half an hour", {"duration": HALF}, "ask 1 of owners"),
        ("for a length that is not offered", {"duration": 2 * HOUR}, "refuse"),
        (
            "on call, for an environment that is not offered",
            {"on_call": frozenset({1}), "environment": "elsewhere"},
            "refuse",
        ),
        ("for no length", {"duration": 0}, "refuse"),
        ("for a negative length", {"duration": -HOUR}, "refuse"),
        ("in an environment that no rule names", {"environment": "lab"}, "refuse"),
        ("somebody whom the catalog does not know", {"groups": None}, "refuse"),
        ("somebody without any group", {"groups": frozenset()}, "ask 1 of owners"),
        ("nobody but the requester owns it", {"teams": {"owners": [team("owners", PAYMENTS)]}}, "refuse"),
        ("the owner does not resolve", {"teams": {}}, "refuse"),
    ],
)
def test_what_the_policy_says_to(who: str, facts: dict[str, Any], says: str) -> None:
    assert sentence(decide(PROD, replace(CARA_ASKS, **facts))) == says, who


def sentence(decision: Decision) -> str:
    if decision.effect != "ask":
        return decision.effect
    names = ", ".join(t.name for t in decision.teams)
    return f"ask {decision.approvals} of {names}" + (", distinct" if decision.distinct_teams else "")


@pytest.mark.parametrize(
    ("who", "facts", "says"),
    [
        ("of the group that may", {"groups": frozenset({SRE})}, "allow"),
        ("of another group", {}, "refuse"),
        ("longer than it gives", {"groups": frozenset({SRE}), "duration": HOUR}, "refuse"),
        ("for somebody else", {"groups": frozenset({SRE}), "beneficiary": BEN}, "refuse"),
        ("of a group that the catalog does not have", {"groups": frozenset({""}), "named": {"sre": ""}}, "refuse"),
        ("on call, which is no reason", {"on_call": frozenset({1})}, "refuse"),
    ],
)
def test_break_glass_is_for_somebody(who: str, facts: dict[str, Any], says: str) -> None:
    asked = replace(CARA_ASKS, break_glass=True, duration=HALF)
    decision = decide(PROD, replace(asked, **facts))
    assert decision.effect == says, who
    assert decision.break_glass == (says == "allow")


def test_without_break_glass_in_the_policy_nobody_has_it() -> None:
    plain = policy({"then": "allow"})
    everybody = replace(CARA_ASKS, break_glass=True, groups=frozenset({SRE}))
    assert decide(plain, everybody).effect == "refuse"


def test_the_first_rule_that_holds_decides_and_is_named_with_its_line() -> None:
    assert decide(PROD, CARA_ASKS).rule == "rule 3 of prod-access (idp.yaml:11)"
    assert decide(PROD, replace(CARA_ASKS, tier=1)).rule == "rule 2 of prod-access (idp.yaml:10)"
    assert decide(PROD, replace(CARA_ASKS, on_call=frozenset({1}))).rule == "rule 1 of prod-access (idp.yaml:9)"


def test_no_rule_means_no() -> None:
    assert (
        decide(policy({"when": {"environment": "prod", "tier": 1}, "then": "allow"}), CARA_ASKS).effect == "refuse"
    )


def test_a_rule_may_refuse_with_its_own_sentence() -> None:
    said = decide(policy({"then": {"refuse": "Frozen until Monday."}}), CARA_ASKS)
    assert (said.effect, said.reason) == ("refuse", "Frozen until Monday.")


def test_only_the_groups_that_may_ask_are_asked_for() -> None:
    closed = policy({"then": "allow"}, request={"groups": ["sre"]})
    assert decide(closed, CARA_ASKS).effect == "refuse"
    assert decide(closed, replace(CARA_ASKS, groups=frozenset({SRE}))).effect == "allow"


IN, OUT = frozenset({SRE}), frozenset({PAYMENTS})


def test_what_only_a_group_may_ask_it_may_ask_for_its_own_people_only() -> None:
    closed = policy({"then": "allow"}, request={"groups": ["sre"]})
    for_ben = replace(CARA_ASKS, beneficiary=BEN)
    assert decide(closed, replace(for_ben, groups=IN, beneficiary_groups=OUT)).effect == "refuse"
    assert decide(closed, replace(for_ben, groups=OUT, beneficiary_groups=IN)).effect == "refuse"
    assert decide(closed, replace(for_ben, groups=IN, beneficiary_groups=IN)).effect == "allow"
    assert decide(policy({"then": "allow"}), replace(for_ben, beneficiary_groups=None)).effect == "refuse"


@pytest.mark.parametrize(
    ("then", "requester", "beneficiary", "holds"),
    [
        ("allow", IN, OUT, False),
        ("allow", OUT, IN, False),
        ("allow", IN, IN, True),
        ("refuse", IN, OUT, True),
        ("refuse", OUT, IN, True),
        ("refuse", OUT, OUT, False),
        ({"approvals": 1, "from": ["owners"]}, IN, OUT, False),
        ({"approvals": 1, "from": ["owners"]}, OUT, IN, True),
    ],
)
def test_nobody_gets_round_the_groups_of_a_rule_through_somebody_else(
    then: Any, requester: frozenset[str], beneficiary: frozenset[str], holds: bool
) -> None:
    otherwise = {"then": {"refuse": "the next rule"}}
    asked = replace(CARA_ASKS, beneficiary=PIA, groups=requester, beneficiary_groups=beneficiary)
    said = decide(policy({"when": {"groups": ["sre"]}, "then": then}, otherwise), asked)
    assert (said.reason != "the next rule") is holds


def test_conditions_of_one_rule_must_all_hold() -> None:
    narrow = policy(
        {
            "when": {"groups": ["sre"], "environment": ["prod", "test"], "tier": [1, 2], "up_to": "1h"},
            "then": "allow",
        }
    )
    assert decide(narrow, replace(CARA_ASKS, groups=frozenset({SRE}))).effect == "allow"
    assert decide(narrow, CARA_ASKS).effect == "refuse"
    assert decide(narrow, replace(CARA_ASKS, groups=frozenset({SRE}), tier=3)).effect == "refuse"


def test_members_of_the_owning_team_may_be_favoured() -> None:
    own = policy({"when": {"requester": "owner"}, "then": "allow"})
    assert decide(own, CARA_ASKS).effect == "refuse"
    assert decide(own, replace(CARA_ASKS, groups=frozenset({PAYMENTS}))).effect == "allow"


def test_requester_and_beneficiary_may_never_approve() -> None:
    assert decide(PROD, replace(CARA_ASKS, beneficiary=BEN)).barred == {CARA, BEN}


def test_when_nobody_in_the_team_may_agree_the_group_above_is_asked() -> None:
    owners = [team("owners", PAYMENTS), Team("owners", ABOVE, frozenset({PIA}), PAYMENTS)]
    decision = decide(PROD, replace(CARA_ASKS, teams={"owners": owners}))
    assert [(t.ref, t.instead_of) for t in decision.teams] == [(ABOVE, PAYMENTS)]
    assert decision.approvers == {PIA}


def test_the_group_above_does_not_decide_while_the_team_can() -> None:
    owners = [team("owners", PAYMENTS, ANN), Team("owners", ABOVE, frozenset({PIA}), PAYMENTS)]
    waiting = replace(CARA_ASKS, teams={"owners": owners})
    assert decide(PROD, waiting).approvers == {ANN}
    assert decide(PROD, replace(waiting, escalated=True)).approvers == {ANN, PIA}


def test_one_group_cannot_stand_for_two_teams() -> None:
    same = {"owners": [team("owners", PLATFORM, ANN, BEN)], "platform": [team("platform", PLATFORM, ANN, BEN)]}
    decision = decide(PROD, replace(CARA_ASKS, tier=1, teams=same))
    assert decision.effect == "refuse"
    assert "nobody in platform" in decision.reason


def test_two_approvals_of_one_person_who_is_in_both_teams_cannot_be_had() -> None:
    both = {"owners": [team("owners", PAYMENTS, PIA)], "platform": [team("platform", PLATFORM, PIA)]}
    assert decide(PROD, replace(CARA_ASKS, tier=1, teams=both)).effect == "refuse"


@pytest.mark.parametrize(
    "written",
    [
        {"rules": []},
        {"rules": [{"then": "maybe"}]},
        {"rules": [{"then": {"approvals": 0, "from": ["owners"]}}]},
        {"rules": [{"then": {"approvals": 2, "from": ["owners"], "distinct_teams": True}}]},
        {"rules": [{"then": {"approvals": 1, "from": ["owners", "owners"]}}]},
        {"rules": [{"then": {"approvals": 1, "from": []}}]},
        {"rules": [{"when": {"requester": "boss"}, "then": "allow"}]},
        {"rules": [{"when": {"tier": "one"}, "then": "allow"}]},
        {"rules": [{"then": "allow"}], "durations": ["10000h0"]},
        {"rules": [{"then": "allow"}], "durations": ["-1h"]},
        {"rules": [{"then": "allow"}], "durations": ["NaN"]},
        {"rules": [{"then": "allow"}], "durations": [3600]},
        {"rules": [{"then": "allow"}], "break_glass": {"groups": [], "duration": "30m"}},
        {"rules": [{"then": "allow"}], "request": {"group": ["*"]}},
    ],
)
def test_a_policy_that_cannot_be_meant_is_not_taken(written: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="PolicyConfig"):
        PolicyConfig.model_validate(written)
