"""The company at work, on whatever database the test names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.playground.people import load_company
from bot.processes.web import Web
from bot.slack.app import build_bot
from commands import verbs
from tests.journeys.acting.acme import COMPANY, Acme, catalog
from tests.journeys.conftest import PATIENCE, Door, Replica
from tests.workflows.house import build
from workflows.works import Ticker, works


@pytest.fixture
def slack(door: Door) -> Iterator[LocalSlack]:
    company = load_company(COMPANY.read_bytes())
    with LocalSlack(post=door, company=company, retry_waits=(0.0, 0.05, 0.1), patience=PATIENCE) as slack:
        yield slack


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Slack is patient here, so are we: what is ready a moment later still goes into the acknowledgement."""
    for limit in ("kept_forms.WITHIN", "presses.WITHIN", "wizard.IN_TIME"):
        monkeypatch.setattr(f"bot.slack.{limit}", PATIENCE / 2)


@pytest.fixture
def acme(database_url: str, tmp_path: Path, slack: LocalSlack, door: Door) -> Iterator[Acme]:
    verbs()  # found before anybody asks, as the process does
    house = build(database_url, tmp_path)
    house.catalog.snapshot = catalog()
    bot = build_bot(house.idp, slack.bot_token, slack.api_url)
    door.replicas.append(
        Replica(bot, Web(bot.app, bot.me, slack.signing_secret, dict, foreign=bot.refusals.foreign), bot.idp)
    )
    house.engine.launch(works(bot.idp))
    yield Acme(house, slack, bot.idp, Ticker(bot.idp))
    house.engine.settle(2.0)
    house.engine.stop(drain=0)  # draining always sleeps for a second first
    bot.close()
    house.idp.database.close()
