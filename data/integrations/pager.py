"""Whoever can be paged, over all systems: the first that knows the entity."""

from collections.abc import Sequence

from data.errors import NotFound
from data.ports.oncall import Incidents, Page, Pager

NOBODY = "Nobody can be paged for it."
HINT = "Annotate it with pagerduty.com/service-id or pagerduty.com/integration-key."


class AllPagers:
    """The port Pager over any number of systems."""

    def __init__(self, pagers: Sequence[Pager] = ()) -> None:
        self._pagers = pagers

    def reaches(self, ref: str) -> str:
        """What the first system says that knows the entity."""
        return next((said for pager in self._pagers if (said := pager.reaches(ref))), "")

    def incidents(self, ref: str) -> Incidents | None:
        """Those of all systems that know the entity; `as_of` is the oldest of theirs."""
        told = [one for pager in self._pagers if (one := pager.incidents(ref)) is not None]
        if len(told) < 2:
            return told[0] if told else None
        times = [one.as_of for one in told]
        return Incidents(
            sorted((each for one in told for each in one.incidents), key=lambda each: each.since, reverse=True),
            None if None in times else min(filter(None, times)),
            [failure for one in told for failure in one.failures],
        )

    def page(self, page: Page) -> str:
        """Page by the first system that can."""
        for pager in self._pagers:
            if pager.reaches(page.ref):
                return pager.page(page)
        raise NotFound(NOBODY, HINT)
