"""Every kind of block on the page, in light, in dark and on a phone."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Bot, User

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "value": label, "text": plain(label), **more}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


EVERYTHING = [
    {"type": "header", "text": plain("Every block :rocket:")},
    section("text", fields=[mrkdwn("*Owner*\nPayments"), mrkdwn("*Tier*\n1")]),
    section("> quoted\n```code <b>x</b> is wider than a telephone, and scrolls by itself```"),
    section("• ~old~ _new_ <https://acme.example/a?b=1&amp;c=2|a link> <!here>"),
    {"type": "divider"},
    {
        "type": "markdown",
        "text": "# Title\n\n**bold** and `code`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    },
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich", "style": {"bold": True}}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0TEAMLEAD"}]}
                ],
            },
        ],
    },
    {"type": "image", "image_url": "https://elsewhere.example/i.png", "alt_text": "a picture elsewhere"},
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "Service"}, {"type": "raw_text", "text": "Errors"}],
            [{"type": "raw_text", "text": "checkout"}, {"type": "raw_number", "value": 3}],
        ],
    },
]
NEWER = [
    {"type": "alert", "level": "warning", "text": mrkdwn("Freeze until *Monday*")},
    {"type": "card", "title": mrkdwn("A card"), "body": mrkdwn("body"), "actions": [button("Open", "c1")]},
    {"type": "container", "title": plain("Box"), "is_collapsible": True, "child_blocks": [section("inside")]},
    {
        "type": "plan",
        "title": "Three steps",
        "tasks": [
            {"task_id": "1", "title": "Repository", "status": "complete"},
            {"task_id": "2", "title": "Pipeline", "status": "in_progress"},
        ],
    },
    {
        "type": "data_table",
        "caption": "Scores",
        "page_size": 1,
        "rows": [[{"type": "raw_text", "text": str(n)}, {"type": "raw_text", "text": "x"}] for n in range(4)],
    },
    {
        "type": "data_visualization",
        "title": "Deploys",
        "chart": {
            "type": "bar",
            "series": [{"name": "a", "data": [{"label": "Mon", "value": 4}, {"label": "Tue", "value": 9}]}],
            "axis_config": {"categories": ["Mon", "Tue"]},
        },
    },
    {
        "type": "actions",
        "elements": [
            {"type": "overflow", "action_id": "o", "options": [{"text": plain("Retry"), "value": "r"}]},
            {"type": "datepicker", "action_id": "d"},
            {"type": "users_select", "action_id": "u", "placeholder": plain("Who?")},
        ],
    },
]


@pytest.mark.parametrize(
    "page", [{}, {"color_scheme": "dark"}, PHONE], indirect=True, ids=["light", "dark", "phone"]
)
@pytest.mark.parametrize("blocks", [EVERYTHING, NEWER], ids=["blocks", "newer"])
def test_every_block_is_shown(page: Page, user: "User", app: "Bot", blocks: Any) -> None:
    app.client.chat_postMessage(channel="general", text="everything", blocks=blocks)
    message = page.locator(".message").last
    expect(message.locator(".block")).to_have_count(len(blocks) + (1 if blocks is NEWER else 0))
    if blocks is EVERYTHING:
        expect(message).to_contain_text("code <b>x</b>")
        expect(message.get_by_role("link", name="a link")).to_have_attribute(
            "href", "https://acme.example/a?b=1&c=2"
        )
        expect(message.get_by_role("columnheader", name="Errors")).to_be_visible()
    else:
        message.get_by_role("button", name=re.compile("Show more")).click()
        expect(message.get_by_role("row", name="3 x")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    user.accessible()


def test_nothing_from_outside_becomes_markup(page: Page, app: "Bot") -> None:
    evil = '<javascript:alert(1)|click> <img src=x onerror=alert(1)> &lt;script&gt;alert(1)&lt;/script&gt; <https://a.example/"onx=1|x>'
    app.client.chat_postMessage(channel="general", text=evil)
    app.client.chat_postMessage(
        channel="general", text="b", blocks=[{"type": "markdown", "text": "[x](javascript:alert(1)) <script>"}]
    )
    expect(page.locator(".message")).to_have_count(2)
    shown = page.locator(".messages")
    expect(shown).to_contain_text("<script>alert(1)</script>")
    assert page.locator(".messages script, .messages img, .messages [href^='javascript']").count() == 0


def test_a_picture_is_shown(page: Page, app: "Bot") -> None:
    picture = BytesIO()
    Image.new("RGB", (400, 200), "teal").save(picture, "PNG")
    app.client.files_upload_v2(
        channel="C0GENERAL0", content=picture.getvalue(), filename="g.png", alt_txt="a to b"
    )
    image = page.get_by_role("img", name="a to b")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400


def test_a_link_of_the_made_up_company_says_what_would_be_there(page: Page, app: "Bot") -> None:
    text = "<https://grafana.acme.example/d/checkout?a=1&amp;b=2|Dash &lt;board&gt;>"
    app.client.chat_postMessage(channel="general", text=text)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Dash <board>").click()
    expect(opened.value.get_by_role("heading", name="Dash <board>")).to_be_visible(timeout=30_000)
    expect(opened.value.get_by_text("https://grafana.acme.example/d/checkout?a=1&b=2")).to_be_visible(
        timeout=30_000
    )
