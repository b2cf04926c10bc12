"""Who has opened the app's Home, and what each Home shows."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select, update

from data.store.database import Store
from data.store.tables.digests import HomeRow


def opened(store: Store, account: str, person: str, now: datetime) -> None:
    """Somebody looks at their Home."""
    fresh = {"person": person, "opened_at": now}
    statement = store.insert(HomeRow).values(account=account, shown=0, fingerprint="", **fresh)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["account"], set_=fresh))


def of_people(store: Store, people: Collection[str], since: datetime) -> list[str]:
    """The accounts of these people whose Home was opened since then."""
    query = select(HomeRow.account).where(col(HomeRow.person).in_(people), col(HomeRow.opened_at) >= since)
    return list(store.connection.execute(query).scalars())


def any_open(store: Store, since: datetime) -> bool:
    """Whether anybody has opened theirs since then."""
    query = select(HomeRow.account).where(col(HomeRow.opened_at) >= since).limit(1)
    return store.connection.execute(query).first() is not None


def recent(store: Store, since: datetime) -> list[tuple[str, str]]:
    """(account, fingerprint of what is shown) of each Home that was opened since then."""
    query = select(HomeRow.account, HomeRow.fingerprint).where(col(HomeRow.opened_at) >= since)
    return [(row[0], row[1]) for row in store.connection.execute(query).all()]


def times_shown(store: Store, account: str) -> int | None:
    """How often this Home has been shown; None for an account without one."""
    return store.connection.execute(select(HomeRow.shown).where(col(HomeRow.account) == account)).scalar()


def record_shown(store: Store, account: str, before: int, fingerprint: str) -> bool:
    """It is shown, once more than `before`. False when another did so meanwhile: the older view may be on top."""
    same = (col(HomeRow.account) == account, col(HomeRow.shown) == before)
    statement = update(HomeRow).where(*same).values(shown=before + 1, fingerprint=fingerprint)
    return store.connection.execute(statement).rowcount == 1
