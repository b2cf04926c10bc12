"""Access as Okta groups, against a stand-in that is held to Okta's published description."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import Invalid, Unavailable
from data.integrations.access_okta import OktaAccess, OktaConfig
from data.integrations.okta_api import Okta
from data.ports.access import Entitlement
from tests.data.integrations.okta_stand_in import TOKEN, Fault, OktaStandIn, served

ANN = Entitlement("12", "ann@acme.example", "component:default/checkout", "prod")
GROUPS = [
    {"target": "component:default/checkout", "environment": "prod", "group": "prod-checkout"},
    {"target": "component:default/cart", "environment": "prod", "group": "00g2"},
]


@pytest.fixture
def okta(shared: Path) -> Iterator[OktaStandIn]:
    spec = json.loads((shared / "specs" / "okta-management-trimmed-openapi3.json").read_text())
    users = {
        f"00u{number}": f"{name}@acme.example" for number, name in enumerate(["ann", "ben", "cara", "dev", "eve"])
    }
    stand_in = OktaStandIn(
        spec, users=users, groups={"00g1": "prod-checkout", "00g2": "prod-cart", "00g3": "prod-checkout-2"}
    )
    with served(stand_in) as running:
        yield running
        assert running.broken == []


@pytest.fixture
def access(okta: OktaStandIn) -> Iterator[OktaAccess]:
    config = OktaConfig.model_validate({"type": "okta", "url": okta.url, "groups": GROUPS})
    api = Okta(okta.url, TOKEN, seconds=2)
    yield OktaAccess(config, api)
    api.close()


def test_given_twice_read_back_taken_twice(okta: OktaStandIn, access: OktaAccess) -> None:
    access.grant(ANN)
    access.grant(ANN)
    assert okta.members == {"00g1": ["00u0"]}
    assert access.holds(ANN)
    assert not access.holds(replace(ANN, target="component:default/cart"))
    access.revoke(ANN)
    access.revoke(ANN)
    assert okta.members == {"00g1": []}
    assert not access.holds(ANN)


def test_the_list_has_everybody_on_every_page_of_every_group(okta: OktaStandIn, access: OktaAccess) -> None:
    okta.members = {"00g1": ["00u0", "00u1", "00u2", "00u3", "00u4"], "00g2": ["00u1"], "00g3": ["00u0"]}
    listed = [(one.subject.partition("@")[0], one.target.rpartition("/")[2]) for one in access.list()]
    assert listed == [(n, "checkout") for n in ("ann", "ben", "cara", "dev", "eve")] + [("ben", "cart")]


def test_somebody_who_is_suspended_gets_nothing_and_still_loses_it(okta: OktaStandIn, access: OktaAccess) -> None:
    okta.members, okta.suspended = {"00g1": ["00u0"]}, {"00u0"}
    with pytest.raises(Invalid, match="not an active user"):
        access.grant(ANN)
    access.revoke(ANN)
    assert okta.members == {"00g1": []}


def test_somebody_whom_okta_does_not_have(access: OktaAccess) -> None:
    nobody = replace(ANN, subject="nobody@acme.example")
    with pytest.raises(Invalid, match="does not know"):
        access.grant(nobody)
    access.revoke(nobody)
    assert not access.holds(nobody)


def test_a_target_without_a_group_is_refused_and_taking_it_away_is_tried_again(access: OktaAccess) -> None:
    elsewhere = replace(ANN, environment="staging")
    with pytest.raises(Invalid, match="has no group"):
        access.grant(elsewhere)
    with pytest.raises(Unavailable, match="has no group"):
        access.revoke(elsewhere)


@pytest.mark.parametrize("status", [429, 500, 503, 302, 401, 403])
def test_what_may_pass_is_unavailable_and_never_an_empty_list(
    okta: OktaStandIn, access: OktaAccess, status: int
) -> None:
    okta.fault = Fault(status, 1)
    with pytest.raises(Unavailable) as caught:
        access.list()
    assert TOKEN not in str(caught.value)


def test_what_okta_refuses_is_invalid_with_its_sentence(okta: OktaStandIn, access: OktaAccess) -> None:
    okta.fault = Fault(400, 1, {"errorCode": "E0000001", "errorSummary": "Api validation failed: group"})
    with pytest.raises(Invalid, match="Api validation failed"):
        access.grant(ANN)


def test_a_next_page_on_another_host_is_not_followed(okta: OktaStandIn, access: OktaAccess) -> None:
    okta.members, okta.next_host = {"00g1": ["00u0", "00u1", "00u2"]}, "http://evil.example"
    with pytest.raises(Unavailable, match="another host"):
        access.list()


def test_nobody_there(okta: OktaStandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gone = Okta("http://127.0.0.1:9", TOKEN, seconds=1)
    with pytest.raises(Unavailable, match="cannot be reached"):
        gone.user_id("ann@acme.example")
    gone.close()
    assert TOKEN not in caplog.text


def test_one_group_may_not_stand_for_two_targets() -> None:
    twice = [GROUPS[0], GROUPS[0] | {"target": "component:default/cart"}]
    with pytest.raises(ValueError, match="once only"):
        OktaConfig.model_validate({"type": "okta", "url": "https://acme.okta.com", "groups": twice})
