"""Everything that the API methods and the deliveries share: the workspace, its views and its secrets."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.playground.errors import SlackError
from bot.playground.faults import Faults
from bot.playground.modals import Modals
from bot.playground.network.sender import PATIENCE
from bot.playground.network.traffic import Traffic
from bot.playground.people import BOT, Company
from bot.playground.state import JSON, Message, Workspace

# What slack-manifest.yaml asks for; a method that needs more is refused with missing_scope, as in Slack.
SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
HOOK_SECONDS = 30 * 60
HOOK_USES = 5


@dataclass(slots=True)
class Hook:
    """A response_url: whom and what it answers; five uses within thirty minutes."""

    user: str
    channel: str
    born: float
    message: Message | None = None
    thread: str = ""
    uses: int = 0
    asked: str = ""


class Core:
    """One simulated workspace with one app installed. `url` is where it listens, known once it has started."""

    def __init__(
        self,
        company: Company,
        clock: Callable[[], float] = time.time,
        scopes: Iterable[str] = SCOPES,
        patience: float = PATIENCE,
    ) -> None:
        self.workspace = Workspace(company, clock)
        self.modals = Modals(self.workspace, patience)
        self.traffic = Traffic(self.workspace)
        self.faults = Faults()
        self.scopes = frozenset(scopes)
        self.url = ""
        self.hooks: dict[str, Hook] = {}
        self.tickets: set[str] = set()
        self.prompts: dict[str, JSON] = {}
        self.canvases: dict[str, list[JSON]] = {}
        self._timers: dict[str, threading.Timer] = {}
        self.signing_secret = secrets.token_hex(16)
        self.bot_token = f"xoxb-local-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-local-{secrets.token_hex(12)}"

    def must_have(self, scope: str) -> None:
        """Raises SlackError missing_scope when the bot token lacks it."""
        if scope not in self.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def reset(self) -> None:
        """Everything as it was at the start, faults and history included; the secrets stay."""
        with self.workspace.lock:
            self.cancel_timers()
            self.modals.reset()
            self.hooks.clear()
            self.prompts.clear()
            self.canvases.clear()
            self.faults.clear()
            self.traffic.clear()
            self.workspace.reset()

    def hook(
        self, user: str, channel: str, message: Message | None = None, thread: str = "", asked: str = ""
    ) -> str:
        """A new response_url; `asked` is the command that it answers, if it does."""
        key = f"{BOT}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self.hooks[key] = Hook(user, channel, self.workspace.clock(), message, thread, asked=asked)
        return f"{self.url}/response/{key}"

    def use_hook(self, key: str) -> Hook:
        """Raises SlackError used_url and expired_url."""
        with self.workspace.lock:
            hook = self.hooks.get(key)
            if hook is None:
                raise SlackError("invalid_url")
            if self.workspace.clock() - hook.born > HOOK_SECONDS:
                raise SlackError("expired_url")
            if hook.uses >= HOOK_USES:
                raise SlackError("used_url")
            hook.uses += 1
            return hook

    def schedule(self, ident: str, at: float, run: Callable[[], object]) -> None:
        """Run something at a time, in seconds since the epoch, unless it is cancelled before."""
        timer = threading.Timer(max(0.0, at - self.workspace.clock()), run)
        timer.daemon = True
        self._timers[ident] = timer
        timer.start()

    def unschedule(self, ident: str) -> bool:
        timer = self._timers.pop(ident, None)
        if timer is not None:
            timer.cancel()
        return timer is not None

    def cancel_timers(self) -> None:
        for ident in list(self._timers):
            self.unschedule(ident)
