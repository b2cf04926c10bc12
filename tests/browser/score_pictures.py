"""Takes the pictures of scores: `.venv/bin/python tests/browser/score_pictures.py [folder]`.

It starts the demo by itself, with a database of its own.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright

from bot.demo import running
from tests.browser.pictures import FOLDER, Photographer, ask

LIGHT: ViewportSize = {"width": 1180, "height": 900}


def take_all(photographer: Photographer) -> None:
    """A service and what mends it in light; the team in dark."""
    with photographer.page("score.png", "U0ANN", "team-payments", viewport=LIGHT) as page:
        _wide(page)
        ask(page, "/idp score checkout")
        ask(page, "/idp fix checkout slos")
    dark: dict[str, Any] = {"viewport": LIGHT, "color_scheme": "dark"}
    with photographer.page("score-dark.png", "U0ANN", "team-payments", **dark) as page:
        _wide(page)
        ask(page, "/idp score checkout")
        ask(page, "/idp score")


def _wide(page: Page) -> None:
    close = page.get_by_role("button", name="Close the pane")
    if close.count():
        close.click()


def main(folder: Path) -> None:
    """All pictures, on a demo that is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["IDP_DEMO_DATABASE_URL"] = f"sqlite:///{temporary}/idp.db"
        with running(8580) as slack, sync_playwright() as playwright:
            slack.wait(lambda: slack.messages("team-payments"), 60)  # a golden path's new version is told first
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            take_all(Photographer(slack, browser, folder))
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
