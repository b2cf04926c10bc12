"""Takes the pictures of the care for golden paths: `.venv/bin/python tests/browser/template_pictures.py [folder]`.

It starts the demo by itself, with a database of its own, and plays the journey of a new version.
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.demo import ACME
from bot.demo_place import settle
from tests.browser.access_pictures import FOLDER, Journeys, journeys


class Care(Journeys):
    """A new version reaches those who follow a golden path."""

    def play(self) -> None:
        """Owners hear of it and press; the platform team looks, tries dry, asks, and another one agrees."""
        told = self.newest("ben", "team-payments", "is out")
        self.slack.press("ben", told, "Open the pull request")
        self.newest("ben", "team-payments", "Wait until it is merged or closed: ")
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
    with sync_playwright() as playwright, journeys(playwright, folder, settle(ACME)) as usual:
        Care(usual.slack, usual.browser, folder).play()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
