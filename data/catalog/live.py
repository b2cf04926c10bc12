"""The catalog that follows the database: the current snapshot, replaced when the version moves."""

from data.catalog.snapshot import Snapshot


class Catalog:
    """Holds the current snapshot; readers take it once per question. `refresh` is for a background thread."""

    def __init__(self, database: object) -> None:
        self._snapshot = Snapshot.build(())

    @property
    def snapshot(self) -> Snapshot:
        """The newest complete snapshot; an empty one with version 0 before the first refresh."""
        return self._snapshot

    @property
    def loaded(self) -> bool:
        """Whether a refresh has succeeded yet."""
        raise NotImplementedError

    def refresh(self) -> bool:
        """Follow the database: True when the entities changed. Sources' freshness follows without a rebuild."""
        raise NotImplementedError
