"""What Slack told us, kept as rows before it is acknowledged, and then done: here, or by whoever takes it up."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from bot.processes.work import Work
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.store.inbox import Event, abandoned, claim, done, purge, receive, release

log = logging.getLogger("idp")

KEPT: Final = timedelta(days=1)  # Slack sends again within the hour

Finish = Callable[[Event], None]


class Inbox:
    """The rows of one kind. Safe for many threads and many replicas."""

    def __init__(self, idp: Idp, work: Work, kind: str, lease: timedelta, finish: Finish) -> None:
        """`finish` does what an event asks for and must not mind doing it twice.

        When it raises Unavailable, or the process dies, another try follows after `lease`.
        """
        self._idp = idp
        self._work = work
        self._kind = kind
        self._lease = lease
        self._finish = finish

    def take(self, id: str, body: str, finish: Finish | None = None) -> None:
        """Keep it and start on it, once for each id; `finish` when here it can be done better than elsewhere.

        Raises Unavailable when it cannot be kept: then it must not be acknowledged.
        """
        now = self._idp.now()
        with self._idp.database.store() as store:
            new = receive(store, id, self._kind, body, now, claimed_until=now + self._lease)
        if new:
            event = Event(id, self._kind, body, now, 1)
            if not self._start(event, finish or self._finish):
                self._release(event)

    def take_up(self) -> None:
        """Go on with what nobody does: what processes left behind that died, and what failed for a while."""
        with self._idp.database.store() as store:
            events = claim(store, self._idp.now(), self._lease, kind=self._kind)
        for event in events:
            self._start(event, self._finish)

    def _start(self, event: Event, finish: Finish) -> bool:
        return self._work.submit(f"doing a {self._kind}", partial(self._do, event, finish)) is not None

    def _do(self, event: Event, finish: Finish) -> None:
        try:
            finish(event)
        except Unavailable as error:
            log.warning("will try again: the %s %s: %s", event.kind, event.id, error.message)
            return
        except UserError as error:  # it was refused and will be again: a channel is gone, or closed to us
            log.warning("cannot finish the %s %s: %s", event.kind, event.id, error.message)
        with self._idp.database.store() as store:
            done(store, event.id, self._idp.now())

    def _release(self, event: Event) -> None:
        """Too much waits here, or the process stops: whoever looks next takes it."""
        with self._idp.database.store() as store:
            release(store, event.id)


def tidy(idp: Idp) -> None:
    """Forget what is long done; say what was given up."""
    now = idp.now()
    with idp.database.store() as store:
        purge(store, now - KEPT)
        given_up = abandoned(store, now)
    for event in given_up:
        log.error("gave up the %s %s after %d tries", event.kind, event.id, event.attempts)
