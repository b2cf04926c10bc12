"""Where the picture of an answer goes: to those who may read the answer, and to nobody else."""

from typing import Any

import pytest

from bot.playground import LocalSlack, Message

pytestmark = pytest.mark.usefixtures("replica")


def pictures(slack: LocalSlack) -> list[tuple[str, Message]]:
    """Every picture that was posted, with the channel in which it stands, once there is one."""

    def posted() -> list[tuple[str, Message]]:
        rooms = slack.core.workspace.channels.values()
        return [(room.id, m) for room in rooms for m in room.messages.values() if m.body.get("files")]

    found: list[tuple[str, Message]] = slack.wait(posted)
    return found


def direct(slack: LocalSlack, person: str) -> str:
    return slack.core.workspace.channel("dm", person).id


def test_that_of_a_private_answer_reaches_the_asker_alone(slack: LocalSlack) -> None:
    slack.command("engineer", "general", "/idp deps checkout --graph")
    ((where, message),) = pictures(slack)
    assert where == direct(slack, "engineer")
    (file,) = message.body["files"]
    picture = slack.core.workspace.files[file["id"]].data
    assert picture
    assert picture.startswith(b"\x89PNG")
    assert "checkout" in file["alt_txt"]


def test_that_of_a_shared_answer_is_shown_to_the_channel(slack: LocalSlack) -> None:
    slack.command("engineer", "general", "/idp deps checkout --graph --share")
    assert [where for where, _ in pictures(slack)] == ["C0GENERAL0"]


@pytest.mark.parametrize("channel", ["shared", "payments"])  # outsiders read it; the bot is not in it
def test_that_of_an_answer_which_was_not_shared_reaches_the_asker(slack: LocalSlack, channel: str) -> None:
    slack.command("engineer", channel, "/idp deps checkout --graph --share")
    assert [where for where, _ in pictures(slack)] == [direct(slack, "engineer")]


def test_that_of_a_mention_stands_in_its_thread(slack: LocalSlack) -> None:
    said = slack.say("engineer", "general", "before we call anybody, @idp deps checkout --graph")
    ((where, message),) = pictures(slack)
    assert (where, message.thread) == ("C0GENERAL0", said.ts)


def test_that_of_a_mention_where_outsiders_read_reaches_the_asker(slack: LocalSlack) -> None:
    slack.say("engineer", "shared", "@idp deps checkout --graph")
    assert [where for where, _ in pictures(slack)] == [direct(slack, "engineer")]


def test_that_of_a_pressed_button_reaches_who_pressed(slack: LocalSlack) -> None:
    element: dict[str, Any] = {"type": "button", "action_id": "ask:0", "value": "deps checkout --graph"}
    element["text"] = {"type": "plain_text", "text": "Draw"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [element]}]
    posted = slack.core.workspace.post(slack.core.workspace.channel("general"), {"text": "x", "blocks": blocks})
    slack.press("lead", posted, "Draw")
    assert [where for where, _ in pictures(slack)] == [direct(slack, "lead")]


def test_a_channel_that_refuses_files_does_not_lose_the_picture(slack: LocalSlack) -> None:
    slack.fail("files.completeUploadExternal", error="channel_type_not_supported")
    slack.command("engineer", "general", "/idp deps checkout --graph --share")
    assert [where for where, _ in pictures(slack)] == [direct(slack, "engineer")]
