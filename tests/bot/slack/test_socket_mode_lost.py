"""How long Slack may be without a connection before that is said."""

import pytest

from bot.slack.socket_mode import PATIENCE, Lost


def test_a_lost_connection_is_said_with_its_age_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="idp")
    at = [1000.0]
    lost = Lost(lambda: at[0])
    lost.look(True)
    lost.look(False)
    at[0] += PATIENCE - 1
    lost.look(False)
    assert lost.error == ""  # Slack renews connections, which is nothing to tell
    at[0] += 601
    for _ in range(3):
        lost.look(False)
    gone = "There has been no Socket Mode connection to Slack for 11m."
    assert lost.error == gone
    lost.look(True)
    assert lost.error == ""
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"{gone} Slack is asked for a new one every few seconds.",
        "connected by Socket Mode again, after 11m",
    ]
