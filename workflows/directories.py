"""How old the knowledge of who is in which group may be, where a directory (Okta, Slack) tells it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.catalog import DIRECTORIES

OLDEST: Final = timedelta(
    minutes=5
)  # they are asked every minute; older knowledge gives nobody a right or a voice


def unsure(idp: Idp, snapshot: Snapshot, groups: Iterable[str]) -> str:
    """Why it is not known well enough who is in these groups (canonical references), "" when it is."""
    for ref in groups:
        group = snapshot.get(ref)
        source = snapshot.sources.get(group.source) if group else None
        if source is None or source.type not in DIRECTORIES:
            continue
        if source.synced_at is None or idp.now() - source.synced_at > OLDEST:
            since = f" since {source.synced_at:%H:%M} UTC" if source.synced_at else ""
            return f"Who is in {ref} is not known: {source.name} has not answered{since}."
    return ""
