"""Commands, presses, and what comes back through acknowledgements and response URLs."""

import threading
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.webhook import WebhookClient

from bot.playground import LocalSlack

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Bolt

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}


def buttons(*labels: str) -> dict[str, Any]:
    elements = [
        {"type": "button", "action_id": f"b{n}", "value": label, "text": {"type": "plain_text", "text": label}}
        for n, label in enumerate(labels)
    ]
    return {"type": "actions", "block_id": "row", "elements": elements}


def test_an_answer_is_seen_by_the_asker_alone(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack, command: ack(text=f"heard {command['text']}", blocks=[SECTION]))
    sent = slack.command("engineer", "general", "/idp who-owns <checkout> & @lead")
    assert sent.ok
    assert sent.message
    assert sent.message.text == "heard who-owns &lt;checkout&gt; &amp; <@U0TEAMLEAD>"
    assert slack.messages("general", seen_by="engineer") == [sent.message]
    assert slack.messages("general", seen_by="lead") == []


def test_an_answer_in_channel_is_seen_by_everybody(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack: ack(response_type="in_channel", text="for all"))
    slack.command("engineer", "general", "/idp x")
    assert [m.text for m in slack.messages("general", seen_by="lead")] == ["for all"]


def test_an_answer_that_slack_would_refuse_is_refused(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack: ack(text="x", blocks=[{"type": "section"}]))
    sent = slack.command("engineer", "general", "/idp x")
    assert sent.error == "invalid_blocks"
    assert "a section needs text or fields" in sent.answer["errors"][0]
    assert slack.messages("general", "engineer")[0].text == "/idp failed with the error “invalid_blocks”"


@pytest.mark.parametrize(("status", "error"), [(500, "http_error"), (404, "http_error")])
def test_a_bot_that_fails_shows_as_such(slack: LocalSlack, bolt: "Bolt", status: int, error: str) -> None:
    bolt.status = status
    assert slack.command("engineer", "general", "/idp x").error == error
    assert error in slack.messages("general", "engineer")[0].text


def test_no_bot_at_all(slack: LocalSlack) -> None:
    assert slack.command("engineer", "general", "/idp x").error == "dispatch_failed"
    slack.events_url = "http://127.0.0.1:9/slack/events"
    assert slack.command("engineer", "general", "/idp x").error == "dispatch_failed"


def test_a_bot_that_is_too_slow(slack: LocalSlack) -> None:
    def never(*_: Any) -> Any:
        raise TimeoutError

    slack.answer_with(never)
    assert slack.command("engineer", "general", "/idp x").error == "operation_timeout"


def test_a_response_url_works_five_times(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack: ack())
    url = slack.command("engineer", "general", "/idp x").payload["response_url"]
    answers = [WebhookClient(url).send(text=str(n)) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert [m.text for m in slack.messages("general", "engineer")] == ["0", "1", "2", "3", "4"]


def test_a_response_url_works_for_thirty_minutes(slack: LocalSlack, on_command: Any, hand: Any) -> None:
    on_command(lambda ack: ack())
    url = slack.command("engineer", "general", "/idp x").payload["response_url"]
    hand.ahead = 29 * 60
    assert WebhookClient(url).send(text="in time").status_code == 200
    hand.ahead = 31 * 60
    assert "expired_url" in WebhookClient(url).send(text="late").body


def test_a_response_url_refuses_bad_blocks(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack: ack())
    url = slack.command("engineer", "general", "/idp x").payload["response_url"]
    answer = WebhookClient(url).send(text="x", blocks=[{"type": "section"}])
    assert answer.status_code == 400
    assert "invalid_blocks" in answer.body


def test_a_press_replaces_and_deletes_its_message(slack: LocalSlack, bolt: "Bolt", client: Any) -> None:
    @bolt.on("action", "b0")
    def replace(ack: Any, respond: Any, body: Any) -> None:
        bolt.seen.append(body)
        ack()
        respond(text="replaced", blocks=[buttons("no", "away")], replace_original=True)

    @bolt.on("action", "b1")
    def delete(ack: Any, respond: Any) -> None:
        ack()
        respond(delete_original=True)

    posted = client.chat_postMessage(channel="#general", text="card", blocks=[buttons("yes", "away")])
    (card,) = slack.messages("general")
    assert slack.press("lead", card, "yes").ok
    slack.wait(lambda: card.text == "replaced")
    payload = bolt.seen[0]
    assert payload["user"]["id"] == "U0TEAMLEAD"
    assert payload["actions"][0]["value"] == "yes"
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0GENERAL0",
        "is_ephemeral": False,
    }
    slack.press("lead", card, "away")
    slack.wait(lambda: not slack.messages("general"))


def test_pressing_what_is_not_there_names_what_is(slack: LocalSlack, client: Any) -> None:
    client.chat_postMessage(channel="#general", text="card", blocks=[buttons("yes")])
    with pytest.raises(LookupError, match=r"b0 \(yes\)"):
        slack.press("lead", slack.messages("general")[0], "no")


def test_twenty_people_at_once(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack, command: ack(text=command["text"]))
    threads = [
        threading.Thread(target=slack.command, args=("engineer", "general", f"/idp {n}")) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(m.text) for m in slack.messages("general", "engineer")) == list(range(20))
    assert len({m.ts for m in slack.messages("general", "engineer")}) == 20


def test_the_history_has_both_directions_without_tokens(slack: LocalSlack, on_command: Any) -> None:
    on_command(lambda ack, client: (client.chat_postMessage(channel="#general", text="x"), ack()))
    slack.command("engineer", "general", "/idp x")
    assert [e.name for e in slack.sent()] == ["command"]
    (call,) = slack.calls("chat.postMessage")
    assert call.request["text"] == "x"
    assert call.answer["ok"]
    assert slack.bot_token not in str([e.as_json() for e in (*slack.sent(), *slack.calls())])
    slack.reset()
    assert [*slack.sent(), *slack.calls(), *slack.messages("general")] == []
