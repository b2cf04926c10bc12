"""Takes the pictures of a new service: `.venv/bin/python -m tests.browser.golden_pictures [folder]`.

It starts the demo by itself, on a copy of its configuration, so that nothing is left behind.
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.demo import ACME
from bot.demo_place import settle
from tests.browser.access_pictures import FOLDER, Journeys, journeys


def play(company: Journeys) -> None:
    """The first page with its live check, the second page, the preview, and the card when all is made."""
    time.sleep(6)  # until the templates are published
    page = company.page("U0ANN", "team-payments")
    page.locator("#composer").fill("/idp new-service python-http order-history")
    page.locator("#composer").press("Enter")
    page.get_by_label("What it is for").fill("Past orders of customers.", timeout=10_000)
    page.wait_for_timeout(500)
    company.snap(page, "new-service-form.png")
    company.slack.submit("ann", {"field:description": "Past orders of customers."})
    company.slack.wait(lambda: "field:q_database" in str(company.slack.modal("ann").body), 20)
    page.wait_for_timeout(700)
    company.snap(page, "new-service-questions.png")
    company.slack.submit("ann", {"field:q_database": "postgres"})
    company.slack.wait(lambda: company.slack.modal("ann").body["callback_id"] == "send", 20)
    page.wait_for_timeout(700)
    company.snap(page, "new-service-preview.png")
    dialog = page.get_by_text("Catalog entity")
    dialog.scroll_into_view_if_needed()
    page.get_by_text("Open it up and announce it").scroll_into_view_if_needed()
    company.snap(page, "new-service-checks.png")
    company.slack.submit("ann")
    company.newest("ann", "team-payments", "*Done*")
    company.slack.command("ann", "team-payments", "/idp who-owns order-history")
    company.newest("ann", "team-payments", "order-history")
    company.take(company.page("U0ANN", "team-payments"), "new-service-done.png")


def main(folder: Path) -> None:
    """All pictures into `folder`."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        config = settle(ACME, Path(temporary))
        with journeys(playwright, folder, config) as company:
            play(company)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
