"""What GitHub told is done within seconds: the repositories that it named are read again, and no others."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.processes.fact_hooks import FactHooks, Sender
from bot.processes.hooks import KIND, GitHubHooks, Hooked, names_of
from bot.processes.syncs import Syncs
from bot.settings.config import Settings
from bot.settings.source_entries import GitHubEntry
from data.idp import Idp
from data.store.inbox import claim, done

LEASE: Final = timedelta(minutes=12)  # longer than a sync may take
AT_ONCE: Final = 100  # deliveries
MOST: Final = 50  # repositories that are read by name; more are found by reading the list again


class Pushes:
    """Takes up deliveries that nobody has taken up, one process at a time."""

    def __init__(self, idp: Idp, syncs: Syncs) -> None:
        self._idp = idp
        self._syncs = syncs

    def take_up(self) -> None:
        """Read what was pushed. Where that fails the delivery is done too: the next full sync has it."""
        if self._syncs.busy:
            return
        with self._idp.database.store() as store:
            events = claim(store, self._idp.now(), LEASE, AT_ONCE, KIND)
        if not events:
            return
        for source, names in names_of([event.body for event in events]).items():
            if source in self._syncs.names:
                self._syncs.run_some(source, _narrow(sorted(names)))
        with self._idp.database.store() as store:
            for event in events:
                done(store, event.id, self._idp.now())


def github_hooks(settings: Settings, idp: Idp) -> GitHubHooks | None:
    """What takes GitHub's deliveries, for the sources whose secret is in the environment; None without any."""
    entries = [entry for entry in settings.config.catalog.sources if isinstance(entry, GitHubEntry)]
    hooked = [Hooked(entry.name, entry.org, entry.webhook_secret().encode()) for entry in entries]
    listening = [each for each in hooked if each.secret]
    return GitHubHooks(listening, idp.database, idp.now) if listening else None


def _narrow(names: Sequence[str]) -> Sequence[str]:
    return names if len(names) <= MOST else ()


def fact_hooks(settings: Settings, idp: Idp) -> FactHooks | None:
    """What listens where facts are pushed; None when nobody may push any."""
    senders = [Sender(entry.name, entry.secret) for entry in settings.config.hooks]
    return FactHooks(senders, idp) if senders else None
