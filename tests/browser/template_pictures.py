"""Takes the pictures of the care for golden paths: `.venv/bin/python tests/browser/template_pictures.py [folder]`.

It starts the demo by itself, with a database of its own, and plays the journey of a new version.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.demo import ACME, bot_process, environment, free_port, wait_until_ready
from bot.playground import LocalSlack
from bot.playground.people import load_company
from tests.browser.access_pictures import FOLDER, Journeys


class Care(Journeys):
    """A new version reaches those who follow a golden path."""

    def play(self) -> None:
        """Owners hear of it and press; the platform team looks, tries dry, asks, and another one agrees."""
        told = self.newest("ben", "team-payments", "is out")
        self.slack.press("ben", told, "Open the pull request")
        self.newest("ben", "team-payments", "is done")
        self.take(self.page("U0BEN", "team-payments"), "template-new-version.png")
        self.slack.command("pia", "platform", "/idp template python-http upgrade --to v2 --dry-run")
        self.newest("pia", "platform", "Nothing was changed")
        self.take(self.page("U0PIA", "platform"), "template-dry-run.png")
        self.slack.command("pia", "platform", "/idp template python-http upgrade --to v2")
        self.slack.press("pia", self.newest("pia", "platform", "nothing is sent yet"), "Send")
        card = self.newest("max", "platform", "Waits for approval")
        self.slack.press("max", card, "Approve")
        self.newest("max", "platform", "Wave 1 of 1")
        time.sleep(2)
        thread = self.page("U0MAX", "platform")
        thread.locator(".replies").last.click()
        thread.wait_for_timeout(500)
        self.take(thread, "template-upgrade.png")
        self.slack.command("lena", "team-storefront", "/idp show cart")
        self.newest("lena", "team-storefront", "Golden path")
        self.take(self.page("U0LENA", "team-storefront", color_scheme="dark"), "template-card-dark.png")


def main(folder: Path) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["IDP_DEMO_DATABASE_URL"] = f"sqlite:///{temporary}/idp.db"
        page, port = free_port(8440), free_port(3440)
        slack = LocalSlack(company=load_company((ACME / "people.yaml").read_bytes()), port=page)
        told = environment(slack, f"http://127.0.0.1:{page}", port)
        with bot_process(told) as bot, slack, sync_playwright() as playwright:
            slack.events_url = f"http://127.0.0.1:{port}/slack/events"
            wait_until_ready(port, bot)
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            Care(slack, browser, folder).play()
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
