"""Which account of the chat is which person: bound once, and remembered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, SQLModel, col, delete, select

from data.store.database import Store
from data.store.tables.catalog import UtcDateTime


class BindingRow(SQLModel, table=True):
    """One account. Never changed by the program: a changed address is an alarm. Removed by `idp identity` only."""

    __tablename__ = "binding"

    account: str = Field(primary_key=True)
    person: str = Field(index=True)
    email: str
    bound_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Binding:
    """An account of the chat, the User entity it belongs to, and the address that proved it, in lower case."""

    account: str
    person: str
    email: str


_COLUMNS = (col(BindingRow.account), col(BindingRow.person), col(BindingRow.email))


def binding_of(store: Store, account: str) -> Binding | None:
    """What this account is bound to."""
    row = store.connection.execute(select(*_COLUMNS).where(col(BindingRow.account) == account)).first()
    return Binding(*row) if row else None


def accounts_of(store: Store, person: str) -> list[Binding]:
    """The accounts of a person, the newest first."""
    query = select(*_COLUMNS).where(col(BindingRow.person) == person).order_by(col(BindingRow.bound_at).desc())
    return [Binding(*row) for row in store.connection.execute(query).all()]


def bindings(store: Store) -> list[Binding]:
    """All of them."""
    return [Binding(*row) for row in store.connection.execute(select(*_COLUMNS)).all()]


def bind(store: Store, binding: Binding, now: datetime) -> bool:
    """Bind an account for good; False when it is bound already."""
    values = {"account": binding.account, "person": binding.person, "email": binding.email, "bound_at": now}
    statement = store.insert(BindingRow).values(**values).on_conflict_do_nothing(index_elements=["account"])
    return store.connection.execute(statement.returning(col(BindingRow.account))).first() is not None


def forget(store: Store, account: str) -> bool:
    """Let an account prove anew who it is; False when it is not bound."""
    return bool(store.connection.execute(delete(BindingRow).where(col(BindingRow.account) == account)).rowcount)
