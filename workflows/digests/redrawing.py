"""Digests that show a task are drawn again when something happens to it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from data.idp import Idp
from data.store import digests
from data.store.database import Store
from workflows.digests.content import DigestContent, unpacked
from workflows.journal import redraw

FRESH: Final = timedelta(days=35)  # older digests stay as they are


def redraw_tasks(idp: Idp, store: Store, entities: Collection[str]) -> None:
    """Something was said about checks of these entities, or they have changed."""
    known = filter(None, map(idp.catalog.snapshot.get, entities))
    for digest in digests.posted_since(store, {entity.owner for entity in known}, idp.now() - FRESH):
        if any(task.entity in entities for task in unpacked(DigestContent, digest.content).tasks):
            redraw(idp, store, "digest", digest.id)
