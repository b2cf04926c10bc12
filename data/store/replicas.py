"""Which processes are alive. Only PostgreSQL needs this: on SQLite there is one."""

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, delete, select

from data.store.database import Store
from data.store.tables.work import ReplicaRow

_REAPER = 0x1D9E  # any number, but always the same: one replica at a time looks for the dead


def beat(store: Store, executor: str) -> None:
    """Say that this process is alive, by the database's clock."""
    statement = store.insert(ReplicaRow).values(executor=executor, last_seen=func.now())
    update = {"last_seen": func.now()}
    store.connection.execute(statement.on_conflict_do_update(index_elements=["executor"], set_=update))


def alive(store: Store, lease: timedelta) -> set[str]:
    """The processes that were seen within `lease`; those not seen for ten leases are forgotten."""
    store.connection.execute(delete(ReplicaRow).where(col(ReplicaRow.last_seen) < func.now() - lease * 10))
    query = select(ReplicaRow.executor).where(col(ReplicaRow.last_seen) > func.now() - lease)
    return set(store.connection.execute(query).scalars())


def leave(store: Store, executor: str) -> None:
    """This process ends: what it leaves is taken over at once."""
    store.connection.execute(delete(ReplicaRow).where(col(ReplicaRow.executor) == executor))


def only_reaper(store: Store) -> bool:
    """Whether this transaction is the one that may look for the dead; until its end nobody else may."""
    return bool(store.connection.execute(select(func.pg_try_advisory_xact_lock(_REAPER))).scalar())
