"""Takes pictures of digests, the note and the Home: `.venv/bin/python -m tests.browser.digest_pictures [folder]`.

It starts the demo by itself, with a database of its own, and orders the digests as an operator would. The note,
which the calendar alone orders, is planned as if its work had been lost: the bot takes that up within a minute.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import ViewportSize, sync_playwright

from bot.demo import ACME
from bot.demo_place import settle
from data.store import digests
from data.store.database import Database
from tests.browser.access_pictures import FOLDER, Journeys, journeys
from workflows.digests.planning import LEADERSHIP, STUCK

ROOT = Path(__file__).parents[2]
TALL: ViewportSize = {"width": 1180, "height": 1180}


class Digests(Journeys):
    """A Monday at Acme."""

    def play(self) -> None:
        """Ordered, posted, read in light and dark, claimed; and two Homes."""
        url = os.environ["IDP_DEMO_DATABASE_URL"]
        self._note(url)
        told = os.environ | {"IDP_DATABASE_URL": url, "IDP_CONFIG": str(settle(ACME))}
        command = [sys.executable, "-m", "bot", "digest", "send", "--team", "team-payments"]
        subprocess.run(command, env=told, cwd=ROOT, check=True, timeout=60)
        root = self.newest("ben", "team-payments", "Worth fixing next")
        self.slack.wait(lambda: self.slack.thread("team-payments", root.ts)[1:], 20)
        light = self.page("U0BEN", "team-payments")
        light.set_viewport_size(TALL)
        light.wait_for_timeout(500)
        self.take(light, "digest.png")
        self.slack.press("ben", root, "Claim")
        self.newest("ben", "team-payments", "takes care of it")
        dark = self.page("U0BEN", "team-payments", color_scheme="dark")
        dark.set_viewport_size(TALL)
        dark.locator(".replies").last.click()
        dark.wait_for_timeout(700)
        self.take(dark, "digest-dark.png")
        self.request("cara", "access checkout prod 1h INC-123 look at stuck payments")
        self.newest("ben", "team-payments", "Waits for 2 approvals")
        self._home("home.png")
        self._home("home-dark.png", color_scheme="dark")

    def _note(self, url: str) -> None:
        now = datetime.now(UTC)
        at = now - STUCK - timedelta(minutes=1)
        database = Database(url)
        with database.store() as store:
            digests.plan(store, LEADERSHIP, f"{now:%Y-%m}", at, at)
        database.close()
        self.slack.wait(lambda: self._with("lena", "general", "for the whole fleet"), 100)
        page = self.page("U0LENA", "general")
        page.set_viewport_size(TALL)
        page.wait_for_timeout(500)
        self.take(page, "digest-note.png")

    def _home(self, name: str, **options: Any) -> None:
        page = self.page("U0BEN", "idp", **options)
        page.get_by_role("tab", name="Home").click()
        page.wait_for_timeout(1500)
        self.take(page, name)


def main(folder: Path) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, journeys(playwright, folder, settle(ACME)) as usual:
        Digests(usual.slack, usual.browser, folder).play()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
