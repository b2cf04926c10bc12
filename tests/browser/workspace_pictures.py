"""Takes the pictures of development workspaces: `.venv/bin/python tests/browser/workspace_pictures.py [folder]`.

It starts the demo by itself, with a database of its own, and plays the journeys.
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.demo import ACME
from bot.demo_place import settle
from bot.playground import Message
from tests.browser.access_pictures import FOLDER, Journeys, journeys


class WorkspaceJourneys(Journeys):
    """Launch, ready, a full quota, a failed build, an extension, a deletion."""

    def launch(self, who: str, service: str, **filled: str) -> None:
        self.slack.command(who, "general", f"/idp workspace {service}")
        self.slack.wait(lambda: self._modal(who), 10)
        self.slack.submit(who, {f"field:{name}": value for name, value in filled.items()})
        self.slack.submit(who)

    def _modal(self, who: str) -> object:
        try:
            return self.slack.modal(who)
        except LookupError:
            return None

    def about(self, who: str, name: str, text: str) -> Message:
        found: list[Message] = self.slack.wait(lambda: self._said(who, name, text), 40)
        return found[-1]

    def _said(self, who: str, name: str, text: str) -> list[Message]:
        return [m for m in self._with(who, "dm", f"Workspace {name}") if text in f"{m.text}{m.blocks}"]

    def play(self) -> None:
        """In the order in which a person would meet them."""
        form = self.page("U0ANN", "general")
        form.locator("#composer").fill("/idp workspace checkout")
        form.locator("#composer").press("Enter")
        form.get_by_label("CPU cores").wait_for(timeout=8000)
        form.wait_for_timeout(500)
        self.take(form, "workspace-form.png")
        self.slack.submit("ann", {"field:p.cpu": "4"})
        self.slack.submit("ann")
        self.about("ann", "checkout", "is building")
        self.take(self.page("U0ANN", "idp"), "workspace-building.png")
        self.about("ann", "checkout", "is ready")
        self.take(self.page("U0ANN", "idp", color_scheme="dark"), "workspace-ready-dark.png")
        for name in ("payments-fix", "invoices"):
            self.launch("ann", "checkout", name=name)
            self.about("ann", name, "is ready")
        self.slack.command("ann", "general", "/idp workspace checkout")
        full = self.newest("ann", "general", "3 of 3 in use")
        self.take(self.page("U0ANN", "general"), "workspace-quota.png")
        self.slack.press("ann", full, "Stop invoices")
        self.about("ann", "invoices", "is stopped")
        self.slack.press("ann", self.about("ann", "checkout", "is ready"), "Extend 2 h")
        self.slack.press("ann", self.about("ann", "invoices", "is stopped"), "Delete")
        self.about("ann", "invoices", "is deleted")
        time.sleep(1)
        self.slack.command("ann", "dm", "/idp workspaces")
        self.newest("ann", "dm", "Your workspaces")
        self.take(self.page("U0ANN", "idp"), "workspace-extended-deleted.png")
        self.launch("cara", "user-service", name="lab", template="gpu-lab")
        card = self.newest("pia", "team-identity", "Workspace lab")
        self.slack.press("pia", card, "Approve")
        self.about("cara", "lab", "failed to build")
        self.take(self.page("U0CARA", "idp"), "workspace-failed.png")


def main(folder: Path) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, journeys(playwright, folder, settle(ACME)) as usual:
        WorkspaceJourneys(usual.slack, usual.browser, folder).play()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
