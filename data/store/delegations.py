"""Who may approve in whose place."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import col, delete, select

from data.store.database import Store
from data.store.tables.work import DelegationRow


@dataclass(frozen=True, slots=True)
class DelegationPeriod:
    """`delegate` may approve in the place of `holder` from `since` until `until`."""

    holder: str
    delegate: str
    since: datetime
    until: datetime


def put(store: Store, period: DelegationPeriod) -> None:
    """Keep it instead of any other of this holder."""
    values = asdict(period)
    statement = store.insert(DelegationRow).values(**values)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["holder"], set_=values))


def end(store: Store, holder: str) -> bool:
    """Forget it; False when there was none."""
    return store.connection.execute(delete(DelegationRow).where(col(DelegationRow.holder) == holder)).rowcount == 1


def in_force(store: Store, now: datetime) -> list[DelegationPeriod]:
    """All that count now."""
    query = select(DelegationRow.holder, DelegationRow.delegate, DelegationRow.since, DelegationRow.until)
    query = query.where(col(DelegationRow.since) <= now, col(DelegationRow.until) > now)
    rows = store.connection.execute(query.order_by(col(DelegationRow.holder))).all()
    return [DelegationPeriod(*row) for row in rows]
