"""A real browser on the page of the local Slack, with a small bot behind it that shows every kind of block."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.playground import LocalSlack
from bot.playground.tour import Step, Tour

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "var" / "screenshots"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

TOUR = Tour(
    verbs=(("who-owns", "Who owns it"), ("oncall", "Who is on call"), ("find", "Search the catalog")),
    names=("checkout", "payments"),
    steps=(Step("Ask who owns checkout", "/idp who-owns checkout", "general", "engineer", "The owner at once."),),
)


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
    with LocalSlack(tour=TOUR) as local:
        yield local


@pytest.fixture
def app(slack: LocalSlack) -> Any:
    """The bot: listeners are added by tests."""
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    app: Any = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)

    def post(body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        answer = app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return answer.status, {}, answer.body.encode()

    slack.answer_with(post)
    return app


@pytest.fixture
def page(chromium: Browser, slack: LocalSlack, app: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
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
    page.wait_for_selector("html[data-ready]", timeout=5000)
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}.png")
    context.close()
    assert faults == []
