"""What the pictures of digests and notes are drawn of: one panel a scorecard."""

from collections.abc import Mapping, Sequence
from typing import Final

from workflows.digests.content import DigestContent, NoteContent

FEWEST_POINTS: Final = 2  # of a trend that is worth a picture
MOST_PANELS: Final = 4  # of a picture that can still be read; all scorecards stand in the words

# A scorecard's title, its columns (day, entities by level, percent passed), its levels: see `data.pictures.trend`.
Panel = tuple[str, Sequence[tuple[str, Mapping[str, int], int | None]], Sequence[str]]


def worth_a_picture(content: DigestContent) -> bool:
    """Whether anything has a trend yet."""
    return any(len(each.trend) >= FEWEST_POINTS for each in content.tracks)


def panels(content: DigestContent | NoteContent) -> list[Panel]:
    """Of the first scorecards that were written down."""
    known = [each for each in content.tracks if each.trend][:MOST_PANELS]
    return [
        (each.scorecard, [(one.day, one.levels, one.passed) for one in each.trend], each.order) for each in known
    ]
