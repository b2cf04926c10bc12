"""What people were told already, so that no replica and no restart tells it again."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, delete, select

from data.store.database import Store
from data.store.tables.catalog import ToldRow


def first_to_tell(store: Store, keys: Collection[str], now: datetime) -> set[str]:
    """Those of the keys that nobody has told; from now on they count as told."""
    fresh = set()
    for key in sorted(keys):
        statement = store.insert(ToldRow).values({"key": key, "told_at": now}).on_conflict_do_nothing()
        if store.connection.execute(statement.returning(col(ToldRow.key))).first() is not None:
            fresh.add(key)
    return fresh


def told_with(store: Store, prefix: str) -> set[str]:
    """The keys that begin so."""
    return {key for key in store.session.exec(select(ToldRow.key)) if key.startswith(prefix)}


def untell(store: Store, keys: Collection[str]) -> None:
    """These may be told again: what they were about is over, or telling did not succeed."""
    for key in keys:
        store.session.exec(delete(ToldRow).where(col(ToldRow.key) == key))
