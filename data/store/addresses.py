"""People of the catalog by their e-mail address."""

from collections import Counter
from collections.abc import Mapping

import orjson
from sqlalchemy import func
from sqlmodel import col, select

from data.store.database import Store
from data.store.tables.catalog import EntityRow


def people_by_address(store: Store) -> Mapping[str, str]:
    """References of User entities by address in lower case; an address of several people is nobody's."""
    query = select(col(EntityRow.ref), col(EntityRow.detail)).where(
        func.lower(col(EntityRow.kind)) == "user", col(EntityRow.wins)
    )
    told = [(ref, _address(detail)) for ref, detail in store.connection.execute(query)]
    often = Counter(address for _, address in told)
    return {address: ref for ref, address in told if address and often[address] == 1}


def _address(detail: str) -> str:
    profile = (orjson.loads(detail) if detail else {}).get("profile") or {}
    return str(profile.get("email") or "").lower()
