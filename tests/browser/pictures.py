"""Takes the README's pictures from the running demo: `.venv/bin/python tests/browser/pictures.py URL`.

The pictures are of real answers; the demo is started beforehand with `idp demo`. They are written to
docs/pictures/, reduced to 256 colours.
"""

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}


def opened(browser: Browser, url: str, person: str, channel: str, **options: Any) -> Page:
    """The page as a person in a fresh channel."""
    page = browser.new_context(locale="en-GB", **options).new_page()
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    page.locator(".tools-row button", has_text="Start over").dispatch_event("click")
    page.wait_for_timeout(500)
    page.evaluate("id => localStorage.setItem('person', id)", person)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.locator(".rooms .room", has_text=channel).first.dispatch_event("click")
    page.wait_for_timeout(400)
    return page


def ask(page: Page, text: str) -> None:
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")
    page.wait_for_timeout(1200)


def take(page: Page, name: str) -> None:
    page.mouse.move(3, 3)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(300)
    picture = Image.open(BytesIO(page.screenshot()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)
    page.context.close()


def main(url: str) -> None:
    """All pictures."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = opened(browser, url, "U0ANN", "team-payments", viewport={"width": 1280, "height": 800})
        ask(page, "/idp who-owns chekout")
        ask(page, "/idp oncall checkout")
        take(page, "answer.png")
        page = opened(
            browser, url, "U0MAX", "incidents", viewport={"width": 1280, "height": 800}, color_scheme="dark"
        )
        ask(page, "@idp who is on call for checkout?")
        page.locator(".replies").last.click()
        page.get_by_label("Reply…").fill("@idp who owns postgres-checkout-db?")
        page.get_by_label("Reply…").press("Enter")
        page.wait_for_timeout(1500)
        take(page, "answer-dark.png")
        page = opened(browser, url, "U0BEN", "team-payments", viewport={"width": 1240, "height": 840})
        page.get_by_role("button", name="Close the pane").click()
        ask(page, "/idp deps checkout --graph --depth 2 --share")
        page.wait_for_selector(".upload img")
        page.wait_for_timeout(700)
        take(page, "deps.png")
        page = opened(browser, url, "U0ANN", "incidents", **PHONE, device_scale_factor=2)
        ask(page, "/idp who-owns checkout")
        take(page, "phone.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
