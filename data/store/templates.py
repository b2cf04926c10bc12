"""Questions to, and changes of, what is known of golden paths' versions and of the services that follow them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import orjson
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, func, select

from data.store.database import Store
from data.store.tables.scores import FactChangeRow, ScoreRow
from data.store.tables.templates import TemplateCheckRow, TemplateVersionRow
from data.store.tables.work import RequestRow

Outcome = Literal["clean", "conflicts", "unknown"]
_COLUMNS = ("entity", "path", "version", "target", "outcome", "edited", "conflicts", "note", "checked_at")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a golden path. `notes` is Markdown, "" without any; `seen_at` when it was found first."""

    name: str
    notes: str
    seen_at: datetime


class Check(NamedTuple):
    """How a service at `version` would take `target`, as it is kept. `note` says why the outcome is unknown.

    Its lists stay JSON until somebody asks: a census reads ten thousand of these. `checked` is the database's own
    word for the time.
    """

    entity: str
    path: str
    version: str
    target: str
    outcome: str  # clean, conflicts or unknown
    edited_json: str
    conflicts_json: str
    note: str
    checked: str | datetime

    @property
    def edited(self) -> tuple[str, ...]:
        """The template's files that people changed."""
        return tuple(orjson.loads(self.edited_json))

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Those of them that the new version changes as well."""
        return tuple(orjson.loads(self.conflicts_json))

    @property
    def is_edited(self) -> bool:
        """Whether there are any, without reading the list."""
        return self.edited_json != "[]"

    @property
    def checked_at(self) -> datetime:
        """When somebody looked."""
        return _aware(self.checked)


def looked_at(
    entity: str, path: str, *, version: str, target: str, outcome: Outcome, now: datetime, note: str = ""
) -> Check:
    """A look; `with_paths` adds what was found."""
    return Check(entity, path, version, target, outcome, "[]", "[]", note, now)


def with_paths(check: Check, edited: Sequence[str], conflicts: Sequence[str]) -> Check:
    """The same look with the paths that it found."""
    return check._replace(
        edited_json=orjson.dumps(edited).decode(), conflicts_json=orjson.dumps(conflicts).decode()
    )


def versions(store: Store) -> Mapping[str, Sequence[Version]]:
    """The versions of every golden path by its id, the oldest first."""
    row = TemplateVersionRow
    query = select(col(row.path), col(row.version), col(row.notes), col(row.seen_at))
    found: dict[str, list[Version]] = {}
    for path, name, notes, seen in store.connection.execute(query.order_by(col(row.path), col(row.position))):
        found.setdefault(path, []).append(Version(name, notes, seen))
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


class Mark(NamedTuple):
    """Moves with every new look: how many services were looked at, and when the newest was."""

    looks: int
    newest: datetime | None


def checks(store: Store, since: datetime | None = None) -> Mapping[str, Check]:
    """The last look at each service by its reference; with `since` only of those looked at then or later."""
    if since is not None:
        recent = sa_select(*(col(getattr(TemplateCheckRow, name)) for name in _COLUMNS)).where(
            col(TemplateCheckRow.checked_at) >= since
        )
        return {row[0]: Check._make(row) for row in store.connection.execute(recent)}
    # Rows of the driver itself: of ten thousand, SQLAlchemy's own would cost ten times as much.
    cursor = store.connection.connection.cursor()
    try:
        cursor.execute(f"SELECT {', '.join(_COLUMNS)} FROM template_check")  # noqa: S608  # our own names
        return {row[0]: Check._make(row) for row in cursor.fetchall()}
    finally:
        cursor.close()


def mark(store: Store) -> Mark:
    """What there is now."""
    query = select(func.count(), func.max(col(TemplateCheckRow.checked_at))).select_from(TemplateCheckRow)
    return Mark._make(store.connection.execute(query).one())


def check_of(store: Store, entity: str) -> Check | None:
    """The last look at one service."""
    row = store.session.get(TemplateCheckRow, entity)
    return Check._make(getattr(row, name) for name in _COLUMNS) if row else None


def put_check(store: Store, check: Check) -> None:
    """Keep the newest look at a service."""
    values = dict(zip(_COLUMNS, check, strict=True)) | {"checked_at": check.checked_at}
    statement = store.insert(TemplateCheckRow).values(**values)
    del values["entity"]
    store.connection.execute(statement.on_conflict_do_update(index_elements=["entity"], set_=values))


def first_deployments(store: Store, of: Collection[str] | None = None) -> Mapping[str, datetime]:
    """When each entity (of these, if given) was first deployed to production, as far as anybody has told us."""
    row = FactChangeRow
    query = (
        select(col(row.entity), func.min(col(row.value)))
        .where(col(row.name) == "deployment.at", col(row.value) != "")
        .group_by(col(row.entity))
    )
    query = query if of is None else query.where(col(row.entity).in_(of))
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
