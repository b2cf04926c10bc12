"""How old the knowledge of who is in which group may be, where a directory (Okta, Slack) tells it."""

from collections.abc import Iterable

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.catalog import DIRECTORIES
from data.store.catalog import SourceState


def unsure(idp: Idp, snapshot: Snapshot, groups: Iterable[str]) -> str:
    """Why it is not known well enough who is in these groups (canonical references), "" when it is.

    The age counts from the beginning of the last reading that succeeded.
    """
    for ref in groups:
        for source in _tellers(snapshot, ref):
            if source.synced_at is None or idp.now() - source.synced_at > idp.groups_age:
                since = f" since {source.synced_at:%H:%M} UTC" if source.synced_at else ""
                return f"Who is in {ref} is not known: {source.name} has not answered{since}."
    return ""


def _tellers(snapshot: Snapshot, ref: str) -> list[SourceState]:
    """The directories that tell a group or somebody in it: the group itself may stand in a file."""
    group = snapshot.get(ref)
    people = [link.entity for link in snapshot.links(ref) if link.type == "hasMember"] if group else []
    names = dict.fromkeys(entity.source for entity in (group, *people) if entity is not None)
    states = [snapshot.sources[name] for name in names if name in snapshot.sources]
    return [state for state in states if state.type in DIRECTORIES]
