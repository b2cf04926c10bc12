"""Modals and Home: triggers, the stack, what comes back from a submit."""

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground import LocalSlack

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Bolt


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def field(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name),
        "element": {"action_id": "in", **element},
        **more,
    }


OPTIONS = [{"text": plain(text), "value": text} for text in ("small", "large")]
FORM = [
    field("name", {"type": "plain_text_input", "min_length": 3}),
    field("owner", {"type": "external_select", "min_query_length": 1}),
    field("size", {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[0]}),
    field("tags", {"type": "checkboxes", "options": OPTIONS}, optional=True),
    field("mail", {"type": "email_text_input"}, optional=True),
    field("count", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, optional=True),
]


def modal(title: str = "New", blocks: Any = FORM, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "submit": plain("Go"), "blocks": blocks, **more}


@pytest.fixture
def opened(slack: LocalSlack, bolt: "Bolt") -> "Bolt":
    """A modal that /idp opens; gives the Bolt app for more listeners."""

    @bolt.on("command", "/idp")
    def open_modal(ack: Any, client: Any, command: Any) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=modal(callback_id="m", notify_on_close=True))
        ack()

    @bolt.on("options", "in")
    def suggest(ack: Any, payload: Any) -> None:
        ack(options=[{"text": plain(f"{payload['value']}-{n}"), "value": f"team:{n}"} for n in range(3)])

    assert slack.command("engineer", "general", "/idp new").ok
    return bolt


def submitted(bolt: "Bolt", **answer: Any) -> None:
    @bolt.on("view", "m")
    def take(ack: Any, view: Any) -> None:
        bolt.seen.append(view)
        ack(**answer)


def fill(slack: LocalSlack) -> dict[str, Any]:
    slack.suggest("engineer", slack.modal("engineer"), "owner", "pay")
    return {"name": "checkout", "owner": "pay-1", "tags": ["large"], "count": "7"}


def test_a_select_keeps_what_it_begins_with_and_what_was_chosen_before(slack: LocalSlack, bolt: "Bolt") -> None:
    begun = {"text": plain("Payments"), "value": "team:p"}
    form = [
        field("owner", {"type": "external_select", "initial_option": begun}),
        field("helpers", {"type": "multi_external_select", "initial_options": [begun]}),
    ]

    @bolt.on("command", "/idp")
    def open_modal(ack: Any, client: Any, command: Any) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=modal(blocks=form, callback_id="m"))
        ack()

    @bolt.on("options", "in")
    def suggest(ack: Any, payload: Any) -> None:
        ack(options=[{"text": plain(payload["value"]), "value": f"team:{payload['value']}"}])

    submitted(bolt)
    slack.command("engineer", "general", "/idp new")
    for query in ("shop", "search"):
        slack.suggest("engineer", slack.modal("engineer"), "helpers", query)
    assert slack.submit("engineer", {"owner": "team:p", "helpers": ["team:p", "team:shop", "team:search"]}).ok
    values = {name: row["in"] for name, row in bolt.seen[0]["state"]["values"].items()}
    assert values["owner"]["selected_option"] == begun
    assert [o["value"] for o in values["helpers"]["selected_options"]] == ["team:p", "team:shop", "team:search"]


def test_more_suggestions_than_slack_takes_are_none(slack: LocalSlack, bolt: "Bolt") -> None:
    @bolt.on("command", "/idp")
    def open_modal(ack: Any, client: Any, command: Any) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=modal(callback_id="m"))
        ack()

    @bolt.on("options", "in")
    def suggest(ack: Any) -> None:
        ack(options=[{"text": plain(str(n)), "value": str(n)} for n in range(101)])

    slack.command("engineer", "general", "/idp new")
    assert slack.suggest("engineer", slack.modal("engineer"), "owner", "pay") == []


def test_a_filled_form_arrives_and_closes(slack: LocalSlack, opened: "Bolt") -> None:
    submitted(opened)
    assert slack.submit("engineer", fill(slack)).ok
    values = {name: row["in"] for name, row in opened.seen[0]["state"]["values"].items()}
    assert values["name"] == {"type": "plain_text_input", "value": "checkout"}
    assert values["owner"]["selected_option"]["value"] == "team:1"
    assert values["size"]["selected_option"]["value"] == "small"
    assert [o["value"] for o in values["tags"]["selected_options"]] == ["large"]
    assert values["mail"]["value"] is None
    with pytest.raises(LookupError, match="no modal"):
        slack.modal("engineer")


def test_a_press_in_a_form_carries_the_whole_form(slack: LocalSlack, opened: "Bolt") -> None:
    @opened.on("action", "in")
    def chosen(ack: Any, body: Any) -> None:
        opened.seen.append(body["view"]["state"]["values"])
        ack()

    slack.fill("engineer", {"name": "checkout"})
    slack.press("engineer", slack.modal("engineer"), "size", "large")
    (values,) = opened.seen
    assert values["size"]["in"]["selected_option"]["value"] == "large"
    assert values["name"]["in"]["value"] == "checkout"
    assert values["tags"]["in"]["selected_options"] == []


def test_files_in_a_form(slack: LocalSlack, client: WebClient, on_command: Any, bolt: "Bolt") -> None:
    form = modal(blocks=[field("files", {"type": "file_input", "max_files": 1})], callback_id="m")
    client.views_open(trigger_id=trigger(slack, on_command), view=form)
    submitted(bolt)
    one, two = (slack.upload("engineer", f"{n}.txt", b"hello") for n in range(2))
    assert slack.submit("engineer").errors == {"files": "Please complete this required field."}
    assert slack.submit("engineer", {"files": [one.id, two.id]}).errors == {
        "files": "Please attach at most 1 files."
    }
    assert slack.submit("engineer", {"files": [two.id]}).ok
    (file,) = bolt.seen[0]["state"]["values"]["files"]["in"]["files"]
    assert (file["name"], file["size"], file["user"]) == ("1.txt", 5, "U0ENGINEER")


def test_slacks_own_client_refuses_first(slack: LocalSlack, opened: "Bolt") -> None:
    submitted(opened)
    errors = slack.submit("engineer", {"name": "ab", "mail": "nobody", "count": "10"}).errors
    assert errors == {
        "name": "Please enter at least 3 characters.",
        "owner": "Please complete this required field.",
        "mail": "Please enter a valid email address.",
        "count": "Please enter a number of at most 9.",
    }
    assert opened.seen == []


def test_errors_stand_beside_their_fields(slack: LocalSlack, opened: "Bolt") -> None:
    submitted(opened, response_action="errors", errors={"name": "is taken"})
    sent = slack.submit("engineer", fill(slack))
    assert sent.errors == {"name": "is taken"}
    assert slack.modal("engineer").inputs["name"]["in"]["value"] == "checkout"


def test_an_error_for_no_field_is_a_fault_of_the_bot(slack: LocalSlack, opened: "Bolt") -> None:
    submitted(opened, response_action="errors", errors={"nowhere": "x"})
    assert slack.submit("engineer", fill(slack)).error == "invalid_errors"


def test_update_push_and_clear(slack: LocalSlack, opened: "Bolt") -> None:
    view = modal("Sure?", [{"type": "divider"}], callback_id="m2")
    submitted(opened, response_action="push", view=view)
    slack.submit("engineer", fill(slack))
    top = slack.modal("engineer")
    assert (top.body["title"]["text"], len(slack.core.modals.stacks["U0ENGINEER"])) == ("Sure?", 2)
    assert top.as_slack()["root_view_id"] == top.as_slack()["previous_view_id"] != top.id

    @opened.on("view", "m2")
    def update(ack: Any) -> None:
        ack(response_action="update", view=modal("Done", [{"type": "divider"}], callback_id="m3"))

    slack.submit("engineer")
    assert slack.modal("engineer").body["title"]["text"] == "Done"

    @opened.on("view", "m3")
    def clear(ack: Any) -> None:
        ack(response_action="clear")

    slack.submit("engineer")
    assert slack.core.modals.stacks["U0ENGINEER"] == []


def test_a_view_that_slack_would_refuse_leaves_the_old_one(slack: LocalSlack, opened: "Bolt") -> None:
    submitted(opened, response_action="update", view=modal("x" * 25))
    assert slack.submit("engineer", fill(slack)).error == "invalid_arguments"
    assert slack.modal("engineer").body["title"]["text"] == "New"


def test_a_bot_that_fails_keeps_the_form_open(slack: LocalSlack, opened: "Bolt") -> None:
    values = fill(slack)
    opened.status = 500
    assert slack.submit("engineer", values).errors == {"": "We had some trouble connecting. Try again?"}
    assert slack.modal("engineer")


def test_closing_is_told_where_it_was_asked_for(slack: LocalSlack, opened: "Bolt") -> None:
    @opened.on("view_closed", "m")
    def closed(ack: Any, body: Any) -> None:
        opened.seen.append(body)
        ack()

    slack.close("engineer")
    assert [b["is_cleared"] for b in opened.seen] == [False]


def trigger(slack: LocalSlack, on_command: Any) -> str:
    on_command(lambda ack: ack())
    return str(slack.command("engineer", "general", "/idp x").payload["trigger_id"])


def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as fault:
        call()
    return str(fault.value.response["error"])


def test_a_trigger_opens_once_and_soon(slack: LocalSlack, client: WebClient, on_command: Any, hand: Any) -> None:
    first = trigger(slack, on_command)
    client.views_open(trigger_id=first, view=modal())
    assert error_of(lambda: client.views_open(trigger_id=first, view=modal())) == "exchanged_trigger_id"
    second = trigger(slack, on_command)
    hand.ahead = 3.5
    assert error_of(lambda: client.views_open(trigger_id=second, view=modal())) == "expired_trigger_id"
    assert error_of(lambda: client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


def test_an_update_names_one_view_that_is_there(client: WebClient) -> None:
    assert error_of(lambda: client.views_update(view_id="V0", view=modal())) == "not_found"
    for names in ({}, {"view_id": "V0", "external_id": "e"}):  # which the SDK's own method would not send
        arguments = {**names, "view": modal()}
        assert error_of(lambda a=arguments: client.api_call("views.update", json=a)) == "invalid_arguments"


def test_three_modals_are_the_most(slack: LocalSlack, client: WebClient, on_command: Any) -> None:
    client.views_open(trigger_id=trigger(slack, on_command), view=modal())
    for _ in range(2):
        client.views_push(trigger_id=trigger(slack, on_command), view=modal())
    fourth = trigger(slack, on_command)
    assert error_of(lambda: client.views_push(trigger_id=fourth, view=modal())) == "push_limit_reached"


def test_an_old_hash_is_a_conflict(slack: LocalSlack, client: WebClient, on_command: Any) -> None:
    view = client.views_open(trigger_id=trigger(slack, on_command), view=modal(external_id="e"))["view"]
    client.views_update(external_id="e", hash=view["hash"], view=modal("Newer"))
    late = error_of(lambda: client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Late")))
    assert late == "hash_conflict"
    again = trigger(slack, on_command)
    twice = error_of(lambda: client.views_open(trigger_id=again, view=modal(external_id="e")))
    assert twice == "duplicate_external_id"


def test_an_old_hash_of_a_home_is_a_conflict(client: WebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = client.views_publish(user_id="U0ENGINEER", view=home)["view"]
    client.views_publish(user_id="U0ENGINEER", hash=first["hash"], view=home)
    late = error_of(lambda: client.views_publish(user_id="U0ENGINEER", hash=first["hash"], view=home))
    assert late == "hash_conflict"


def test_a_view_has_a_size(client: WebClient) -> None:
    large = {"type": "home", "blocks": [{"type": "section", "text": plain("x" * 2900)} for _ in range(100)]}
    assert error_of(lambda: client.views_publish(user_id="U0ENGINEER", view=large)) == "view_too_large"


def test_home_is_each_persons_own(slack: LocalSlack, client: WebClient, bolt: "Bolt") -> None:
    @bolt.on("event", "app_home_opened")
    def publish(event: Any) -> None:
        blocks = [{"type": "section", "text": plain(f"{event['user']} {event['tab']} {'view' in event}")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    assert slack.home("lead") is None
    slack.open_home("lead")
    slack.open_home("lead")
    home = slack.wait(lambda: slack.home("lead"))
    assert home.body["blocks"][0]["text"]["text"] == "U0TEAMLEAD home True"
    assert slack.home("engineer") is None
