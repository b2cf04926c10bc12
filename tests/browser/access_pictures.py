"""Takes the pictures of asking and approving: `.venv/bin/python tests/browser/access_pictures.py [folder]`.

It starts the demo by itself, with a database of its own, and plays the journeys.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from bot.demo import ACME, bot_process, environment, free_port, wait_until_ready
from bot.demo_place import settle
from bot.playground import LocalSlack, Message
from bot.playground.people import load_company

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1180, "height": 860}


class Journeys:
    """The demo's people, and a browser that looks over their shoulders."""

    def __init__(self, slack: LocalSlack, browser: Browser, folder: Path) -> None:
        self.slack, self.browser, self.folder = slack, browser, folder

    def request(self, who: str, words: str) -> None:
        self.slack.command(who, "general", f"/idp {words}")
        preview = self.newest(who, "general", "nothing is sent yet")
        self.slack.press(who, preview, "Send")

    def newest(self, who: str, channel: str, text: str) -> Message:
        found: list[Message] = self.slack.wait(lambda: self._with(who, channel, text), 40)
        return found[-1]

    def _with(self, who: str, channel: str, text: str) -> list[Message]:
        return [m for m in self.slack.messages(channel, seen_by=who) if text in f"{m.text}{m.blocks}"]

    def page(self, person: str, channel: str, **options: Any) -> Page:
        page = self.browser.new_context(locale="en-GB", viewport=SIZE, **options).new_page()
        page.add_init_script(f"localStorage.setItem('person', '{person}')")
        page.goto(self.slack.url)
        page.wait_for_selector("html[data-ready]")
        page.locator(".rooms .room", has_text=channel).first.dispatch_event("click")
        page.wait_for_timeout(700)
        return page

    def take(self, page: Page, name: str) -> None:
        self.snap(page, name)
        page.context.close()

    def snap(self, page: Page, name: str) -> None:
        """A picture of a page that is looked at further."""
        page.mouse.move(3, 3)
        page.wait_for_timeout(300)
        file = self.folder / name
        page.screenshot(path=file)
        Image.open(file).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            file, optimize=True
        )

    def play(self) -> None:
        """Asked by the form, agreed by two teams, carried out, given; denied; break-glass."""
        form = self.page("U0CARA", "general")
        form.locator("#composer").fill("/idp access checkout prod 1h")
        form.locator("#composer").press("Enter")
        form.get_by_label("Why").click(timeout=5000)
        form.wait_for_timeout(500)
        self.take(form, "access-form.png")
        self.slack.submit("cara", {"field:reason": "INC-123 look at stuck payments"})
        self.slack.submit("cara")
        card = self.newest("ben", "team-payments", "Waits for 2 approvals")
        self.slack.press("ben", card, "Approve")
        self.newest("ben", "team-payments", "Waits for 1 more of 2")
        self.take(self.page("U0BEN", "team-payments"), "access-card.png")
        self.slack.press("pia", card, "Approve")
        self.newest("cara", "dm", "You have access")
        self.newest("ben", "team-payments", "Request done")
        self.take(self.page("U0PIA", "team-payments"), "access-progress.png")
        self.take(self.page("U0CARA", "idp", color_scheme="dark"), "access-given-dark.png")
        self.request("cara", "access payments prod 4h have a look around")
        card = self.newest("ben", "team-payments", "Access to payments")
        self.slack.press("ben", card, "Deny\u2026")
        time.sleep(1)
        self.slack.submit("ben", {"field:reason": "Staging has the same data; please use that."})
        self.newest("ben", "team-payments", "*Denied* by")
        self.take(self.page("U0CARA", "idp"), "access-denied.png")
        self.slack.command("max", "incidents", "/idp breakglass checkout prod INC-7 payments are down")
        self.slack.press("max", self.newest("max", "incidents", "nothing is sent yet"), "Continue\u2026")
        time.sleep(1)
        self.slack.submit("max")
        self.slack.submit("max")
        self.newest("ben", "team-payments", "Break-glass access to checkout")
        time.sleep(2)
        self.take(self.page("U0BEN", "team-payments"), "access-break-glass.png")

    def play_in_haste(self) -> None:
        """With short times: nobody decides and it expires; near the end it is made longer, then given back."""
        self.request("cara", "access search-service prod 1h INC-8 slow answers")
        self.newest("cara", "dm", "expired")
        self.take(self.page("U0CARA", "idp"), "access-expired.png")
        self.request("ben", "access cart prod 1m INC-9 one more look")
        self.slack.press("lena", self.newest("lena", "team-storefront", "Access to cart"), "Approve")
        offer = self._offer()
        self.take(self.page("U0BEN", "idp"), "access-ending.png")
        self.slack.press("ben", offer, "Extend 1m")
        time.sleep(1)
        self.slack.press("ben", self.newest("ben", "dm", "I\u2019m done"), "I\u2019m done")
        self.newest("ben", "dm", "you said that you are done")
        self.take(self.page("U0BEN", "idp"), "access-done.png")

    def _offer(self) -> Message:
        offers: list[Message] = self.slack.wait(lambda: self._with("ben", "dm", "Extend 1m"), 90)
        return offers[-1]


@contextmanager
def journeys(playwright: Playwright, folder: Path, config: Path) -> Iterator[Journeys]:
    """The demo with this configuration, and a browser on it."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["IDP_DEMO_DATABASE_URL"] = f"sqlite:///{temporary}/idp.db"
        page, port = free_port(8400), free_port(3400)
        slack = LocalSlack(company=load_company((ACME / "people.yaml").read_bytes()), port=page)
        told = {**environment(slack, f"http://127.0.0.1:{page}", port), "IDP_CONFIG": str(config)}
        with bot_process(told) as bot, slack:
            slack.events_url = f"http://127.0.0.1:{port}/slack/events"
            wait_until_ready(port, bot)
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            yield Journeys(slack, browser, folder)
            browser.close()


def hasty(folder: Path) -> Path:
    """The demo's configuration with times that a camera can wait for."""
    config = settle(ACME, folder)
    text = config.read_text().replace("durations: [30m,", "durations: [1m,", 1)
    config.write_text(text.replace("pending_expires: 8h", "pending_expires: 15s", 1))
    return config


def main(folder: Path) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        with journeys(playwright, folder, settle(ACME)) as usual:
            usual.play()
        with journeys(playwright, folder, hasty(Path(temporary))) as quick:
            quick.play_in_haste()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
