"""The Web API as the official client meets it."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground import LocalSlack
from bot.playground.core import SCOPES

CARD = [{"type": "section", "text": {"type": "mrkdwn", "text": "card"}}]


def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as fault:
        call()
    answer = fault.value.response.data
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "payments", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "archived", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "general"}, "no_text"),
        ("chat.postMessage", {"channel": "general", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "general", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "general", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.update", {"channel": "general", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "general", "ts": "1.2"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "general", "message_ts": "1.2"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "general", "user": "U0STRANGER", "text": "x"}, "user_not_in_channel"),
        ("chat.scheduleMessage", {"channel": "general", "text": "x", "post_at": 1}, "time_in_past"),
        ("users.info", {"user": "U0NOBODY00"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "dee@acme.example"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("conversations.info", {"channel": "payments"}, "channel_not_found"),
        ("conversations.list", {"cursor": "nonsense"}, "invalid_cursor"),
        ("conversations.list", {"limit": 1001}, "invalid_limit"),
        ("conversations.open", {"users": "U0DEPARTED"}, "user_disabled"),
        ("conversations.replies", {"channel": "general", "ts": "1.2"}, "thread_not_found"),
        ("reactions.add", {"channel": "general", "timestamp": "1.2", "name": "eyes"}, "message_not_found"),
        ("views.open", {"trigger_id": "1.2.x", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
        (
            "views.update",
            {"view_id": "V0", "view": {"type": "home", "blocks": [{"type": "divider"}]}},
            "not_found",
        ),
        ("files.completeUploadExternal", {"files": [{"id": "F0"}]}, "file_not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("no.such.method", {}, "unknown_method"),
    ],
)
def test_refusals(client: WebClient, method: str, args: dict[str, Any], error: str) -> None:
    assert refused(lambda: client.api_call(method, json=args))["error"] == error


def test_bad_blocks_are_refused_with_the_reasons(client: WebClient, slack: LocalSlack) -> None:
    answer = refused(lambda: client.chat_postMessage(channel="general", text="x", blocks=[{"type": "header"}]))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]
    assert slack.messages("general") == []


def test_tokens(slack: LocalSlack) -> None:
    assert refused(WebClient("xoxb-wrong", base_url=slack.api_url).auth_test)["error"] == "invalid_auth"
    assert refused(WebClient(base_url=slack.api_url).auth_test)["error"] == "not_authed"


def test_a_missing_scope_is_named() -> None:
    with LocalSlack(scopes={"chat:write"}) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        assert client.auth_test().headers["x-oauth-scopes"] == "chat:write"
        assert refused(lambda: client.users_info(user="U0ENGINEER"))["needed"] == "users:read"
        slack.core.workspace.channels["C0GENERAL0"].members.clear()
        assert refused(lambda: client.chat_postMessage(channel="general", text="x"))["error"] == "not_in_channel"


def test_the_scope_for_a_history_is_that_of_the_kind_of_its_channel() -> None:
    with LocalSlack(scopes={"chat:write", "im:history", "im:write"}) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        direct = client.conversations_open(users="U0ENGINEER")["channel"]["id"]
        posted = client.chat_postMessage(channel=direct, text="for you")
        assert [m["text"] for m in client.conversations_history(channel=direct)["messages"]] == ["for you"]
        assert client.conversations_replies(channel=direct, ts=posted["ts"])["ok"]
        needed = refused(lambda: client.conversations_history(channel="C0GENERAL0"))["needed"]
        assert needed == "channels:history"
        slack.core.workspace.channels["C0GENERAL0"].kind = "private"
        needed = refused(lambda: client.conversations_history(channel="C0GENERAL0"))["needed"]
        assert needed == "groups:history"


def test_a_message_is_posted_updated_and_deleted(client: WebClient, slack: LocalSlack) -> None:
    posted = client.chat_postMessage(channel="#general", text="one", blocks=CARD)
    assert posted["message"]["blocks"][0]["block_id"]
    link = client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])["permalink"]
    assert link.endswith(f"/archives/C0GENERAL0/p{posted['ts'].replace('.', '')}")
    client.chat_update(channel=posted["channel"], ts=posted["ts"], text="two")
    assert [(m.text, m.blocks) for m in slack.messages("general")] == [("two", [])]
    client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert slack.messages("general") == []


def test_nobody_changes_the_words_of_others(client: WebClient, slack: LocalSlack) -> None:
    said = slack.say("engineer", "general", "mine")
    for call, error in ((client.chat_update, "cant_update_message"), (client.chat_delete, "cant_delete_message")):
        answer = refused(lambda call=call: call(channel=said.channel, ts=said.ts, text="x"))
        assert answer["error"] == error


def test_threads(client: WebClient, slack: LocalSlack) -> None:
    root = slack.say("engineer", "general", "root")
    reply = client.chat_postMessage(channel="general", text="reply", thread_ts=root.ts)
    again = client.chat_postMessage(channel="general", text="deeper", thread_ts=reply["ts"])
    assert again["message"]["thread_ts"] == root.ts
    assert [m.text for m in slack.thread("general", root.ts)] == ["root", "reply", "deeper"]
    assert root.body["reply_count"] == 2
    history = client.conversations_history(channel="general")["messages"]
    assert [m["text"] for m in history] == ["root"]
    replies = client.conversations_replies(channel="general", ts=root.ts)["messages"]
    assert [m["text"] for m in replies] == ["root", "reply", "deeper"]


def test_an_ephemeral_has_one_reader(client: WebClient, slack: LocalSlack) -> None:
    client.chat_postEphemeral(channel="general", user="U0ENGINEER", text="psst")
    assert [m.text for m in slack.messages("general", "engineer")] == ["psst"]
    assert slack.messages("general") == slack.messages("general", "lead") == []
    assert client.conversations_history(channel="general")["messages"] == []


def test_an_ephemeral_is_not_changed_by_its_time(client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel="general", user="U0ENGINEER", text="psst")["message_ts"]
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel="C0GENERAL0", ts=ts, text="louder")


def test_lists_come_in_pages(client: WebClient, slack: LocalSlack) -> None:
    names = [user["name"] for page in client.users_list(limit=4) for user in page["members"]]
    assert len(slack.calls("users.list")) == 3
    assert len(names) == len(set(names)) == 9
    assert {c["name"] for c in client.conversations_list()["channels"]} == {"general", "shared", "archived"}
    assert {c["name"] for c in client.conversations_list(exclude_archived=True)["channels"]} == {
        "general",
        "shared",
    }


def test_who_somebody_is(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="LEE@acme.example")["user"]["name"] == "lead"
    assert client.users_info(user="U0STRANGER")["user"]["is_stranger"]
    assert client.users_info(user="U0THEGUEST")["user"]["is_restricted"]
    assert client.users_info(user="U0DEPARTED")["user"]["deleted"]
    assert client.users_info(user="U0OTHERBOT")["user"]["is_bot"]
    group = client.usergroups_list(include_users=True)["usergroups"][0]
    assert group["users"] == client.usergroups_users_list(usergroup=group["id"])["users"]


def test_where_somebody_is(client: WebClient) -> None:
    assert client.conversations_info(channel="C0SHARED00")["channel"]["is_ext_shared"]
    assert "U0STRANGER" in client.conversations_members(channel="C0SHARED00")["members"]
    direct = client.conversations_open(users="U0ENGINEER")["channel"]["id"]
    assert client.conversations_open(users="U0ENGINEER", return_im=True)["channel"]["user"] == "U0ENGINEER"
    assert client.chat_postMessage(channel="U0ENGINEER", text="hi")["channel"] == direct


def test_files_in_three_steps(client: WebClient, slack: LocalSlack) -> None:
    client.files_upload_v2(
        channel="C0GENERAL0", content=b"\x89PNG", filename="graph.png", title="Graph", alt_txt="a to b"
    )
    (message,) = slack.messages("general")
    (file,) = message.body["files"]
    assert (file["title"], file["alt_txt"], file["mimetype"]) == ("Graph", "a to b", "image/png")
    with urllib.request.urlopen(f"{slack.url}/page/files/{file['id']}?as=engineer") as shown:
        assert shown.read() == b"\x89PNG"
        assert shown.headers["Content-Type"] == "image/png"
    image = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "graph"}
    assert client.chat_postMessage(channel="general", text="x", blocks=[image])["ok"]
    client.files_delete(file=file["id"])
    assert refused(lambda: client.chat_postMessage(channel="general", text="x", blocks=[image]))["error"]


def test_a_file_is_opened_only_where_it_is_shared_or_shown(client: WebClient, slack: LocalSlack) -> None:
    kept = client.files_upload_v2(content=b"\x89PNG", filename="trend.png")["files"][0]

    def opens(person: str) -> bool:
        try:
            with urllib.request.urlopen(f"{kept['permalink']}?as={person}") as shown:
                return bool(shown.read())
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return False

    client.chat_postMessage(channel="U0ENGINEER", text=f"see <{kept['permalink']}|the picture>")
    assert not opens("engineer")  # a link shares nothing
    image = {"type": "image", "slack_file": {"id": kept["id"]}, "alt_text": "trend"}
    client.chat_postMessage(channel="U0ENGINEER", text="see", blocks=[image])
    assert opens("engineer")
    assert not opens("lead")
    client.chat_postMessage(channel="general", text="see", blocks=[image])
    assert opens("lead")


def test_what_is_no_picture_is_downloaded(client: WebClient, slack: LocalSlack) -> None:
    client.files_upload_v2(channel="C0GENERAL0", content="<script>", filename="evil.html")
    ident = slack.messages("general")[0].body["files"][0]["id"]
    with urllib.request.urlopen(f"{slack.url}/page/files/{ident}?as=engineer") as shown:
        assert shown.headers["Content-Disposition"] == "attachment"
        assert shown.headers["Content-Type"] == "application/octet-stream"


def test_reactions(client: WebClient, slack: LocalSlack) -> None:
    said = slack.say("engineer", "general", "x")
    client.reactions_add(channel=said.channel, timestamp=said.ts, name="eyes")
    assert said.body["reactions"] == [{"name": "eyes", "users": [slack.bot_user_id], "count": 1}]
    again = refused(lambda: client.reactions_add(channel=said.channel, timestamp=said.ts, name="eyes"))
    assert again["error"] == "already_reacted"
    client.reactions_remove(channel=said.channel, timestamp=said.ts, name="eyes")
    assert said.body["reactions"] == []


def test_a_scheduled_message_comes_when_it_is_time(client: WebClient, slack: LocalSlack, hand: Any) -> None:
    at = int(hand()) + 1
    client.chat_scheduleMessage(channel="general", text="later", post_at=at)
    gone = client.chat_scheduleMessage(channel="general", text="never", post_at=at)["scheduled_message_id"]
    client.chat_deleteScheduledMessage(channel="general", scheduled_message_id=gone)
    slack.wait(lambda: [m.text for m in slack.messages("general")] == ["later"])


def test_a_stream_grows(client: WebClient, slack: LocalSlack) -> None:
    root = slack.say("engineer", "general", "tell me")
    started = client.chat_startStream(channel="C0GENERAL0", thread_ts=root.ts, markdown_text="a")
    client.chat_appendStream(channel="C0GENERAL0", ts=started["ts"], markdown_text="b")
    client.chat_stopStream(channel="C0GENERAL0", ts=started["ts"], markdown_text="c", blocks=CARD)
    reply = slack.thread("general", root.ts)[1]
    assert (reply.text, reply.blocks[0]["text"]["text"]) == ("abc", "card")


def test_prompts_and_status(client: WebClient, slack: LocalSlack) -> None:
    direct = client.conversations_open(users="U0ENGINEER")["channel"]["id"]
    client.assistant_threads_setSuggestedPrompts(
        channel_id=direct, thread_ts="", prompts=[{"title": "Mine", "message": "mine"}]
    )
    client.assistant_threads_setStatus(channel_id=direct, thread_ts="", status="is looking")
    assert slack.core.prompts[direct]["prompts"][0]["title"] == "Mine"
    assert slack.core.prompts[direct]["status"] == "is looking"


def test_a_form_says_the_same_as_json(slack: LocalSlack) -> None:
    body = f"token={slack.bot_token}&channel=general&text=form&blocks={json.dumps(CARD)}".encode()
    with urllib.request.urlopen(urllib.request.Request(f"{slack.api_url}chat.postMessage", body)) as answer:
        assert json.load(answer)["ok"]
    assert slack.messages("general")[0].blocks[0]["text"]["text"] == "card"


def test_canvases_and_work_objects(client: WebClient, slack: LocalSlack) -> None:
    ident = client.canvases_create(title="Notes")["canvas_id"]
    client.canvases_edit(canvas_id=ident, changes=[{"operation": "insert_at_end"}])
    assert len(slack.core.canvases[ident]) == 2
    assert refused(lambda: client.canvases_edit(canvas_id="F0", changes=[]))["error"] == "canvas_not_found"
    assert refused(lambda: client.entity_presentDetails(trigger_id="1.2.x"))["error"] == "invalid_trigger_id"


def test_the_apps_scopes_are_those_of_its_manifest() -> None:
    manifest = (Path(__file__).parents[4] / "slack-manifest.yaml").read_text()
    asked = re.findall(
        r"^ {6}- ([a-z_:.]+)", manifest.partition("scopes:")[2].partition("settings:")[0], re.MULTILINE
    )
    assert set(asked) == set(SCOPES)
