"""Forms of several pages while they are filled in: a modal holds one page, the rest must be somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlmodel import col, delete

from data.store.database import Store
from data.store.tables.golden_paths import FormDraftRow


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What `person` has filled into the form of `action` so far. `dry_run`: it is looked at only, never sent."""

    id: str
    person: str
    action: str
    given: Mapping[str, Any]
    reason: str = ""
    dry_run: bool = False

    @property
    def digest(self) -> str:
        """Of what is filled in: the same as long as nothing was changed."""
        filled = orjson.dumps([dict(self.given), self.reason], option=orjson.OPT_SORT_KEYS)
        return sha256(filled).hexdigest()[:16]


def put(store: Store, draft: FormDraft, now: datetime) -> None:
    """Keep it instead of what was kept under this id."""
    values = {
        "id": draft.id,
        "person": draft.person,
        "action": draft.action,
        "given": orjson.dumps(dict(draft.given)).decode(),
        "reason": draft.reason,
        "dry_run": draft.dry_run,
        "changed_at": now,
    }
    statement = store.insert(FormDraftRow).values(**values)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def load(store: Store, id: str) -> FormDraft | None:
    """The draft, None when it is forgotten."""
    row = store.session.get(FormDraftRow, id)
    if row is None:
        return None
    return FormDraft(row.id, row.person, row.action, orjson.loads(row.given), row.reason, row.dry_run)


def forget(store: Store, before: datetime) -> int:
    """Drop what nobody has touched since."""
    query = delete(FormDraftRow).where(col(FormDraftRow.changed_at) < before)
    return store.connection.execute(query).rowcount
