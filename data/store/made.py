"""Services that runs have made from golden paths: known at once, without waiting for a sync of where they live."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import col, delete, select

from data.store.database import Store
from data.store.tables.catalog import EntityRow
from data.store.tables.golden_paths import MadeServiceRow


@dataclass(frozen=True, slots=True)
class MadeService:
    """`ref` is the canonical reference of the service, `repository` its repository's name at the host and `url`
    its page; `path`, `version` and `commit` say what it was made from; `content` is its catalog-info.yaml."""

    request: int
    ref: str
    repository: str
    url: str
    path: str
    version: str
    commit: str
    content: str
    made_at: datetime


def put(store: Store, made: MadeService) -> None:
    """Keep it, instead of what this request has put before."""
    values = asdict(made)
    statement = store.insert(MadeServiceRow).values(**values)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["request"], set_=values))


def remove(store: Store, request: int) -> None:
    """Forget what this request has made."""
    store.connection.execute(delete(MadeServiceRow).where(col(MadeServiceRow.request) == request))


def all_made(store: Store) -> list[MadeService]:
    """Everything, the oldest first."""
    table = MadeServiceRow.__table__  # type: ignore[attr-defined]  # SQLModel has it, its types do not
    return [MadeService(*row) for row in store.connection.execute(select(table).order_by(table.c.request))]


def untold(store: Store, source: str) -> list[MadeService]:
    """Those whose entity no other source than `source` tells of yet."""
    elsewhere = select(col(EntityRow.ref)).where(col(EntityRow.source) != source)
    told = set(
        store.connection.execute(
            elsewhere.where(col(EntityRow.ref).in_(select(col(MadeServiceRow.ref))))
        ).scalars()
    )
    return [made for made in all_made(store) if made.ref not in told]
