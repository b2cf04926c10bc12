"""A real browser on the page of the local Slack, with a small bot behind it that shows every kind of block."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.playground import LocalSlack
from bot.playground.page.shortcuts import Shortcut
from bot.playground.page.tour import Step, Tour

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "var" / "screenshots"
expect.set_options(timeout=30_000)  # milliseconds: for what does not come at all
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

TOUR = Tour(
    verbs=(("who-owns", "Who owns it"), ("oncall", "Who is on call"), ("find", "Search the catalog")),
    names=("checkout", "payments"),
    steps=(Step("Ask who owns checkout", "/idp who-owns checkout", "general", "engineer", "The owner at once."),),
    shortcuts=(
        Shortcut("Paint something", "paint", "global", "In any colour"),
        Shortcut("Remember this", "keep", "message"),
    ),
)


def _button(label: str, style: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "action_id": label.lower(), "value": label, "style": style, "text": text}


CARD = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*checkout* is owned by <@U0TEAMLEAD> of *Payments*"}},
    {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": "acme · `checkout/catalog-info.yaml:1` · synced _just now_"}],
    },
    {"type": "actions", "elements": [_button("Approve", "primary"), _button("Deny", "danger")]},
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests. Skips where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) to test the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(tour=TOUR, patience=20.0) as local:
        yield local


Listener = TypeVar("Listener", bound=Callable[..., None])


@dataclass
class Bot:
    """A Bolt app in this process; tests add its listeners."""

    bolt: Any
    client: WebClient

    def on(self, kind: str, name: str) -> Callable[[Listener], Listener]:
        """Decorates a listener of Bolt's: on("action", "approve")."""

        def register(listener: Listener) -> Listener:
            getattr(self.bolt, kind)(name)(listener)
            return listener

        return register

    def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        answer = self.bolt.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return answer.status, {}, answer.body.encode()

    def serve_card(self) -> None:
        """Let /idp answer with a card that has the buttons Approve and Deny."""

        @self.on("command", "/idp")
        def answer(ack: Any, command: Any) -> None:
            public = "in_channel" if "--share" in command["text"] else "ephemeral"
            ack(response_type=public, text=f"heard {command['text']}", blocks=CARD)


@pytest.fixture
def app(slack: LocalSlack) -> Bot:
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    bot = Bot(App(client=client, signing_secret=slack.signing_secret, process_before_response=True), client)
    slack.answer_with(bot.post)
    return bot


@dataclass
class User:
    """What a person does again and again."""

    page: Page

    def ask(self, text: str) -> None:
        """Type into the channel's message box and send."""
        box = self.page.get_by_label(re.compile("^Message ")).first
        box.fill(text)
        box.press("Enter")

    def become(self, name: str) -> None:
        """Act as somebody else."""
        self.page.get_by_label(re.compile("^You act as")).click()
        self.page.locator(f"[data-person='{name}']").click()
        expect(self.page.locator(f"[data-person='{name}']")).to_have_attribute("aria-current", "true")

    def accessible(self) -> None:
        """axe finds nothing serious in what is on the screen."""
        result = Axe().run(self.page)
        bad = [v for v in result.response["violations"] if v["impact"] in {"serious", "critical"}]
        assert not bad, [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in bad]


@pytest.fixture
def user(page: Page) -> User:
    return User(page)


@pytest.fixture
def page(chromium: Browser, slack: LocalSlack, app: Bot, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, ready; at its end there is a screenshot, no console error and no request to another host."""
    options = {"viewport": {"width": 1360, "height": 860}, "locale": "en-GB"} | getattr(request, "param", {})
    context = chromium.new_context(**options)
    page = context.new_page()
    faults: list[str] = []
    page.on(
        "console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: faults.append(r.url) if not r.url.startswith((slack.url, "data:")) else None)
    page.goto(slack.url)
    page.wait_for_selector("html[data-ready]")
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}.png")
    context.close()
    assert faults == []
