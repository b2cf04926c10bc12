"""What follows a waiting page: what was made or, whatever goes wrong on the way, a sentence."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from bot.processes.work import report_bug
from bot.slack.answers import APOLOGY
from bot.slack.modals.modal import View
from bot.slack.outgoing.chat import Chat
from data.errors import Unavailable, UserError

log = logging.getLogger("idp")

SETTLED: Final = 1.0  # seconds after which Slack has surely taken the waiting page
LONGEST: Final = 30.0  # seconds after which the page says more than that one has to wait
WAITS: Final = (1.0, 4.0, 15.0)  # seconds before each further try while Slack does not take it
SLOW: Final = UserError(
    "The template takes longer than usual.",
    "It is shown here when it is there. Going back and sending again may help.",
)


@dataclass(frozen=True, slots=True)
class LatePage:
    """One waiting page: the id of its view, and the page that says why nothing follows."""

    chat: Chat
    view: str
    sorry: Callable[[UserError], View]

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While what follows is made: says so when that does not end."""
        timer = threading.Timer(LONGEST, self._say_slow)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def follow(self, make: Callable[[], View]) -> None:
        """Show what `make` gives, or what was wrong with it."""
        time.sleep(SETTLED)
        try:
            self._shown(make())
        except UserError as error:
            self._say(error)
        except Exception:  # noqa: BLE001 - nobody waits for this thread: whatever fails is said in the modal
            self._say(UserError(APOLOGY.format(report_bug("showing a page"))))

    def _say_slow(self) -> None:
        try:
            self._say(SLOW)
        except UserError as error:
            log.warning("cannot say that a page takes long: %s", error.message)

    def _say(self, error: UserError) -> None:
        """Raises what Slack says when it takes that neither, as it does for a modal that was closed meanwhile."""
        self._shown(self.sorry(error))

    def _shown(self, view: View) -> None:
        for wait in WAITS:
            try:
                self.chat.update_view(self.view, None, view)
            except Unavailable:
                time.sleep(wait)
            else:
                return
        self.chat.update_view(self.view, None, view)
