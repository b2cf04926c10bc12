"""Questions to, and changes of, what is known of golden paths' versions and of the services that follow them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import orjson
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, func, select

from data.store.database import Store
from data.store.score_models import FactChangeRow, ScoreRow
from data.store.template_models import TemplateCheckRow, TemplateVersionRow
from data.store.work_models import RequestRow

Outcome = Literal["clean", "conflicts", "unknown"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a golden path. `notes` is Markdown, "" without any; `seen_at` when it was found first."""

    name: str
    notes: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """How a service at `version` would take `target`: `edited` are the template's files that people changed,
    `conflicts` those of them that the new version changes as well. `note` says why the outcome is unknown."""

    entity: str
    path: str
    version: str
    target: str
    outcome: Outcome
    edited: tuple[str, ...]
    conflicts: tuple[str, ...]
    note: str
    checked_at: datetime


def versions(store: Store) -> Mapping[str, Sequence[Version]]:
    """The versions of every golden path by its id, the oldest first."""
    query = select(TemplateVersionRow).order_by(col(TemplateVersionRow.path), col(TemplateVersionRow.position))
    found: dict[str, list[Version]] = {}
    for row in store.session.exec(query):
        found.setdefault(row.path, []).append(Version(row.version, row.notes, row.seen_at))
    return found


def put_versions(store: Store, path: str, now: datetime, notes: Mapping[str, str]) -> list[str]:
    """The versions of one golden path are these, the oldest first; gives those that were not known before."""
    row = TemplateVersionRow
    known = {version.name: version.seen_at for version in versions(store).get(path, ())}
    store.session.exec(delete(row).where(col(row.path) == path))
    for position, (name, text) in enumerate(notes.items()):
        seen = known.get(name, now)
        store.session.add(row(path=path, version=name, position=position, notes=text, seen_at=seen))
    store.session.flush()
    return [name for name in notes if name not in known]


def checks(store: Store, path: str = "") -> Mapping[str, Check]:
    """The last look at each service by its reference; of one golden path, or of all."""
    query = select(TemplateCheckRow)
    if path:
        query = query.where(col(TemplateCheckRow.path) == path)
    return {row.entity: _check(row) for row in store.session.exec(query)}


def check_of(store: Store, entity: str) -> Check | None:
    """The last look at one service."""
    row = store.session.get(TemplateCheckRow, entity)
    return _check(row) if row else None


def put_check(store: Store, check: Check) -> None:
    """Keep the newest look at a service."""
    values = {
        "path": check.path,
        "version": check.version,
        "target": check.target,
        "outcome": check.outcome,
        "edited": orjson.dumps(check.edited).decode(),
        "conflicts": orjson.dumps(check.conflicts).decode(),
        "note": check.note,
        "checked_at": check.checked_at,
    }
    insert = postgresql.insert if store.kind == "postgresql" else sqlite.insert
    statement = insert(TemplateCheckRow).values(entity=check.entity, **values)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["entity"], set_=values))


def first_deployments(store: Store) -> Mapping[str, datetime]:
    """When each entity was first deployed to production, as far as anybody has told us."""
    row = FactChangeRow
    query = (
        select(col(row.entity), func.min(col(row.value)))
        .where(col(row.name) == "deployment.at", col(row.value) != "")
        .group_by(col(row.entity))
    )
    return {
        entity: datetime.fromisoformat(orjson.loads(value)) for entity, value in store.connection.execute(query)
    }


def asked_for(store: Store, action: str) -> Mapping[str, datetime]:
    """When each service was asked for whose request of this action is done, by the name in the form."""
    row = RequestRow
    query = select(row).where(col(row.action) == action, col(row.state) == "done")
    return {
        str(orjson.loads(each.parameters).get("name", "")): each.created_at for each in store.session.exec(query)
    }


def first_seen(store: Store) -> Mapping[str, datetime]:
    """When each entity was first looked at by the scorecards."""
    row = ScoreRow
    query = select(col(row.entity), func.min(col(row.first_at))).group_by(col(row.entity))
    return {entity: _aware(at) for entity, at in store.connection.execute(query)}


def _aware(at: datetime | str) -> datetime:
    """SQLite gives what it has kept."""
    read = datetime.fromisoformat(at) if isinstance(at, str) else at
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _check(row: TemplateCheckRow) -> Check:
    outcome: Outcome = (
        "clean" if row.outcome == "clean" else "conflicts" if row.outcome == "conflicts" else "unknown"
    )
    return Check(
        entity=row.entity,
        path=row.path,
        version=row.version,
        target=row.target,
        outcome=outcome,
        edited=tuple(orjson.loads(row.edited)),
        conflicts=tuple(orjson.loads(row.conflicts)),
        note=row.note,
        checked_at=row.checked_at,
    )
