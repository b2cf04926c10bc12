"""Sentences about trends, for pictures that somebody cannot see, and for the terminal."""

from collections.abc import Sequence
from datetime import date

from workflows.digests.content import Point, Tally, Track

BELOW = "without a level"


def trend_alt(trend: Sequence[Point], order: Sequence[str]) -> str:
    """The picture in words: where it began, where it stands."""
    if not trend:
        return "There is no trend yet."
    first, last = trend[0], trend[-1]
    return (
        f"{_day(first)}: {_share(first)} of the checks passed; {_levels(first, order)}. "
        f"{_day(last)}: {_share(last)}; {_levels(last, order)}."
    )


def tracks_alt(tracks: Sequence[Track]) -> str:
    """The picture of several scorecards in words; of one, without its name."""
    if len(tracks) == 1:
        return trend_alt(tracks[0].trend, tracks[0].order)
    return " ".join(f"{each.scorecard}: {trend_alt(each.trend, each.order)}" for each in tracks)


def stands(track: Track) -> str:
    """Where a scorecard stands: 2 gold, 1 bronze; 74 % of the checks pass (+3 since 2 Nov)."""
    if not track.trend:
        return "not written down yet"
    first, last = track.trend[0], track.trend[-1]
    said = f"{_levels(last, track.order)}; {_share(last)} of the checks pass"
    if first.passed is None or last.passed is None or first is last:
        return said
    return f"{said} ({last.passed - first.passed:+d} since {_day(first)})"


def _day(point: Point) -> str:
    """As the picture has it: 2 Nov."""
    known = date.fromisoformat(point.day)
    return f"{known.day} {known:%b}"


def _share(point: Point) -> str:
    return "an unknown share" if point.passed is None else f"{point.passed} %"


def _levels(point: Point, order: Sequence[str]) -> str:
    names = [*reversed(order), ""]
    counts = [f"{point.levels[name]} {name or BELOW}" for name in names if point.levels.get(name)]
    return ", ".join(counts) or "nothing was scored"


def change_of(before: Tally | None, after: Tally) -> str:
    """A rule over time: 41 % -> 56 % (+15)."""
    now, then = percent(after), percent(before) if before else None
    if now is None:
        return "not known"
    return f"{now} %" if then is None else f"{then} % → {now} % ({now - then:+d})"


def percent(tally: Tally) -> int | None:
    """Of what is known, how much passes; None when nothing is known."""
    known = tally.passed + tally.failed
    return round(100 * tally.passed / known) if known else None
