"""How the page behaves: phone, dark, unread counts, ten thousand messages."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from bot.playground import LocalSlack, Message

if TYPE_CHECKING:
    from tests.browser.conftest import Bot, User

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


def test_what_comes_while_one_reads_above_is_a_click_away(page: Page, slack: LocalSlack, app: "Bot") -> None:
    for number in range(60):
        app.client.chat_postMessage(channel="general", text=f"line {number}")
    expect(page.locator(".message").last).to_contain_text("line 59")
    page.locator(".scroll").evaluate("box => { box.scrollTop = 0; }")
    expect(page.locator(".message").first).to_be_in_viewport()
    slack.say("lead", "general", "the newest")
    page.get_by_role("button", name="New below").click()
    expect(page.get_by_text("the newest")).to_be_in_viewport()
    expect(page.get_by_role("button", name="New below")).to_be_hidden()


def test_the_newest_stays_in_sight_when_the_page_is_laid_out_anew(page: Page, app: "Bot") -> None:
    for number in range(40):
        app.client.chat_postMessage(channel="general", text=f"line {number} " + "word " * 60)
    newest = page.locator(".message").last
    expect(newest).to_contain_text("line 39")
    for width in (1400, 700, 1000):
        page.set_viewport_size({"width": width, "height": 700})
        expect(newest).to_be_in_viewport(ratio=0.9)
    page.reload()
    expect(newest).to_contain_text("line 39")
    expect(newest).to_be_in_viewport(ratio=0.9)


def test_a_link_to_a_message_leads_to_its_thread(page: Page, slack: LocalSlack, app: "Bot") -> None:
    said = slack.say("lead", "shared", "the question")
    slack.say("engineer", "shared", "the answer", thread=said.ts)
    link = app.client.chat_getPermalink(channel="C0SHARED00", message_ts=said.ts)["permalink"]
    page.goto(link)
    expect(page.get_by_label("Thread", exact=True)).to_contain_text("the answer")
    expect(page).to_have_title(re.compile("#shared"))


def test_starting_over(page: Page, slack: LocalSlack) -> None:
    slack.say("lead", "general", "hello")
    expect(page.locator(".message")).to_have_count(1)
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".message")).to_have_count(0)


def test_unread_messages_are_counted(page: Page, slack: LocalSlack) -> None:
    slack.say("lead", "shared", "look")
    slack.say("lead", "shared", "here")
    expect(page.locator(".rooms .unread")).to_contain_text("2")
    page.locator(".rooms").get_by_role("button", name="shared").click()
    expect(page.locator(".message").last).to_contain_text("here")
    expect(page.locator(".rooms .unread")).to_have_count(0)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_phone_has_a_drawer(page: Page, user: "User", app: "Bot") -> None:
    app.serve_card()
    expect(page.locator(".sidebar")).not_to_be_visible()
    page.get_by_role("button", name="Channels and people").click()
    page.locator(".rooms").get_by_role("button", name="shared").click()
    expect(page.get_by_role("heading", name="shared", level=1)).to_be_visible()
    page.get_by_role("button", name="Channels and people").click()
    user.become("lead")
    user.ask("/idp who-owns checkout")
    expect(page.locator(".message").last).to_contain_text("is owned by")
    user.accessible()


def test_the_dark_switch_stays(page: Page) -> None:
    page.get_by_role("button", name="Dark").click()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 29, 33)"


def test_a_message_shows_without_the_page_asking_for_it(page: Page, slack: LocalSlack, app: "Bot") -> None:
    expect(page.locator(".rooms")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number in range(5):
        app.client.chat_postMessage(channel="general", text=f"now {number}")
        expect(page.locator(".message").last).to_contain_text(f"now {number}")
    assert asked == []


def test_ten_thousand_messages_scroll(page: Page, slack: LocalSlack) -> None:
    workspace = slack.core.workspace
    channel = workspace.channel("shared")
    for number in range(10_000):
        body = {"user": "U0TEAMLEAD", "text": f"line {number} " + "word " * (number % 40)}
        ts = workspace.next_ts()
        channel.messages[ts] = Message(channel.id, ts, body)
    page.locator(".rooms").get_by_role("button", name="shared").click()
    expect(page.locator(".message").last).to_contain_text("line 9999")
    middle = page.evaluate(
        """async () => { const box = document.querySelector('.scroll'); const steps = [];
             for (let i = 0; i < 120; i++) { const t = performance.now(); box.scrollTop -= 1400;
               await new Promise(r => requestAnimationFrame(() => setTimeout(r, 0)));
               steps.push(performance.now() - t); } return steps.sort((a, b) => a - b)[60]; }"""
    )
    there = page.locator(".message")
    assert there.count() < 400
    first = int(re.findall(r"line (\d+)", there.first.inner_text())[0])
    assert first < 9000
    assert middle < 1000, middle  # milliseconds a step; without windowing each takes seconds
