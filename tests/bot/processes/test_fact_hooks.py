"""Facts that are pushed: only what is signed counts, once, and a wrong one costs itself only."""

import hmac
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from typing import Any, cast

import orjson
import pytest

from bot.processes.fact_hooks import FactHooks, Sender
from bot.processes.web import Web
from data.store import facts
from tests.workflows.scorecards.conftest import CART, Scored, make, scored

__all__ = ["make", "scored"]  # fixtures

SECRET = b"what only the pipeline knows"


@pytest.fixture
def hooks(scored: Scored) -> FactHooks:
    return FactHooks([Sender("ci", SECRET), Sender("unset", b"")], scored.idp)


def signed(
    hooks: FactHooks, raw: bytes, delivery: str = "d-1", apart: int = 0, secret: bytes = SECRET
) -> dict[str, str]:
    timestamp = str(int(hooks.idp.now().timestamp()) + apart)
    digest = hmac.new(secret, f"{timestamp}:{delivery}:".encode() + raw, sha256).hexdigest()
    return {"x-idp-signature": f"sha256={digest}", "x-idp-delivery": delivery, "x-idp-timestamp": timestamp}


def pushed(*told: dict[str, Any]) -> bytes:
    return orjson.dumps({"facts": list(told)})


COVERAGE = {"entity": "cart", "name": "coverage", "value": 83.5}


def known(hooks: FactHooks) -> dict[str, Any]:
    with hooks.idp.database.reading() as store:
        return {
            name: (each.value, each.source) for name, each in facts.readings(store, [CART]).get(CART, {}).items()
        }


def test_a_signed_delivery_is_kept_under_the_name_of_its_sender(hooks: FactHooks) -> None:
    raw = pushed(COVERAGE, {"entity": CART, "name": "slo.missing", "value": 0})
    status, said = hooks.take("facts", signed(hooks, raw), raw)
    assert (status, said) == (HTTPStatus.ACCEPTED, {"kept": 2, "refused": [], "repeated": False})
    assert known(hooks) == {"coverage": (83.5, "ci"), "slo.missing": (0, "ci")}


def test_the_same_delivery_again_changes_nothing(hooks: FactHooks) -> None:
    raw = pushed(COVERAGE)
    headers = signed(hooks, raw)
    hooks.take("facts", headers, raw)
    later = pushed(COVERAGE | {"value": 12})
    hooks.take("facts", signed(hooks, later, "d-2"), later)
    assert hooks.take("facts", headers, raw)[1]["repeated"] is True
    assert known(hooks) == {"coverage": (12, "ci")}


@pytest.mark.parametrize("apart", [-301, 301, -86_400])
def test_an_old_delivery_is_refused_whatever_its_signature(hooks: FactHooks, apart: int) -> None:
    raw = pushed(COVERAGE)
    assert hooks.take("facts", signed(hooks, raw, apart=apart), raw)[0] is HTTPStatus.UNAUTHORIZED
    assert known(hooks) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"x-idp-signature": ""},
        {"x-idp-signature": "sha256=" + "0" * 64},
        {"x-idp-delivery": "d-9"},
        {"x-idp-delivery": "a b"},
        {"x-idp-timestamp": "1"},
        {"x-idp-timestamp": "now"},
    ],
)
def test_bytes_time_and_name_of_a_delivery_are_all_signed(hooks: FactHooks, change: dict[str, str]) -> None:
    raw = pushed(COVERAGE)
    assert hooks.take("facts", signed(hooks, raw) | change, raw)[0] is HTTPStatus.UNAUTHORIZED
    assert hooks.take("facts", signed(hooks, raw), raw + b" ")[0] is HTTPStatus.UNAUTHORIZED


def test_a_sender_without_a_secret_signs_nothing(hooks: FactHooks) -> None:
    raw = pushed(COVERAGE)
    assert hooks.take("facts", signed(hooks, raw, secret=b"\0"), raw)[0] is HTTPStatus.UNAUTHORIZED
    assert hooks.take("facts", signed(hooks, raw, secret=b""), raw)[0] is HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"entity": "nothing-of-the-kind"}, "not in the catalog"),
        ({"name": "coverge"}, "There is no fact coverge"),
        ({"value": "much"}, "coverage is a number, which 'much' is not."),
        ({"value": True}, "coverage is a number"),
        ({"observed_at": "2026-03-02T12:00:00Z"}, "in the future"),
    ],
)
def test_a_wrong_fact_is_told_and_costs_itself_only(hooks: FactHooks, wrong: dict[str, Any], why: str) -> None:
    raw = pushed(COVERAGE | wrong, {"entity": "cart", "name": "slo.count", "value": 2})
    status, said = hooks.take("facts", signed(hooks, raw), raw)
    assert (status, said["kept"]) == (HTTPStatus.ACCEPTED, 1)
    assert said["refused"][0].startswith("facts[0]: ")
    assert why in said["refused"][0]
    assert known(hooks) == {"slo.count": (2, "ci")}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"facts": []}', b'{"facts": [{"entity": "cart"}]}', b"\xff"])
def test_a_body_of_another_shape_is_400(hooks: FactHooks, raw: bytes) -> None:
    status, said = hooks.take("facts", signed(hooks, raw), raw)
    assert status is HTTPStatus.BAD_REQUEST
    assert said["error"]


def test_an_older_observation_does_not_replace_a_newer_one(hooks: FactHooks) -> None:
    for number, (at, value) in enumerate([("2026-03-02T09:00:00Z", 80), ("2026-03-01T09:00:00Z", 10)]):
        raw = pushed(COVERAGE | {"observed_at": at, "value": value})
        hooks.take("facts", signed(hooks, raw, f"d-{number}"), raw)
    assert known(hooks) == {"coverage": (80, "ci")}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"version": "1.2"}, {"deployment.at": "2026-03-02T09:30:00+00:00", "deployment.version": "1.2"}),
        ({"at": "2026-03-01T10:00:00+02:00"}, {"deployment.at": "2026-03-01T08:00:00+00:00"}),
        ({"environment": "staging"}, {}),
        ({"status": "failed"}, {}),
    ],
)
def test_only_a_successful_deployment_to_production_counts(
    hooks: FactHooks, told: dict[str, Any], kept: dict[str, str]
) -> None:
    raw = orjson.dumps({"entity": "cart"} | told)
    assert hooks.take("deployments", signed(hooks, raw), raw)[0] is HTTPStatus.ACCEPTED
    assert {name: value for name, (value, _) in known(hooks).items()} == kept


def test_what_changed_is_scored_soon_after(hooks: FactHooks) -> None:
    raw = pushed(COVERAGE)
    hooks.take("facts", signed(hooks, raw), raw)
    asked = cast(Any, hooks.idp.engine).asked
    assert asked == {"rescore:ci:facts:d-1": ("rescore", CART)}


def test_over_the_web_with_the_right_addresses_methods_and_sizes(hooks: FactHooks) -> None:
    web = Web(cast(Any, None), cast(Any, None), "secret", dict, facts=hooks)
    raw = pushed(COVERAGE)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed(hooks, raw).items()}

    def call(path: str, body: bytes = raw, method: str = "POST") -> tuple[int, bytes]:
        environ = headers | {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body)}
        got: list[str] = []
        answer = b"".join(web(environ | {"CONTENT_LENGTH": str(len(body))}, lambda status, *_: got.append(status)))  # type: ignore[arg-type]  # as WSGI calls
        return int(got[0][:3]), answer

    assert call("/hooks/facts", method="GET")[0] == 405
    assert call("/hooks/other")[0] == 404
    assert call("/hooks/facts", b"x" * (1 << 20) + b"x")[0] == 413
    assert call("/hooks/facts", b"{}")[0] == 401
    status, answer = call("/hooks/facts")
    assert (status, orjson.loads(answer)["kept"]) == (202, 1)
