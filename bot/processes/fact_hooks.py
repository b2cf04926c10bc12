"""`POST /hooks/facts` and `POST /hooks/deployments`: what pipelines push about services.

The sender signs `<timestamp>:<delivery>:<body>` with HMAC-SHA256, so that neither the bytes, nor the time, nor the
name of the delivery can be changed, and a delivery that is sent again is taken once.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

import orjson
from pydantic import ValidationError

from data.idp import Idp
from workflows.scorecards.pushing import PushedDeployment, PushedFacts, Taken, deployment_facts, facts_of, keep

LARGEST: Final = 1 << 20  # bytes of a delivery
APART: Final = 300  # seconds that the clocks may be apart; later a delivery is too old to be taken
MOST_TOLD: Final = 20  # refusals that are told

_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}").fullmatch
_DELIVERY = re.compile(r"[A-Za-z0-9._-]{1,72}").fullmatch
_TIMESTAMP = re.compile(r"[0-9]{1,12}").fullmatch

HEADERS: Final = ("x-idp-signature", "x-idp-delivery", "x-idp-timestamp")

Answer = tuple[HTTPStatus, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who may push, and what they sign with."""

    name: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class FactHooks:
    """What is behind the two addresses. Safe for many threads and many replicas."""

    senders: Sequence[Sender]
    idp: Idp

    def take(self, kind: str, headers: Mapping[str, str], raw: bytes) -> Answer:
        """Judge a delivery ("facts" or "deployments") by its headers, keep what it says, say what became of it.

        401 unless it is signed and no older than five minutes; 400 for a body of another shape. Raises Unavailable
        when it cannot be kept: then it should be sent again.
        """
        sender = self._signed_by(headers, raw)
        if sender is None:
            return HTTPStatus.UNAUTHORIZED, {}
        try:
            body = orjson.loads(raw)
            told, refused = self._read(kind, sender.name, body)
        except (orjson.JSONDecodeError, ValidationError) as error:
            return HTTPStatus.BAD_REQUEST, {"error": _said(error)}
        delivery = f"{sender.name}:{kind}:{headers['x-idp-delivery']}"
        return HTTPStatus.ACCEPTED, _answer(keep(self.idp, delivery, told, refused))

    def _read(self, kind: str, sender: str, body: Any) -> Any:
        if kind == "facts":
            return facts_of(self.idp, sender, PushedFacts.model_validate(body))
        return deployment_facts(self.idp, sender, PushedDeployment.model_validate(body))

    def _signed_by(self, headers: Mapping[str, str], raw: bytes) -> Sender | None:
        signature, delivery, timestamp = (headers.get(name, "") for name in HEADERS)
        if not (_SIGNATURE(signature) and _DELIVERY(delivery) and _TIMESTAMP(timestamp)):
            return None
        if abs(self.idp.now().timestamp() - int(timestamp)) > APART:
            return None
        signed = f"{timestamp}:{delivery}:".encode() + raw
        given = signature.removeprefix("sha256=")
        return next((one for one in self.senders if one.secret and _matches(one.secret, signed, given)), None)


def _matches(secret: bytes, signed: bytes, given: str) -> bool:
    return hmac.compare_digest(hmac.new(secret, signed, sha256).hexdigest(), given)


def _answer(taken: Taken) -> Mapping[str, Any]:
    return {"kept": taken.kept, "refused": list(taken.refused[:MOST_TOLD]), "repeated": taken.repeated}


def _said(error: orjson.JSONDecodeError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
    return "The body is not JSON."
