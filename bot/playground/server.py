"""The local Slack as one object: start it, act as people, look at what they see."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from bot.playground import routes
from bot.playground.acting import EVENTS, Acting
from bot.playground.core import SCOPES, Core
from bot.playground.deliveries import RETRY_WAITS, Deliveries
from bot.playground.faults import Fault
from bot.playground.modals import View
from bot.playground.network.sender import PATIENCE, HttpSender, Post, Sender
from bot.playground.network.socket_mode import SocketHub
from bot.playground.network.traffic import Exchange
from bot.playground.network.transport import Transport
from bot.playground.page.tour import Tour
from bot.playground.people import APP, BOT_USER, TEAM, Company, default_company
from bot.playground.state import Message


class LocalSlack(Acting):
    """A simulated workspace with the app installed, listening on 127.0.0.1.

    `events_url` is the bot's address for everything that Slack sends (may be set later); `post` reaches a bot
    in this process instead. `port` 0 takes a free one. `clock` gives seconds since the epoch. `retry_waits` are
    the seconds before each retry of an event. `patience` are the seconds that Slack waits for an acknowledgement
    and that a trigger lasts; a test whose matter that is not gives a busy machine more. `tour` is what the page
    suggests and completes; the page is always there, at `url`.
    """

    app_id, team_id, bot_user_id = APP, TEAM, BOT_USER

    def __init__(
        self,
        events_url: str = "",
        *,
        company: Company | None = None,
        port: int = 0,
        post: Post | None = None,
        clock: Callable[[], float] = time.time,
        retry_waits: Sequence[float] = RETRY_WAITS,
        scopes: Collection[str] = SCOPES,
        events: Collection[str] = EVENTS,
        unfurls: Collection[str] = (),
        patience: float = PATIENCE,
        tour: Tour | None = None,
    ) -> None:
        core = Core(company or default_company(), clock, scopes, patience)
        self.hub, self._patience = SocketHub(patience), patience
        super().__init__(core, Deliveries(core, self.hub, retry_waits), events, unfurls)
        self.tour = tour or Tour()
        self._port, self._http = port, None if not events_url else HttpSender(events_url, patience)
        self._events_url = events_url
        self._transport: Transport | None = None
        if post or self._http:
            self.answer_with(post or self._http)

    def answer_with(self, post: Post | None) -> None:
        """Reach a bot in this process instead of at `events_url`; None: reach none."""
        core = self.core
        sender = Sender(core.signing_secret, post, core.workspace.clock, self._patience) if post else None
        self.deliveries.sender = sender

    @property
    def events_url(self) -> str:
        """Where the bot listens; "" while it is not known."""
        return self._events_url

    @events_url.setter
    def events_url(self, url: str) -> None:
        if self._http:
            self._http.close()
        self._events_url, self._http = url, HttpSender(url, self._patience) if url else None
        self.answer_with(self._http)

    def start(self) -> "LocalSlack":
        """Listen. Raises OSError when the port is taken."""
        answer = partial(routes.answer, self, self.tour)
        self._transport = Transport(self._port, answer, self.core, self.hub)
        self.core.url = self._transport.url
        self._transport.start()
        return self

    def stop(self) -> None:
        """Stop listening, close every connection and cancel what was scheduled."""
        self.core.cancel_timers()
        self.hub.close()
        if self._http:
            self._http.close()
        if self._transport is not None:
            self._transport.stop()
            self._transport = None

    def __enter__(self) -> "LocalSlack":
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The page."""
        return self.core.url

    @property
    def api_url(self) -> str:
        """SLACK_API_URL for the bot, with the slash at its end."""
        return f"{self.core.url}/api/"

    @property
    def signing_secret(self) -> str:
        return self.core.signing_secret

    @property
    def bot_token(self) -> str:
        return self.core.bot_token

    @property
    def app_token(self) -> str:
        return self.core.app_token

    def environment(self) -> dict[str, str]:
        """What the bot's environment needs; add SLACK_APP_TOKEN from `app_token` for Socket Mode."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_BOT_TOKEN": self.bot_token,
        }

    def fail(
        self,
        method: str,
        *,
        error: str = "",
        status: int = 0,
        retry_after: int = 1,
        delay: float = 0.0,
        cut: str = "",
        times: int = 1,
        hold: threading.Event | None = None,
    ) -> None:
        """Let the next `times` calls of a method ("*": of any) fail; see faults.Fault for each argument."""
        self.core.faults.add(Fault(method, error, status, retry_after, delay, cut, times, hold))

    def messages(self, channel: str, seen_by: str = "") -> list[Message]:
        """A channel's messages oldest first, replies included; with `seen_by`, that person's ephemerals too."""
        person = self.core.workspace.person(seen_by).id if seen_by else ""
        room = self.core.workspace.channel(channel, person)
        with self.core.workspace.lock:
            return [m for m in room.messages.values() if m.only_for in {"", person}]

    def thread(self, channel: str, ts: str, seen_by: str = "") -> list[Message]:
        """A thread, its first message included."""
        return [m for m in self.messages(channel, seen_by) if ts in {m.ts, m.thread}]

    def home(self, user: str) -> View | None:
        """The app's Home as a person sees it; None before the first views.publish."""
        return self.core.modals.homes.get(self.core.workspace.person(user).id)

    def calls(self, method: str = "") -> list[Exchange]:
        """What the bot called, oldest first."""
        return [e for e in self.core.traffic.all() if not e.out and method in {"", e.name}]

    def sent(self, kind: str = "") -> list[Exchange]:
        """What was delivered to the bot, oldest first, retries included."""
        return [e for e in self.core.traffic.all() if e.out and kind in {"", e.name}]

    def wait(self, until: Callable[[], Any], seconds: float = 30.0) -> Any:
        """The first true value of `until`, looked at after each change and now and then. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        changed = self.core.workspace.changed
        with changed:
            while not (found := until()):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"nothing within {seconds} s; {len(self.calls())} calls were made")
                changed.wait(min(left, 0.02))  # it may look at what is outside the workspace
        return found
