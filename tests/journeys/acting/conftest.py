"""The company at work, on whatever database the test names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.playground.people import load_company
from bot.processes.web import Web
from bot.slack.app import build_bot
from commands import verbs
from tests.journeys.acting.acme import COMPANY, Acme, catalog
from tests.journeys.conftest import PATIENCE, Door, Replica
from tests.workflows.conftest import migrated_postgres, migrated_sqlite  # noqa: F401  # fixtures: used by name
from tests.workflows.house import House, build
from workflows.works import PERIODS, Ticker, works


@pytest.fixture
def slack(door: Door) -> Iterator[LocalSlack]:
    company = load_company(COMPANY.read_bytes())
    with LocalSlack(post=door, company=company, retry_waits=(0.0, 0.05, 0.1), patience=PATIENCE) as slack:
        yield slack


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Slack is patient here, so are we: what is ready a moment later still goes into the acknowledgement."""
    for limit in ("incoming.kept_forms.WITHIN", "incoming.presses.WITHIN", "modals.wizard.IN_TIME"):
        monkeypatch.setattr(f"bot.slack.{limit}", PATIENCE / 2)


@contextmanager
def at_work(house: House, slack: LocalSlack, door: Door, periods: Mapping[str, int] = PERIODS) -> Iterator[Acme]:
    """The bot of this house behind the door; `periods` are the works that its clock begins, in seconds."""
    bot = build_bot(house.idp, slack.bot_token, slack.api_url)
    web = Web(bot.app, bot.me, slack.signing_secret, dict, foreign=bot.refusals.foreign)
    door.replicas.append(Replica(bot, web, bot.idp))
    house.engine.launch(works(bot.idp))
    yield Acme(house, slack, bot.idp, Ticker(bot.idp, periods))
    house.rest()
    bot.close()
    house.idp.database.close()


@pytest.fixture
def acme(database_url: str, tmp_path: Path, slack: LocalSlack, door: Door) -> Iterator[Acme]:
    verbs()  # found before anybody asks, as the process does
    house = build(database_url, tmp_path)
    house.catalog.snapshot = catalog()
    with at_work(house, slack, door) as acme:
        yield acme
