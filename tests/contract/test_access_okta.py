"""Access through Okta against Prism: alone, which refuses calls of ours that the description does not allow, and
between us and the stand-in, where it judges the stand-in's answers too."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import Invalid
from data.integrations.access_okta import OktaAccess, OktaConfig
from data.integrations.okta_api import Okta
from data.ports.access import Entitlement
from tests.data.integrations.okta_stand_in import TOKEN, OktaStandIn, served
from tests.fakes.prism import prism

ANN = Entitlement("12", "ann@acme.example", "component:default/checkout", "prod")
GROUPS = [{"target": "component:default/checkout", "environment": "prod", "group": "prod-checkout"}]


@pytest.fixture
def spec(shared: Path) -> Path:
    return shared / "specs" / "okta-management-trimmed-openapi3.json"


@pytest.fixture
def okta(spec: Path) -> Iterator[OktaStandIn]:
    users = {"00u0": "ann@acme.example", "00u1": "ben@acme.example"}
    with served(
        OktaStandIn(json.loads(spec.read_text()), users=users, groups={"00g1": "prod-checkout"})
    ) as running:
        yield running
        assert running.broken == []


def test_okta_takes_every_call(spec: Path) -> None:
    with prism(spec) as url, closing(Okta(url, "x")) as api:
        assert api.user_id("ann@acme.example")
        assert next(api.members("00g1"))["profile"]["login"]
        with pytest.raises(Exception, match="group named"):
            api.group_id("a name that the examples do not have")
        api.add("00g1", "00u1")
        api.remove("00g1", "00u1")


def test_all_that_access_does_is_as_described_in_both_directions(spec: Path, okta: OktaStandIn) -> None:
    with prism(spec, okta.url) as url, closing(Okta(url, TOKEN)) as api:
        access = OktaAccess(OktaConfig.model_validate({"type": "okta", "url": url, "groups": GROUPS}), api)
        access.grant(ANN)
        access.grant(ANN)
        assert access.holds(ANN)
        assert [(one.subject, one.environment) for one in access.list()] == [("ann@acme.example", "prod")]
        access.revoke(ANN)
        access.revoke(ANN)
        assert not access.holds(ANN)
        with pytest.raises(Invalid, match="does not know"):
            access.grant(Entitlement("13", "nobody@acme.example", ANN.target, ANN.environment))
    assert {method for method, _ in okta.calls} == {"GET", "PUT", "DELETE"}
