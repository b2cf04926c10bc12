"""The page's door: loopback only, no foreign Host or Origin, no file but its own."""

import http.client
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import LocalSlack
from bot.playground.page.routes import FILES
from tests.waiting import PATIENT

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Bolt


def ask(slack: LocalSlack, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(slack.url.removeprefix("http://"))
    sent = {
        "Host": connection.host + f":{connection.port}",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    content = json.dumps(body) if body is not None else None
    connection.request("POST" if content else "GET", path, content, sent)
    answer = connection.getresponse()
    result = answer.status, dict(answer.headers.items()), answer.read()
    connection.close()
    return result


def act(slack: LocalSlack, **ask_for: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(ask(slack, "/page/act", ask_for, Content_Type="application/json")[2])
    return answer


def test_the_page_may_ask_nobody_else(slack: LocalSlack) -> None:
    status, headers, body = ask(slack, "/")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "http" not in body.decode().replace("http-equiv", "")
    for name in ("app.js", "base.css"):
        assert ask(slack, f"/page/{name}")[0] == 200


def test_what_a_made_up_link_names_is_shown_as_text_only(slack: LocalSlack) -> None:
    status, _, body = ask(slack, "/elsewhere?to=https://x.acme.example/%3Cscript%3E&label=%3Cb%3EDocs")
    assert status == 200
    assert b"https://x.acme.example/&lt;script&gt;" in body
    assert b"<h1>&lt;b&gt;Docs</h1>" in body
    assert ask(slack, "/elsewhere?to=javascript:alert(1)")[0] == 400


@pytest.mark.parametrize("path", ["/", "/page/state.json", "/api/auth.test", "/page/feed?as=engineer"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_foreign_hosts_and_origins_are_refused(slack: LocalSlack, path: str, headers: dict[str, str]) -> None:
    assert ask(slack, path, **headers)[0] == 403


@pytest.mark.parametrize(
    "path", ["/page/../people.py", "/page/%2e%2e/people.py", "/page//etc/passwd", "/page/nothing.js", "/page/"]
)
def test_no_other_file_is_served(slack: LocalSlack, path: str) -> None:
    assert ask(slack, path)[0] == 404


def test_a_form_of_another_page_cannot_act(slack: LocalSlack) -> None:
    body = {"as": "engineer", "act": "reset"}
    assert ask(slack, "/page/act", body, Content_Type="text/plain")[0] == 404


def test_acting_through_the_page(slack: LocalSlack) -> None:
    said = act(slack, **{"as": "engineer"}, act="say", channel="general", text="hello")
    assert said["ok"]
    react = {"as": "lead", "act": "react", "channel": "C0GENERAL0", "ts": said["ts"], "name": "eyes"}
    act(slack, **react)
    assert slack.messages("general")[0].body["reactions"][0]["users"] == ["U0TEAMLEAD"]
    act(slack, **react)
    assert slack.messages("general")[0].body["reactions"] == []
    assert not act(slack, **{"as": "nobody"}, act="say", channel="general", text="x")["ok"]
    assert act(slack, act="dance") == {"ok": False, "error": "unknown_act"}


def test_shortcuts_through_the_page(slack: LocalSlack, bolt: "Bolt") -> None:
    @bolt.on("shortcut", "register")
    def register(ack: Any, payload: Any) -> None:
        bolt.seen.append(payload)
        ack()

    said = slack.say("engineer", "general", "this repository")
    act(slack, **{"as": "engineer"}, act="shortcut", shortcut="register")
    act(slack, **{"as": "engineer"}, act="shortcut", shortcut="register", channel=said.channel, ts=said.ts)
    assert [p.get("message", {}).get("text") for p in bolt.seen] == [None, "this repository"]


def test_a_form_on_the_page_keeps_what_the_bot_chose_and_forgets_fields_that_are_gone(
    slack: LocalSlack, bolt: "Bolt"
) -> None:
    chosen = {"text": {"type": "plain_text", "text": "Payments"}, "value": "team:1"}
    owner = {"type": "external_select", "action_id": "in", "initial_option": chosen}
    block = {
        "type": "input",
        "block_id": "owner",
        "label": {"type": "plain_text", "text": "Owner"},
        "element": owner,
    }
    title = {"type": "plain_text", "text": "New"}
    view = {"type": "modal", "callback_id": "m", "title": title, "submit": title, "blocks": [block]}

    @bolt.on("command", "/idp")
    def open_modal(ack: Any, client: Any, command: Any) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=view)
        ack()

    @bolt.on("view", "m")
    def submitted(ack: Any, payload: Any) -> None:
        bolt.seen.append(payload["state"]["values"])
        ack()

    slack.command("engineer", "general", "/idp new")
    values = {"owner": {"in": "team:1"}, "page-before": {"in": "what stood there"}}
    assert act(slack, **{"as": "engineer"}, act="submit", values=values)["ok"]
    assert [seen["owner"]["in"]["selected_option"]["value"] for seen in bolt.seen] == ["team:1"]


def test_only_ones_own_messages_are_deleted(slack: LocalSlack) -> None:
    said = slack.say("engineer", "general", "oops")
    where = {"channel": said.channel, "ts": said.ts}
    assert act(slack, **{"as": "lead"}, act="delete", **where) == {"ok": False, "error": "cant_delete_message"}
    assert act(slack, **{"as": "engineer"}, act="delete", **where)["ok"]
    assert slack.messages("general") == []


def test_a_chosen_file_is_kept_under_its_name_alone(slack: LocalSlack) -> None:
    path = "/page/upload?as=engineer&name=../../notes.txt"
    status, _, body = ask(slack, path, "hello", Content_Type="application/octet-stream")
    file = slack.core.workspace.files[json.loads(body)["id"]]
    assert (status, file.name, file.data) == (200, "notes.txt", b'"hello"')
    assert ask(slack, path, "hello", Content_Type="text/plain")[0] == 404


def test_a_link_to_a_message_opens_the_page(slack: LocalSlack) -> None:
    said = slack.say("engineer", "general", "hello")
    path = f"/archives/{said.channel}/p{said.ts.replace('.', '')}"
    assert ask(slack, path)[2] == ask(slack, "/")[2]


def test_each_person_sees_their_own_places(slack: LocalSlack) -> None:
    def places(person: str) -> set[str]:
        state = json.loads(ask(slack, f"/page/state.json?as={person}")[2])
        return {c["name"] for c in state["channels"] if c["kind"] != "im"}

    assert places("engineer") == {"general", "payments", "shared", "archived"}
    assert places("stranger") == {"shared"}
    assert places("guest") == {"general"}
    assert ask(slack, "/page/state.json?as=nobody")[0] == 400


def test_the_feed_is_live_and_private(slack: LocalSlack) -> None:
    connection = http.client.HTTPConnection(slack.url.removeprefix("http://"), timeout=PATIENT)
    connection.request("GET", f"/page/feed?as=lead&after={slack.core.workspace.seq}")
    feed = connection.getresponse()
    channel = slack.core.workspace.channel("general")
    slack.core.workspace.post(channel, {"user": "U0ENGINEER", "text": "secret"}, only_for="U0ENGINEER")
    slack.say("engineer", "general", "public")
    texts = []
    while "public" not in texts:
        line = feed.readline().decode()
        if line.startswith("data:"):
            texts.append(json.loads(line[5:]).get("message", {}).get("text"))
    assert "secret" not in texts
    connection.close()


def test_every_file_of_the_page_is_named_in_it(slack: LocalSlack) -> None:
    page = ask(slack, "/")[2].decode()
    assert [f.name for f in FILES.iterdir() if f.name != "index.html" and f"/page/{f.name}" not in page] == []


def test_nonsense_is_refused_politely(slack: LocalSlack) -> None:
    assert ask(slack, "/page/feed?as=engineer&after=x")[0] == 400
    assert ask(slack, "/page/act", [1], Content_Type="application/json")[0] == 400


def test_a_taken_port_is_said_at_once(slack: LocalSlack) -> None:
    with pytest.raises(OSError, match="in use"):
        LocalSlack(port=int(slack.url.rpartition(":")[2])).start()


def test_stopping_ends_live_feeds_at_once() -> None:
    with LocalSlack() as local:
        connection = http.client.HTTPConnection(local.url.removeprefix("http://"), timeout=PATIENT)
        connection.request("GET", f"/page/feed?as=lead&after={local.core.workspace.seq}")
        feed = connection.getresponse()
    begin = time.monotonic()
    feed.read()  # to its end; one that nobody wakes notices only when it says something, every five seconds
    assert time.monotonic() - begin < 4.5
    connection.close()
