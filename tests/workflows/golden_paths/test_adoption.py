"""How soon services were in production: asked for, made by the run, deployed as their pipelines tell."""

import hmac
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.processes.fact_hooks import FactHooks, Sender
from commands import Asker, answer
from commands.parts.reply import Reply
from data.catalog.repos.origins import registered
from data.catalog.syncing.sync import sync_all
from data.store.tables.scores import ScoreRow
from data.store.tables.work import RequestRow
from tests.conftest import Clock
from tests.workflows.golden_paths.test_making import ask, run_here
from tests.workflows.house import House
from tests.workflows.templates.company import write

SECRET = b"what only the pipeline knows"
SERVICE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: %s}
spec: {type: service, lifecycle: production, owner: payments}
"""


@pytest.fixture
def clock(still: House, clock: Clock) -> Clock:
    """The clock of the house, which stands."""
    still.idp = replace(still.idp, now=clock)
    return clock


def made(house: House, *names: str) -> None:
    """Services that Ann has asked for now, all the way to the catalog."""
    for name in names:
        run_here(house.idp, ask(house, name=name))


def deployed(house: House, *names: str, **more: Any) -> None:
    """What the pipelines of these services push, signed."""
    hooks = FactHooks([Sender("ci", SECRET)], house.idp)
    stamp = str(int(house.idp.now().timestamp()))
    for name in names:
        raw, delivery = orjson.dumps({"entity": name, "version": "1"} | more), f"{name}-{stamp}"
        digest = hmac.new(SECRET, f"{stamp}:{delivery}:".encode() + raw, sha256).hexdigest()
        headers = {"signature": f"sha256={digest}", "delivery": delivery, "timestamp": stamp}
        status, said = hooks.take("deployments", {f"x-idp-{key}": value for key, value in headers.items()}, raw)
        assert (status, said.get("refused")) == (HTTPStatus.ACCEPTED, [])


def said(house: House, words: str) -> tuple[Reply, str]:
    reply = answer(words, Asker("ann", "ann@acme.example"), house.idp)
    return reply, str(reply.parts)


def test_two_services_are_too_few_to_compare_and_the_list_says_so(still: House, clock: Clock) -> None:
    assert "time to production unknown (n=0)" in said(still, "templates")[1]
    made(still, "orders", "returns", "refunds")
    deployed(still, "refunds", environment="staging")
    clock.advance(hours=1)
    deployed(still, "orders")
    clock.advance(hours=2)
    deployed(still, "orders", "returns")  # of orders the first one counts
    reply, text = said(still, "templates")
    assert "time to production 2h (n=2, too few)" in text
    assert reply.data["templates"][0]["in_production"] == {"n": 2, "seconds": 7200.0}
    reply, text = said(still, "adoption templates")
    assert "2h (n=2, too few)" in text
    assert "too few to compare" in text
    assert reply.data["templated"] == {"n": 2, "seconds": 7200.0}
    assert reply.data["hand"] == {"n": 0, "seconds": None}


def test_five_of_each_are_compared(still: House, clock: Clock, tmp_path: Path) -> None:
    templated, handmade = ([f"{kind}-{number}" for number in range(5)] for kind in ("made", "hand"))
    asked_for(still, *templated)
    for name in (*templated, *handmade):
        write(tmp_path / "catalog" / name, {"catalog-info.yaml": SERVICE % name})
    for name in templated:
        write(
            tmp_path / "catalog" / name, {".copier-answers.yml": f"_commit: v1\n_src_path: {registered('demo')}\n"}
        )
    sync_all(still.idp.database, still.idp.sources, now=still.idp.now)
    still.idp.catalog.refresh()
    first_seen(still, clock, *handmade)
    clock.advance(hours=4)
    deployed(still, *templated)
    clock.advance(hours=20)
    deployed(still, *handmade)
    reply, text = said(still, "adoption templates")
    assert "4h (n=5)" in text
    assert "1d (n=5)" in text
    assert "golden paths are 20h faster" in text
    assert reply.data["hand"] == {"n": 5, "seconds": 86_400.0}


def asked_for(house: House, *names: str) -> None:
    """Requests of Ann that are done, without their runs."""
    ids = [ask(house, name=name) for name in names]
    with house.idp.database.store() as store:
        store.connection.execute(update(RequestRow).where(col(RequestRow.id).in_(ids)).values(state="done"))


def first_seen(house: House, clock: Clock, *names: str) -> None:
    """Services that scorecards see now for the first time; others they have seen long ago."""
    seen = {"api:default/ledger-api": clock() - timedelta(days=30)}
    seen |= {f"component:default/{name}": clock() for name in names}
    row: dict[str, Any] = {"scorecard": "ready", "owner": "", "level": "", "points": 0, "outcomes": "{}"}
    with house.idp.database.store() as store:
        for ref, at in seen.items():
            store.session.add(ScoreRow(entity=ref, first_at=at, changed_at=at, **row))
