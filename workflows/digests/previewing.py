"""What a digest says, for a team and a time, without a row, a message or an upload."""

from datetime import datetime

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import digests
from workflows.digests.calendar import LONGEST_SPAN, SPANS, week_there
from workflows.digests.composing import Span, composed
from workflows.digests.content import DigestContent
from workflows.digests.teams import rhythm_of


def preview(idp: Idp, snapshot: Snapshot, team: Entity) -> DigestContent | None:
    """What has changed since the last digest until now; None when nothing has."""
    now = idp.now()
    with idp.database.reading() as store:
        setting = digests.setting(store, team.ref)
    return said(idp, snapshot, team, week_there(rhythm_of(idp.digests, team, setting), now), now)


def said(idp: Idp, snapshot: Snapshot, team: Entity, week: str, due_at: datetime) -> DigestContent | None:
    """What the digest of a week says: all since the last one was told, until it is due; None for no change."""
    now = idp.now()
    with idp.database.reading() as store:
        setting = digests.setting(store, team.ref)
        told = digests.newest_told(store, team.ref, due_at)
        first = not digests.ever_posted(store, team.ref)
        disowned = frozenset(digests.disowned(store, team.ref, now))
    usual = due_at - SPANS[rhythm_of(idp.digests, team, setting).frequency]
    span = Span(week, max(told or usual, due_at - LONGEST_SPAN), due_at, first)
    return composed(idp, snapshot, team, span, disowned)
