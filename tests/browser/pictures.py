"""Takes the README's pictures: `.venv/bin/python tests/browser/pictures.py [folder]`.

It starts the demo by itself, with a database of its own, so that the pictures are of real answers. They are
written to docs/pictures/ or the folder, reduced to 256 colours.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.demo import running
from bot.playground import LocalSlack

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}


class Photographer:
    """A browser on the demo, and where its pictures go."""

    def __init__(self, slack: LocalSlack, browser: Browser, folder: Path) -> None:
        self.slack, self.browser, self.folder = slack, browser, folder

    @contextmanager
    def page(self, name: str, person: str, channel: str, **options: Any) -> Iterator[Page]:
        """The page as a person in a fresh channel; its picture is taken at the end."""
        self.slack.reset()
        page = self.browser.new_context(locale="en-GB", **options).new_page()
        page.add_init_script(f"localStorage.setItem('person', '{person}')")
        page.goto(self.slack.url)
        page.wait_for_selector("html[data-ready]")
        page.locator(".rooms .room", has_text=channel).first.dispatch_event("click")
        expect(page.get_by_role("heading", level=1)).to_contain_text(channel)
        yield page
        page.mouse.move(3, 3)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(300)  # until transitions have ended
        picture = Image.open(BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(self.folder / name, optimize=True)
        page.context.close()

    def take_all(self) -> None:
        """Every picture of the README."""
        with self.page("answer.png", "U0ANN", "team-payments", viewport={"width": 1280, "height": 800}) as page:
            ask(page, "/idp who-owns chekout")
            ask(page, "/idp oncall checkout")
        dark: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
        with self.page("answer-dark.png", "U0MAX", "incidents", **dark) as page:
            ask(page, "@idp who is on call for checkout?")
            page.locator(".replies").last.click()
            page.get_by_label("Reply…").fill("@idp who owns postgres-checkout-db?")
            page.get_by_label("Reply…").press("Enter")
            expect(page.locator(".thread-list .message")).to_have_count(4)
        with self.page("deps.png", "U0BEN", "team-payments", viewport={"width": 1240, "height": 840}) as page:
            page.get_by_role("button", name="Close the pane").click()
            ask(page, "/idp deps checkout --graph --share")
            page.locator(".upload img").evaluate("image => image.decode()")
        with self.page("phone.png", "U0ANN", "incidents", **PHONE, device_scale_factor=2) as page:
            ask(page, "/idp who-owns checkout")


def ask(page: Page, text: str) -> None:
    """Type it and wait for what it brings: a message of the bot, or a thread."""
    answers = page.locator(".message:has(.badge), .message:has(.replies)")
    before = answers.count()
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")
    expect(answers).to_have_count(before + 1)


def main(folder: Path) -> None:
    """All pictures, on a demo that is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["IDP_DEMO_DATABASE_URL"] = f"sqlite:///{temporary}/idp.db"
        with running(8480) as slack, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            Photographer(slack, browser, folder).take_all()
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
