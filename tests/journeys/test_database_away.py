"""The database is away: nothing is acknowledged that was not kept, and it works again by itself."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.playground import LocalSlack
from data.idp import Idp

if TYPE_CHECKING:
    from tests.journeys.conftest import Replica


def test_a_delivery_that_could_not_be_kept_is_not_acknowledged_and_answered_when_slack_sends_it_again(
    slack: LocalSlack, replica: "Replica", idp: Idp
) -> None:
    idp.database.close()
    file = idp.database.location
    replica.bot.me.identity()
    moved = _move_away(file)
    said = slack.say("engineer", "general", "@idp who-owns checkout")
    first = slack.sent("event app_mention")[0]
    _move_back(moved, file)
    slack.wait(lambda: slack.thread("general", said.ts)[1:], 5)
    assert first.status == 503
    assert len(slack.calls("chat.postMessage")) == 1


def _move_away(file: str) -> str:
    Path(file).rename(file + ".away")
    Path(file).mkdir()
    return file + ".away"


def _move_back(moved: str, file: str) -> None:
    Path(file).rmdir()
    Path(moved).rename(file)
