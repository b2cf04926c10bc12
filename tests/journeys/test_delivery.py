"""What Slack sends again, what dies in between, and what is slow: one answer, and never a lost one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import LocalSlack, Message
from data.idp import Idp
from data.store.database import Database
from data.store.inbox import ATTEMPTS, claim, receive
from tests.journeys.conftest import unfinished

if TYPE_CHECKING:
    from tests.journeys.conftest import Replica

MENTION = {
    "type": "app_mention",
    "user": "U0ENGINEER",
    "channel": "C0GENERAL0",
    "ts": "1700000000.000100",
    "text": "<@U0PLAYGRND> who-owns checkout",
}


@pytest.fixture
def kept_in(database: Database) -> Database:
    """Both databases: who answers an event is decided there."""
    return database


def envelope(slack: LocalSlack, event_id: str) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "api_app_id": slack.app_id,
        "team_id": slack.team_id,
        "event_id": event_id,
        "event": MENTION,
    }


def test_the_same_event_four_times_at_once_over_two_replicas_has_one_answer(
    slack: LocalSlack, new_replica: Callable[[], "Replica"]
) -> None:
    replicas = [new_replica(), new_replica()]
    for one in replicas:
        one.bot.me.identity()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: replicas[at % 2].bot.events.take(envelope(slack, "Ev1")), range(4)))
    slack.wait(lambda: slack.calls("chat.postMessage"))
    for one in replicas:
        one.bot.work.close()
    assert len(slack.calls("chat.postMessage")) == 1


def test_a_question_left_behind_by_a_process_that_died_is_answered_by_the_next(
    slack: LocalSlack, new_replica: Callable[[], "Replica"], idp: Idp
) -> None:
    died = new_replica()
    died.bot.me.identity()
    died.bot.work.close()  # it keeps the event, and then nothing of it runs any more
    died.bot.events.take(envelope(slack, "Ev2"))
    assert slack.calls("chat.postMessage") == []
    heir = new_replica()
    heir.bot.sweep()
    slack.wait(lambda: slack.calls("chat.postMessage"))
    heir.bot.work.close()
    with idp.database.store() as store:
        assert claim(store, idp.now() + timedelta(hours=1), timedelta(0)) == []


def test_when_slack_is_down_the_question_waits_and_is_answered_later(
    slack: LocalSlack, replica: "Replica", idp: Idp
) -> None:
    slack.command("engineer", "general", "/idp help")
    slack.fail("chat.postMessage", error="fatal_error")
    slack.say("engineer", "general", "@idp who-owns checkout")
    slack.wait(lambda: slack.calls("chat.postMessage"))
    later = idp.now() + timedelta(minutes=3)
    object.__setattr__(idp, "now", lambda: later)
    replica.bot.sweep()
    slack.wait(lambda: len(slack.calls("chat.postMessage")) == 2)


def test_a_question_that_one_replica_is_at_is_not_taken_up_by_another(
    slack: LocalSlack, new_replica: Callable[[], "Replica"]
) -> None:
    replicas = [new_replica(), new_replica()]
    for one in replicas:
        one.bot.me.identity()
    slack.fail("users.info", hold=(says_who := Event()))
    replicas[0].bot.events.take(envelope(slack, "Ev3"))
    replicas[1].bot.sweep()
    says_who.set()
    slack.wait(lambda: slack.calls("chat.postMessage"))
    for one in replicas:
        one.bot.work.close()
    assert len(slack.calls("chat.postMessage")) == 1


def test_what_is_sent_again_long_after_it_was_answered_has_no_second_answer(
    slack: LocalSlack, replica: "Replica", idp: Idp
) -> None:
    replica.bot.me.identity()
    replica.bot.events.take(envelope(slack, "Ev4"))
    slack.wait(lambda: not unfinished(idp))
    later = idp.now() + timedelta(hours=1)  # Slack's last try
    object.__setattr__(idp, "now", lambda: later)
    replica.bot.sweep()
    replica.bot.events.take(envelope(slack, "Ev4"))
    slack.wait(lambda: not unfinished(idp))
    assert len(slack.calls("chat.postMessage")) == 1


def test_what_slack_refuses_for_good_is_not_tried_again(slack: LocalSlack, replica: "Replica", idp: Idp) -> None:
    replica.bot.me.identity()
    slack.fail("chat.postMessage", error="is_archived")
    replica.bot.events.take(envelope(slack, "Ev5"))
    slack.wait(lambda: not unfinished(idp))
    assert len(slack.calls("chat.postMessage")) == 1


def test_what_nobody_could_do_is_said_to_those_who_run_the_bot(
    replica: "Replica", idp: Idp, caplog: pytest.LogCaptureFixture
) -> None:
    with idp.database.store() as store:
        receive(store, "Ev6", "question", "{}", idp.now())
        for _ in range(ATTEMPTS):
            assert claim(store, idp.now(), timedelta(0))
    replica.bot.sweep()
    assert "gave up the question Ev6" in caplog.text


def test_an_answer_whose_picture_slack_does_not_take_is_not_given_twice(
    slack: LocalSlack, replica: "Replica", idp: Idp
) -> None:
    replica.bot.me.identity()
    slack.fail("files.getUploadURLExternal", error="fatal_error")
    slack.say("engineer", "general", "@idp deps checkout --graph")
    slack.wait(lambda: not unfinished(idp))
    assert len(slack.calls("chat.postMessage")) == 1


def test_twenty_commands_whose_answers_wait_for_slack_are_acknowledged_before_and_all_answered(
    slack: LocalSlack, replica: "Replica"
) -> None:
    replica.bot.me.identity()
    slack.fail("users.info", hold=(says_who := Event()), times=20)
    with ThreadPoolExecutor(20) as pool:
        sent = list(pool.map(lambda _: slack.command("engineer", "general", "/idp who-owns checkout"), range(20)))
    assert {one.status for one in sent} == {200}
    assert not slack.calls("users.info")  # nobody waited for it; the bench measures how long they did wait
    says_who.set()
    slack.wait(lambda: len(slack.calls("response_url")) == 20)
    assert all("Payments" in str(call.request) for call in slack.calls("response_url"))


@pytest.mark.usefixtures("replica")
def test_a_bug_in_a_command_is_a_number_for_the_person(ask: Callable[..., Message], idp: Idp) -> None:
    object.__setattr__(idp, "now", None)
    assert "noted under the number" in ask("engineer", "general", "/idp who-owns checkout").text
