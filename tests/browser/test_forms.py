"""Modals and confirm dialogs on the page."""

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from bot.playground import LocalSlack

if TYPE_CHECKING:
    from tests.browser.conftest import Bot, User


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def _words(text: str) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}


RUNBOOK = {
    "type": "rich_text",
    "elements": [
        _words("Look at the board."),
        {"type": "rich_text_list", "style": "bullet", "elements": [_words("first")]},
    ],
}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "value": label, "text": plain(label), **more}


def test_a_confirm_dialog_asks_first(page: Page, app: "Bot", slack: LocalSlack) -> None:
    pressed = []
    confirm = {
        "title": plain("Sure?"),
        "text": mrkdwn("*All* of it"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }

    @app.on("action", "drop")
    def drop(ack: Any) -> None:
        pressed.append(1)
        ack()

    app.client.chat_postMessage(
        channel="general",
        text="x",
        blocks=[{"type": "actions", "elements": [button("Drop", "drop", confirm=confirm)]}],
    )
    page.get_by_role("button", name="Drop").click()
    page.get_by_role("button", name="No").click()
    assert pressed == []
    page.get_by_role("button", name="Drop").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    slack.wait(lambda: pressed)


def with_form(app: "Bot") -> list[Any]:
    got: list[Any] = []
    sizes = [
        {"text": plain(size), "value": size, "description": plain(f"{n} cores")} for n, size in enumerate("SML")
    ]

    def field(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "type": "input",
            "block_id": name,
            "label": plain(name.title()),
            "element": {"action_id": name, **element},
            **more,
        }

    form = [
        field(
            "name",
            {"type": "plain_text_input", "placeholder": plain("such as checkout")},
            hint=plain("Lower case"),
        ),
        field("owner", {"type": "external_select", "min_query_length": 1, "placeholder": plain("Type a team")}),
        field("size", {"type": "radio_buttons", "options": sizes, "initial_option": sizes[0]}),
        field("reviewers", {"type": "multi_users_select"}, optional=True),
        field("runbook", {"type": "rich_text_input", "initial_value": RUNBOOK}),
        field("until", {"type": "datepicker", "initial_date": "2026-03-02"}),
        field("flags", {"type": "checkboxes", "options": sizes}, optional=True),
        field("language", {"type": "static_select", "options": sizes}, optional=True),
    ]

    @app.on("command", "/idp")
    def open_form(ack: Any, client: Any, command: Any) -> None:
        view = {"type": "modal", "callback_id": "new", "title": plain("New service"), "submit": plain("Create")}
        client.views_open(trigger_id=command["trigger_id"], view={**view, "blocks": form})
        ack()

    @app.on("options", "owner")
    def teams(ack: Any, payload: Any) -> None:
        names = [t for t in ("payments", "platform", "storefront") if t.startswith(payload["value"])]
        ack(options=[{"text": plain(name), "value": f"group:{name}"} for name in names])

    @app.on("view", "new")
    def create(ack: Any, view: Any, client: Any) -> None:
        values = {name: row[name] for name, row in view["state"]["values"].items()}
        if values["name"]["value"] == "taken":
            ack(response_action="errors", errors={"name": "There is one of this name already."})
            return
        got.append(values)
        client.chat_postMessage(channel="general", text=f"Created *{values['name']['value']}*")
        ack()

    return got


def test_a_form_with_type_ahead_a_field_error_and_a_submit(page: Page, user: "User", app: "Bot") -> None:
    got = with_form(app)
    user.ask("/idp new-service")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="New service")).to_be_visible()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Please complete this required field.").first).to_be_visible()
    dialog.get_by_label("Name").fill("taken")
    expect(dialog.get_by_label("Runbook")).to_have_value("Look at the board.\nfirst")
    dialog.get_by_label("Owner").click()
    page.keyboard.type("p")
    expect(dialog.get_by_role("option")).to_have_text(["payments", "platform"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Owner")).to_have_value("platform")
    dialog.get_by_label("Reviewers").fill("lee")
    dialog.get_by_role("option", name="Lee Lead").click()
    user.accessible()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("There is one of this name already.")).to_be_visible()
    dialog.get_by_label("Name").fill("basket")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".message").last).to_contain_text("Created basket")
    assert got[0]["owner"]["selected_option"]["value"] == "group:platform"
    assert got[0]["reviewers"]["selected_users"] == ["U0TEAMLEAD"]
    assert got[0]["until"]["selected_date"] == "2026-03-02"
    assert got[0]["size"]["selected_option"]["value"] == "S"
    assert got[0]["runbook"]["rich_text_value"] == RUNBOOK


def test_a_form_that_the_bot_changes_keeps_what_was_put_in(page: Page, user: "User", app: "Bot") -> None:
    colours = [{"text": plain(c), "value": c} for c in ("red", "blue")]
    kind = {
        "type": "input",
        "block_id": "kind",
        "label": plain("Colour"),
        "dispatch_action": True,
        "element": {"type": "static_select", "action_id": "kind", "options": colours},
    }
    notes = {"type": "file_input", "action_id": "notes", "filetypes": ["txt"]}
    files = {"type": "input", "block_id": "notes", "label": plain("Notes"), "element": notes}
    view = {"type": "modal", "callback_id": "paint", "title": plain("Paint"), "submit": plain("Go")}
    got: list[Any] = []

    @app.on("shortcut", "paint")
    def start(ack: Any, client: Any, payload: Any) -> None:
        client.views_open(trigger_id=payload["trigger_id"], view={**view, "blocks": [kind, files]})
        ack()

    @app.on("action", "kind")
    def more(ack: Any, client: Any, body: Any) -> None:
        got.append(body["view"]["state"]["values"])
        said = {"type": "section", "text": mrkdwn("A *good* choice")}
        client.views_update(view_id=body["view"]["id"], view={**view, "blocks": [said, kind, files]})
        ack()

    @app.on("view", "paint")
    def done(ack: Any, view: Any) -> None:
        got.append(view["state"]["values"])
        ack()

    page.locator("#composer").focus()
    page.keyboard.press("Shift+Tab")  # the "+" beside the message box, by keyboard alone
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Paint something")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Notes").set_input_files({"name": "n.txt", "mimeType": "text/plain", "buffer": b"hi"})
    expect(dialog.get_by_role("button", name="Remove n.txt")).to_be_visible()
    dialog.get_by_label("Colour").fill("bl")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("A good choice")
    expect(dialog.get_by_label("Colour")).to_have_value("blue")
    expect(dialog.get_by_role("listbox")).to_have_count(0)
    user.accessible()
    dialog.get_by_role("button", name="Go").click()
    expect(dialog).to_have_count(0)
    assert [f["name"] for f in got[0]["notes"]["notes"]["files"]] == ["n.txt"]
    assert got[1]["kind"]["kind"]["selected_option"]["value"] == "blue"


def test_a_form_of_two_pages_with_a_search_that_begins_with_something(
    page: Page, user: "User", app: "Bot"
) -> None:
    begun = {"text": plain("Payments"), "value": "group:payments"}
    view = {"type": "modal", "title": plain("Make"), "submit": plain("Next")}

    def asking(name: str, element: dict[str, Any]) -> list[dict[str, Any]]:
        element = {"action_id": name, **element}
        return [{"type": "input", "block_id": name, "label": plain(name.title()), "element": element}]

    owner = asking("owner", {"type": "external_select", "initial_option": begun})
    got: list[Any] = []

    @app.on("command", "/idp")
    def first(ack: Any, client: Any, command: Any) -> None:
        client.views_open(trigger_id=command["trigger_id"], view={**view, "callback_id": "1", "blocks": owner})
        ack()

    @app.on("view", "1")
    def second(ack: Any, view: Any) -> None:
        got.append(view["state"]["values"]["owner"]["owner"]["selected_option"]["value"])
        page = {"type": "modal", "callback_id": "2", "title": plain("Make"), "submit": plain("Create")}
        ack(response_action="update", view={**page, "blocks": asking("name", {"type": "plain_text_input"})})

    @app.on("view", "2")
    def done(ack: Any, view: Any) -> None:
        got.append(view["state"]["values"])
        ack()

    user.ask("/idp make")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Next").click()
    dialog.get_by_label("Name").fill("basket")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_have_count(0)
    assert got == ["group:payments", {"name": {"name": {"type": "plain_text_input", "value": "basket"}}}]


def test_escape_closes_a_form(page: Page, user: "User", app: "Bot", slack: LocalSlack) -> None:
    with_form(app)
    user.ask("/idp new-service")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    slack.wait(lambda: slack.core.modals.stacks["U0ENGINEER"] == [])
