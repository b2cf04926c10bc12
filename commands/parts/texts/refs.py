"""What people and things are called, read out of the catalog when a card is drawn."""

from datetime import datetime

from commands.parts.reply import Md, md
from data.catalog.snapshot import Snapshot
from workflows.journal import SYSTEM


def person_name(snapshot: Snapshot, ref: str) -> str:
    """A User's own name; what the catalog no longer has keeps its reference, and the house is "the house"."""
    if ref == SYSTEM:
        return "the house"
    entity = snapshot.get(ref)
    if entity is None:
        return ref.rpartition("/")[2] or ref
    return entity.title or str(entity.details().get("profile", {}).get("displayName", "")) or entity.name


def people_names(snapshot: Snapshot, refs: list[str] | tuple[str, ...], most: int = 5) -> str:
    """Some names, and how many more there are."""
    names = [person_name(snapshot, ref) for ref in refs[:most]]
    more = len(refs) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def label(snapshot: Snapshot, ref: str) -> str:
    """What an entity is called."""
    entity = snapshot.get(ref)
    return entity.label if entity else ref


def moment(at: datetime) -> Md:
    """A time in the reader's own zone, as Slack shows it; the fallback is UTC."""
    text = at.strftime("%Y-%m-%d %H:%M UTC")
    return Md(f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{text}>")


def clock(at: datetime) -> Md:
    """The same, the hour only."""
    return Md(f"<!date^{int(at.timestamp())}^{{time}}|{at.strftime('%H:%M UTC')}>")


def named(snapshot: Snapshot, ref: str) -> Md:
    """What an entity is called, with its reference behind it."""
    return md("*{}* ({})", label(snapshot, ref), ref)
