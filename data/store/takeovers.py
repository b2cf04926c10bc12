"""Changes of ownership that wait: until the old owner agrees, the old owner answers and approves.

Who owns an entity decides who approves access to it, so nobody may become its owner by writing so in a file. The
entity's row holds what its file says; a row here holds the owner in its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, text
from sqlmodel import col, select

from data.catalog.entity import Entity, Problem
from data.store import sync_rows
from data.store.database import Store
from data.store.tables.catalog import TakeoverRow

CLAIMED = "claimed_owner"  # in the detail of an entity whose change of owner waits

_REF, _OWNER = Entity._fields.index("ref"), Entity._fields.index("owner")
_RELATIONS, _DETAIL = Entity._fields.index("relations"), Entity._fields.index("detail")


class Telling(NamedTuple):
    """Who answers for a reference, and the owner that it states."""

    owner: str
    source: str
    path: str


@dataclass(frozen=True, slots=True)
class Takeover:
    """One change that waits: `held` is the owner until somebody of `held` agrees to `claimed` ("" for nobody)."""

    ref: str
    held: str
    claimed: str
    source: str
    path: str
    since: datetime

    def problem(self) -> Problem:
        """What the author of the file should know."""
        claimed = self.claimed or "nobody"
        message = f"{self.ref} changes its owner from {self.held} to {claimed}; {self.held} stays until it agrees."
        return Problem(
            self.path, 1, "warning", "takeover", message, "somebody of the old owner to agree", self.ref
        )


def tellings(store: Store, refs: Iterable[str]) -> dict[str, Telling]:
    """Who answers for these references now."""
    query = text("SELECT ref, owner, source, path FROM entity WHERE wins AND ref IN :refs").bindparams(
        bindparam("refs", expanding=True)
    )
    found: dict[str, Telling] = {}
    for batch in sync_rows.batched(refs, 500):
        found |= {row[0]: Telling(*row[1:]) for row in store.connection.execute(query, {"refs": batch})}
    return found


def waiting(store: Store) -> list[Takeover]:
    """All changes that wait, the oldest first."""
    rows = store.session.exec(select(TakeoverRow).order_by(col(TakeoverRow.since), col(TakeoverRow.ref)))
    return [Takeover(row.ref, row.held, row.claimed, row.source, row.path, row.since) for row in rows]


def hold(store: Store, before: Mapping[str, Telling], now: datetime) -> list[str]:
    """Compare who answered `before` with who answers now; gives the references whose owner is held from now on.

    A change is not held where nobody could agree to it: there was no owner, or the old one is not in the catalog
    (any more). A claim that is withdrawn is forgotten.
    """
    held = {row.ref: row for row in waiting(store)}
    after = tellings(store, before.keys() | held.keys())
    changed = {ref: told for ref, told in after.items() if ref in held or told.owner != before[ref].owner}
    owners = {ref: held[ref].held if ref in held else before[ref].owner for ref in changed}
    can_agree = tellings(store, {owner for owner in owners.values() if owner})
    fresh = []
    for ref, told in changed.items():
        if told.owner == owners[ref] or owners[ref] not in can_agree:
            forget(store, ref)
        elif ref not in held or held[ref].claimed != told.owner:
            forget(store, ref)
            row = {
                "ref": ref,
                "held": owners[ref],
                "claimed": told.owner,
                "source": told.source,
                "path": told.path,
            }
            store.session.add(TakeoverRow(**row, since=now))
            fresh.append(ref)
    store.session.flush()
    return sorted(fresh)


def agree(store: Store, agreed: Iterable[Takeover]) -> list[Takeover]:
    """Let these changes happen; gives those that still waited as they were agreed to.

    The caller knows that the person may agree to them, and writes them into the audit.
    """
    done = [each for each in agreed if _end(store, each)]
    if done:
        sync_rows.raise_version(store)
    return done


def _end(store: Store, each: Takeover) -> bool:
    query = text("DELETE FROM takeover WHERE ref = :ref AND held = :held AND claimed = :claimed")
    facts = {"ref": each.ref, "held": each.held, "claimed": each.claimed}
    return store.connection.execute(query, facts).rowcount == 1


def forget(store: Store, ref: str) -> None:
    """No change waits for this reference."""
    store.connection.execute(text("DELETE FROM takeover WHERE ref = :ref"), {"ref": ref})


def with_held_owners(rows: Iterator[tuple[Any, ...]], held: Mapping[str, Takeover]) -> Iterator[tuple[Any, ...]]:
    """Rows in Entity field order, with the owner that counts where a change waits."""
    if not held:
        return rows
    return (_held_row(row, held[row[_REF]]) if row[_REF] in held else row for row in rows)


def _held_row(row: tuple[Any, ...], takeover: Takeover) -> tuple[Any, ...]:
    declared = orjson.loads(row[_RELATIONS]) if row[_RELATIONS] else []
    others = [one for one in declared if one[0] != "ownedBy"]
    line = next((one[2] for one in declared if one[0] == "ownedBy"), 1)
    detail = orjson.loads(row[_DETAIL]) if row[_DETAIL] else {}
    made = list(row)
    made[_OWNER] = takeover.held
    made[_RELATIONS] = orjson.dumps([*others, ["ownedBy", takeover.held, line]]).decode()
    made[_DETAIL] = orjson.dumps(detail | {CLAIMED: takeover.claimed}).decode()
    return tuple(made)
