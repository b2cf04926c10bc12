"""The few calls of a Backstage catalog that a sync needs: the whole list, and entities by reference.

Facts: the published OpenAPI description of its catalog backend, and answers recorded from one. Lists are paged by
a cursor, in releases without `by-query` by the `Link` header. `metadata.etag` moves with every change of an
entity. Errors are `{"error": {"name", "message"}}`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from data.errors import NotFound, Unavailable
from data.http.api import Api

Item = Mapping[str, Any]

PAGE: Final = 500
BATCH: Final = 250  # entities asked for by reference at once
MOST: Final = 1_000_000  # entities of one Backstage
ATTEMPTS: Final = 3  # readings of the whole list, when entities come and go meanwhile

_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')


class BackstageApi:
    """One catalog at `url`, which is the address of Backstage or already ends in /api/catalog."""

    def __init__(self, api: Api, host: str, filters: Sequence[str]) -> None:
        self._api = api
        self._host = host
        self._filters = filters
        self._old = False  # a release without `by-query`

    def all(self, fields: str) -> list[Item]:
        """Every entity with these fields ("" for all of them). Raises Unavailable when pages are missing."""
        for _ in range(ATTEMPTS):
            items, total = self._walk(fields)
            if len(items) >= total:
                return items
        raise Unavailable(f"{self._host} names {total:,} entities but hands out {len(items):,} of them.")

    def some(self, refs: Sequence[str]) -> Iterator[Item | None]:
        """The entities of these references in their order, None for those that are gone."""
        rest = iter(refs)
        while batch := list(islice(rest, BATCH)):
            answer = self._api.query("/entities/by-refs", {"entityRefs": batch})
            items = _list(answer, "items", self._host)
            if len(items) != len(batch):
                raise Unavailable(f"{self._host} was asked for {len(batch)} entities and answers {len(items)}.")
            yield from items

    def can_ask_by_reference(self) -> bool:
        """Whether the release is new enough; known after `all`."""
        return not self._old

    def _walk(self, fields: str) -> tuple[list[Item], int]:
        try:
            return self._walk_by_cursor(fields)
        except NotFound:
            self._old = True
            items = self._walk_by_link(fields)
            return items, len(items)

    def _walk_by_cursor(self, fields: str) -> tuple[list[Item], int]:
        asked: dict[str, Any] = {"limit": PAGE, "filter": list(self._filters)}
        asked |= {"fields": fields} if fields else {}
        items: list[Item] = []
        total = 0
        for _ in range(MOST // PAGE):
            answer = self._api.json("GET", "/entities/by-query", params=asked)
            items += _list(answer, "items", self._host)
            total = max(total, int(answer.get("totalItems") or 0))
            cursor = (answer.get("pageInfo") or {}).get("nextCursor")
            if not cursor:
                return items, total
            asked = {"limit": PAGE, "cursor": cursor} | ({"fields": fields} if fields else {})
        raise Unavailable(f"{self._host} hands out more than {MOST:,} entities.")

    def _walk_by_link(self, fields: str) -> list[Item]:
        asked: dict[str, Any] = {"limit": PAGE, "filter": list(self._filters)}
        asked |= {"fields": fields} if fields else {}
        items: list[Item] = []
        for _ in range(MOST // PAGE):
            answer = self._api.call("GET", "/entities", params=asked)
            page = answer.json()
            items += _list({"items": page}, "items", self._host)
            following = _NEXT.search(answer.headers.get("link", ""))
            if not following:
                return items
            asked = dict(parse_qs(urlsplit(following[1]).query))
        raise Unavailable(f"{self._host} hands out more than {MOST:,} entities.")


def _list(answer: Any, key: str, host: str) -> list[Item]:
    items = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise Unavailable(f"{host} answers something that is not a list of entities.")
    return items
