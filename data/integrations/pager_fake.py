"""A pager that calls nobody and remembers what it was asked, for the demo and for tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from data.errors import NotFound
from data.integrations.pager import HINT, NOBODY
from data.ports.oncall import Incident, Incidents, Page


@dataclass
class FakePager:
    """`services` names what each entity would page; `pages` has what was sent, by dedup_key."""

    now: Callable[[], datetime]
    services: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, Sequence[Incident]] = field(default_factory=dict)
    pages: dict[str, list[Page]] = field(default_factory=dict)

    def reaches(self, ref: str) -> str:
        return f"Demo pager: {self.services[ref]}" if ref in self.services else ""

    def incidents(self, ref: str) -> Incidents | None:
        return Incidents(self.open.get(ref, ()), self.now()) if ref in self.services else None

    def page(self, page: Page) -> str:
        if page.ref not in self.services:
            raise NotFound(NOBODY, HINT)
        self.pages.setdefault(page.dedup_key, []).append(page)
        return f"The demo pager would page whoever is on call for {self.services[page.ref]}."
