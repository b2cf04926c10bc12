"""The time that the database has seen: what was written last, whatever this machine's clock says now."""

from datetime import datetime

from sqlmodel import col, select

from data.store.database import Store
from data.store.tables.catalog import SourceRow
from data.store.tables.work import AuditRow


def last_written(store: Store) -> datetime | None:
    """The newest time among the last audit row and the last tries of syncs; None in a new database."""
    audited = select(AuditRow.at).order_by(col(AuditRow.seq).desc()).limit(1)
    tried = select(SourceRow.tried_at).order_by(col(SourceRow.tried_at).desc().nulls_last()).limit(1)
    found = [store.session.exec(query).first() for query in (audited, tried)]
    return max((at for at in found if at is not None), default=None)
