"""Wall time and moments: what a clock on the wall of a zone shows, as aware UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (aware UTC) at which the zone's clock shows the naive `wall` or later.

    A time that comes twice is its first coming; a time that a clock change skips is the moment of the change. So
    later wall times are never earlier moments.
    """
    there = wall.replace(tzinfo=zone, fold=0)
    moment = there.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _change(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment, zone)


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clock shows then, naive."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second after `before` with the offset that holds at `after`."""
    offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name, None when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; a folder's name is an OSError
        return None


DAY = timedelta(days=1)
