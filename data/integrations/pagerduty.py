"""PagerDuty: who is on call by its escalation policies, what is open, and how to page.

A policy is a schedule of ours, its escalation levels are our levels; PagerDuty has counted rotations, layers and
overrides together already. Entities name their service in `pagerduty.com/service-id`, or in
`pagerduty.com/integration-key` the key of one of its integrations.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from data.errors import NotFound, Unavailable
from data.integrations.account import Account
from data.integrations.annotated import Annotated, Marks
from data.integrations.kept import Kept
from data.integrations.pagerduty_api import INTEGRATION_KEY, SERVICE_ID, PagerDutyApi
from data.integrations.pagerduty_reading import (
    SOURCE,
    Book,
    id_of,
    incident,
    read_book,
    told,
)
from data.integrations.remote_oncall import Told
from data.ports.oncall import Incident, Incidents, Page

FURTHEST: Final = timedelta(days=90)  # PagerDuty knows no shift later than that
OPEN: Final = ("triggered", "acknowledged")


class PagerDuty(Account[PagerDutyApi, Book]):
    """The ports OnCall and Pager over one account. `covers` goes by the id of a service, an escalation policy or a
    schedule."""

    name = SOURCE

    def __init__(
        self,
        api: PagerDutyApi,
        annotated: Annotated,
        covers: Mapping[str, Sequence[str]],
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises Invalid if a reference in `covers` is wrong."""
        super().__init__(api, annotated, covers, now, ticks)
        self._incidents: Kept[Mapping[str, Sequence[Incident]]] = Kept(SOURCE, self._open, now, ticks)

    def reaches(self, ref: str) -> str:
        """The service that would be paged."""
        notes = self._annotated.known.get(ref) or self._annotated.look().get(ref)
        if notes is None:
            return ""
        service = self._book[0].service_of(notes) if self._book else None
        if service is not None:
            return f"{SOURCE}: {service.name}" if service.event_key or notes.get(INTEGRATION_KEY) else ""
        return SOURCE

    def incidents(self, ref: str) -> Incidents | None:
        """From memory; nobody waits for them."""
        self._incidents.look(patience=0.0)
        if ref not in self._annotated.known:  # looked through in the background: a large catalog takes a while
            return None
        failure = self._incidents.failure
        if self._incidents.told is None:
            return Incidents((), None, (failure,) if failure else ())
        by_ref, as_of = self._incidents.told
        return Incidents(by_ref.get(ref, ()), as_of, (failure,) if failure else ())

    def page(self, page: Page) -> str:
        """Send the event; the same `dedup_key` twice is one alert."""
        notes = self._annotated.look().get(page.ref, {})
        key, name = self._routing(notes)
        self._api.trigger({
            "routing_key": key,
            "event_action": "trigger",
            "dedup_key": page.dedup_key,
            "client": "idp",
            "payload": {
                "summary": page.summary[:1024],
                "severity": "critical",
                "source": page.ref,
                "custom_details": {"reason": page.reason, "paged by": page.by},
            },
        })  # fmt: skip
        return f"PagerDuty pages whoever is on call for {name}."

    def _routing(self, notes: Mapping[str, str]) -> tuple[str, str]:
        """The key under which events go to the service of an entity, and what it is called."""
        if notes.get(INTEGRATION_KEY):
            return notes[INTEGRATION_KEY], "its service"
        service = self._now_book().service_of(notes) if notes else None
        if service is None:
            raise NotFound("PagerDuty has no service for it.", f"Compare its annotation {SERVICE_ID}.")
        if not service.event_key:
            hint = f"Add an Events API v2 integration to it, or annotate its key as {INTEGRATION_KEY}."
            raise NotFound(f"The service {service.name} takes no events.", hint)
        return service.event_key, service.name

    def _read(self, first: datetime, last: datetime) -> Told:
        now = self._now()
        if first > now + FURTHEST:
            raise Unavailable("PagerDuty plans 90 days ahead, and no further.")
        self._api.renew()
        book = self._now_book()
        oncalls = list(self._api.oncalls(first, min(last, now + FURTHEST)))
        return told(book, self._covered(book, self._annotated.look()), oncalls, first)

    def _covered(self, book: Book, marks: Marks) -> Mapping[str, Sequence[str]]:
        """What each policy and each schedule covers, by its id."""
        covered: dict[str, dict[str, None]] = {}
        for ref, notes in marks.items():
            service = book.service_of(notes)
            if service is not None:
                covered.setdefault(service.policy, {})[ref] = None
        for id, refs in self._covers.items():
            there = book.services[id].policy if id in book.services else id
            covered.setdefault(there, {}).update(dict.fromkeys(refs))
        return {id: tuple(refs) for id, refs in covered.items()}

    def _ask_book(self) -> Book:
        return read_book(self._api)

    def _open(self) -> Mapping[str, Sequence[Incident]]:
        """Open incidents by the reference of the entity whose service has them."""
        marks = self._annotated.look()
        if not marks:
            return {}
        self._api.renew()
        book = self._now_book()
        refs: dict[str, list[str]] = {}
        for ref, notes in marks.items():
            service = book.service_of(notes)
            if service is not None:
                refs.setdefault(service.id, []).append(ref)
        found: dict[str, list[Incident]] = {}
        for item in self._api.open_incidents(sorted(refs)) if refs else ():
            for ref in refs.get(id_of(item.get("service")), ()) if item.get("status") in OPEN else ():
                found.setdefault(ref, []).append(incident(item))
        return {ref: sorted(each, key=lambda one: one.since, reverse=True) for ref, each in found.items()}
