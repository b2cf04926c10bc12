"""A database with a made-up catalog in it, as a sync would have left it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, update

from bench.synthetic import rows, teams
from data.catalog.entity import Entity
from data.store.database import Database
from data.store.tables.catalog import CatalogRow, EntityRow, SourceRow


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


def configured(folder: Path) -> Path:
    """An idp.yaml for that database, with a rota for some of its teams."""
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "rota.yaml").write_text(rota_of(teams(10_000)))
    config = folder / "idp.yaml"
    sources = "catalog:\n  sources:\n    - {name: acme, type: files, path: ./catalog}\n"
    config.write_text(f"{sources}oncall:\n  - {{type: rota, path: rota.yaml}}\n")
    return config


def rota_of(groups: Sequence[str]) -> str:
    """Two people a week for each team."""
    layer = '{level: 1, rotation: [ann, ben], start: 2026-01-05, length: 1w, handover: "Mon 09:00"}'
    return "schedules:\n" + "".join(
        f"  - {{name: {name}, covers: ['group:{name}'], timezone: UTC, layers: [{layer}]}}\n" for name in groups
    )


def _row(entity: Entity) -> dict[str, object]:
    return entity._asdict() | {"digest": entity.ref, "wins": True}
