"""The catalog that follows the database: the current snapshot, replaced when the version moves."""

import gc
from threading import Lock

from data.catalog.indexes.reach import Reach
from data.catalog.lazily import giving_way
from data.catalog.snapshot import Snapshot
from data.catalog.trim import give_back
from data.garbage import no_collection
from data.store.catalog import (
    SourceState,
    catalog_version,
    load_companions,
    load_entities,
    load_problems,
    load_sources,
)
from data.store.database import Database, Store


class Catalog:
    """Holds the current snapshot; readers take it once per question. `refresh` is for a background thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshot = Snapshot.build(())
        self._loaded = False
        self._warm = False
        self._refreshing = Lock()
        self._reach: Reach | None = None  # the newest that is there

    @property
    def snapshot(self) -> Snapshot:
        """The newest complete snapshot; an empty one with version 0 before the first refresh."""
        return self._snapshot

    @property
    def loaded(self) -> bool:
        """Whether a refresh has succeeded yet."""
        return self._loaded

    def refresh(self) -> bool:
        """Follow the database: True when the entities changed. Sources' freshness follows without a rebuild.

        Once `warm` was called, a new snapshot answers only when all its indexes are there: nobody waits for them.
        Unavailable goes through; the last snapshot keeps answering.
        """
        with self._refreshing, self._database.reading() as store:
            version, sources = catalog_version(store), load_sources(store)
            changed = not self._loaded or version != self._snapshot.version
            if changed:
                self._snapshot = self._read(store, sources, version)
                self._loaded = True
                if self._warm:
                    give_back()
            elif sources != list(self._snapshot.sources.values()):
                self._snapshot = self._snapshot.with_sources(sources, load_problems(store))
        return changed

    def _read(self, store: Store, sources: list[SourceState], version: int) -> Snapshot:
        problems, companions = load_problems(store), load_companions(store)
        if not self._loaded:  # nobody is answered yet: no rests, and nothing to find for the garbage collector
            with no_collection():
                entities = load_entities(store)
                snapshot = Snapshot.build(entities, sources, problems, version, companions=companions)
        else:
            entities = load_entities(store)
            snapshot = Snapshot.build(entities, sources, problems, version, giving_way(), companions=companions)
        if self._warm:
            snapshot.warm()
        gc.freeze()  # what lives as long as the snapshot need not be looked through at every collection
        return snapshot

    def count_ahead(self) -> None:
        """Count what lies around each node of the newest snapshot, once `warm` was called; for the background.

        Questions need not wait for it, and what does not change between two versions is counted once.
        """
        if self._warm:
            self._reach = self._snapshot.count_ahead(self._reach)

    def warm(self) -> None:
        """Build the slow indexes ahead of the first question that needs them, now and for every later snapshot."""
        self._warm = True
        self._snapshot.warm()
        gc.freeze()
        give_back()
