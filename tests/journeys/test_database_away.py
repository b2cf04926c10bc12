"""The database is away: nothing is acknowledged that was not kept, and it works again by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.playground import LocalSlack
from data.idp import Idp
from tests.journeys.conftest import PATIENCE

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Replica


@pytest.fixture
def slack(door: "Door") -> Iterator[LocalSlack]:
    """One whose repetitions leave time to bring the database back, also where that takes long."""
    with LocalSlack(post=door, retry_waits=(0.3, 3.0, 30.0), patience=PATIENCE) as slack:
        yield slack


@pytest.fixture
def link(idp: Idp) -> Path:
    """The database's path, made a link that can be turned elsewhere and back in one step."""
    path = Path(idp.database.location)
    path.rename(path.with_name("real.db"))
    path.symlink_to("real.db")
    return path


def turn(link: Path, target: str) -> None:
    other = link.with_name("other")
    other.symlink_to(target)
    other.replace(link)


def test_what_could_not_be_kept_is_not_acknowledged_and_is_answered_when_slack_sends_it_again(
    slack: LocalSlack, replica: "Replica", idp: Idp, link: Path
) -> None:
    replica.bot.me.identity()
    idp.database.close()
    turn(link, "no-such-folder/idp.db")
    said = slack.say("engineer", "general", "@idp who-owns checkout")
    first = slack.sent("event app_mention")[0]
    turn(link, "real.db")
    slack.wait(lambda: slack.thread("general", said.ts)[1:])
    assert first.status == 503
    replica.bot.work.close()
    assert len(slack.thread("general", said.ts)) == 2
