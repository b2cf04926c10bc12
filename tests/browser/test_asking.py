"""Asking on the page: commands, presses, threads, Home, the composer, the tour, failures."""

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from bot.playground import LocalSlack

if TYPE_CHECKING:
    from tests.browser.conftest import Bot, User


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "value": label, "text": plain(label), **more}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def test_ask_and_get_the_card(page: Page, user: "User", app: "Bot") -> None:
    app.serve_card()
    user.ask("/idp who-owns checkout")
    message = page.locator(".message").last
    expect(message).to_contain_text("checkout is owned by @Lee Lead of Payments")
    expect(message).to_contain_text("Only visible to you")
    expect(message.get_by_role("button", name="Approve")).to_be_visible()
    user.become("lead")
    expect(page.locator(".message")).to_have_count(0)
    user.accessible()


def test_somebody_else_presses_a_button(page: Page, user: "User", app: "Bot", slack: LocalSlack) -> None:
    app.serve_card()

    @app.on("action", "approve")
    def approve(ack: Any, respond: Any, body: Any) -> None:
        ack()
        respond(replace_original=True, response_type="in_channel", text=f"Approved by {body['user']['name']}")

    user.ask("/idp access checkout --share")
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    user.become("lead")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".message").last).to_contain_text("Approved by lead")


def test_a_mention_is_answered_in_its_thread(page: Page, user: "User", app: "Bot") -> None:
    @app.on("event", "app_mention")
    def reply(event: Any, say: Any) -> None:
        say(text="*Ben* until `09:00`", thread_ts=event["ts"])

    user.ask("@idp who is on call?")
    page.get_by_role("button", name=re.compile("1 reply")).press("Enter")
    thread = page.get_by_label("Thread", exact=True)
    expect(page.get_by_label("Reply…")).to_be_focused()
    expect(thread).to_contain_text("Ben until 09:00")
    box = page.get_by_label("Reply…")
    box.fill("thanks :tada:")
    box.press("Enter")
    expect(thread).to_contain_text("thanks 🎉")
    expect(page.get_by_role("button", name=re.compile("2 replies"))).to_be_visible()
    user.accessible()
    box.press("Escape")
    expect(thread).to_be_hidden()
    expect(page.locator("#composer")).to_be_focused()


def test_a_messages_menu_has_the_apps_shortcuts(page: Page, user: "User", app: "Bot", slack: LocalSlack) -> None:
    @app.on("shortcut", "keep")
    def keep(ack: Any, respond: Any, payload: Any) -> None:
        ack()
        respond(f"Kept: {payload['message']['text']}")

    slack.say("engineer", "general", "remember the milk")
    message = page.locator(".message").first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Remember this")).to_be_focused()
    expect(page.get_by_role("menuitem", name="Paint something")).to_have_count(0)
    user.accessible()
    page.keyboard.press("Enter")
    expect(page.locator(".message").last).to_contain_text("Kept: remember the milk")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    expect(page.locator(".message")).to_have_count(1)


def test_home(page: Page, user: "User", app: "Bot") -> None:
    @app.on("event", "app_home_opened")
    def publish(event: Any, client: Any) -> None:
        blocks = [
            {"type": "header", "text": plain("My desk")},
            section("*3* services", accessory=button("Ask", "a")),
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    page.locator(".rooms").get_by_role("button", name="idp").click()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()
    user.accessible()


def test_the_composer_completes(page: Page, user: "User", app: "Bot") -> None:
    app.serve_card()
    box = page.get_by_label(re.compile("^Message "))
    box.press_sequentially("/")
    expect(page.get_by_role("option").first).to_contain_text("/idp")
    box.press("Tab")
    expect(box).to_have_value("/idp ")
    expect(page.get_by_role("option")).to_have_count(3)
    box.press_sequentially("wh")
    box.press("Enter")
    expect(box).to_have_value("/idp who-owns ")
    box.press_sequentially("che")
    box.press("Tab")
    expect(box).to_have_value("/idp who-owns checkout ")
    user.accessible()
    box.press("Enter")
    expect(page.locator(".message").last).to_contain_text("you typed /idp who-owns checkout")


def test_the_tour_does_a_step_and_the_inspector_shows_it(page: Page, user: "User", app: "Bot") -> None:
    app.serve_card()
    user.become("stranger")  # who does not see the channel of the step
    expect(page.locator(".step-who")).to_have_text(re.compile("Erin Engineer in #general"))
    page.get_by_role("button", name=re.compile("Ask who owns checkout")).click()
    expect(page.locator(".message").last).to_contain_text("is owned by")
    expect(page.get_by_label(re.compile("^You act as Erin Engineer"))).to_be_visible()
    expect(page.locator(".step.done")).to_have_count(1)
    page.get_by_role("button", name="Traffic").click()
    page.locator(".traffic summary", has_text="command").click()
    expect(page.locator(".traffic")).to_contain_text('"command": "/idp"')
    expect(page.locator(".traffic .ms").first).to_contain_text("ms")
    user.accessible()


def test_failures_are_shown_as_slack_shows_them(page: Page, user: "User", slack: LocalSlack) -> None:
    slack.answer_with(None)
    user.ask("/idp x")
    expect(page.locator(".message").last).to_contain_text("/idp failed with the error “dispatch_failed”")
    user.ask("/other x")
    expect(page.get_by_role("status")).to_contain_text("/other is not a command here")
