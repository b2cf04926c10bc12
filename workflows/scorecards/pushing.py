"""Facts and deployments that others push: checked one by one, kept once, scored at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from data.catalog.entity import parse_ref
from data.catalog.snapshot import Snapshot
from data.errors import Invalid
from data.idp import Idp
from data.ports.facts import Fact, Value
from data.scorecards.vocabulary import typed
from data.store import facts, inbox
from workflows.scorecards.recording import record

MOST = 1_000  # facts in one delivery
AHEAD = timedelta(minutes=5)  # how wrong the clock of a sender may be
PRODUCTION = frozenset({"production", "prod", "live"})
SUCCESS = frozenset({"success", "succeeded", "successful"})

Text = Annotated[str, Field(min_length=1, max_length=300)]


class _Pushed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class PushedFact(_Pushed):
    """One fact; the entity by reference, or a Component by its name."""

    entity: Text
    name: Text
    value: (
        bool
        | Annotated[int, Field(strict=True)]
        | Annotated[float, Field(strict=True)]
        | Annotated[str, Field(max_length=1_000)]
    )
    observed_at: AwareDatetime | None = None


class PushedFacts(_Pushed):
    """The body of POST /hooks/facts."""

    facts: list[PushedFact] = Field(min_length=1, max_length=MOST)


class PushedDeployment(_Pushed):
    """The body of POST /hooks/deployments."""

    entity: Text
    version: str = Field(default="", max_length=300)
    environment: Text = "production"
    status: Text = "success"
    at: AwareDatetime | None = None
    url: str = Field(default="", max_length=2_000)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: how many facts were kept, and why others were not ("facts[3]: …")."""

    kept: int
    refused: Sequence[str] = ()
    repeated: bool = False


def facts_of(idp: Idp, sender: str, body: PushedFacts) -> tuple[list[Fact], list[str]]:
    """The facts that can be kept, and why the others cannot."""
    found: list[Fact] = []
    refused: list[str] = []
    for number, pushed in enumerate(body.facts):
        try:
            found.append(_fact(idp, sender, pushed))
        except Invalid as fault:
            refused.append(f"facts[{number}]: {fault.message}")
    return found, refused


def deployment_facts(idp: Idp, sender: str, body: PushedDeployment) -> tuple[list[Fact], list[str]]:
    """What a deployment tells: nothing unless it succeeded in production."""
    if body.environment.lower() not in PRODUCTION or body.status.lower() not in SUCCESS:
        return [], []
    now = idp.now()
    at = body.at or now
    told: dict[str, Value] = {"deployment.at": at.astimezone(UTC).isoformat(timespec="seconds")}
    told |= {"deployment.version": body.version} if body.version else {}
    try:
        ref = _entity(idp.catalog.snapshot, body.entity)
        return [Fact(ref, name, value, sender, _observed(at, now)) for name, value in told.items()], []
    except Invalid as fault:
        return [], [fault.message]


def keep(idp: Idp, delivery: str, told: Sequence[Fact], refused: Sequence[str]) -> Taken:
    """Keep the facts of a delivery, once however often it is delivered; what changed is scored soon after."""
    now = idp.now()
    with idp.database.store() as store:
        if not inbox.receive(store, f"facts:{delivery}", "facts", "", now):
            return Taken(0, repeated=True)
        inbox.done(store, f"facts:{delivery}", now)
        changed = facts.put(store, told, now)
        if changed:
            idp.engine.enqueue(store, "rescore", f"rescore:{delivery}", "\n".join(sorted(changed)))
    return Taken(len(told), refused)


def rescore(idp: Idp, refs: str) -> None:
    """The work "rescore": entities, one a line, of which facts were pushed."""
    record(idp, refs.split("\n"))


def _fact(idp: Idp, sender: str, pushed: PushedFact) -> Fact:
    type_ = idp.scorecards.facts.get(pushed.name)
    if type_ is None:
        raise Invalid(f"There is no fact {pushed.name}; declare it under `facts:` of a scorecards file.")
    if typed(pushed.value, type_) is None:
        raise Invalid(f"{pushed.name} is a {type_}, which {str(pushed.value)[:40]!r} is not.")
    now = idp.now()
    ref = _entity(idp.catalog.snapshot, pushed.entity)
    return Fact(ref, pushed.name, pushed.value, sender, _observed(pushed.observed_at or now, now))


def _entity(snapshot: Snapshot, text: str) -> str:
    ref = str(parse_ref(text, "component"))
    if snapshot.get(ref) is None:
        raise Invalid(f"{text} is not in the catalog.")
    return ref


def _observed(at: datetime, now: datetime) -> datetime:
    if at > now + AHEAD:
        raise Invalid("That is in the future.")
    return min(at, now).astimezone(UTC)
