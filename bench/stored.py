"""A database with a made-up catalog in it, as a sync would have left it."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, update

from bench.synthetic import rows
from data.catalog.entity import Entity
from data.store.database import Database
from data.store.models import CatalogRow, EntityRow, SourceRow


def stored(file: Path, count: int, edges: int) -> str:
    """Fill a new SQLite file; gives its URL."""
    url = f"sqlite:///{file}"
    database = Database(url)
    database.migrate()
    now = datetime.now(UTC)
    with database.store() as store:
        store.session.execute(insert(EntityRow), [_row(entity) for entity in rows(count, edges)])
        source = {"name": "acme", "type": "files", "location": "./catalog", "entities": count}
        store.session.execute(insert(SourceRow), [source | {"synced_at": now, "tried_at": now}])
        store.session.execute(update(CatalogRow).values(version=1))
    database.close()
    return url


def _row(entity: Entity) -> dict[str, object]:
    return entity._asdict() | {"digest": entity.ref, "wins": True, "body": "{}"}
