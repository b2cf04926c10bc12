"""When and where digests go, as the configuration says; teams and the catalog may say otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Final, Literal, cast

Frequency = Literal["weekly", "fortnightly", "monthly"]
FREQUENCIES: Final = ("weekly", "fortnightly", "monthly")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_QUIET = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is posted, in wall time; they may pass midnight."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Whether a wall time lies in them; the end does not."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class DigestConfig:
    """What idp.yaml says about digests. Without `on` nothing is ever posted by itself.

    `channels` are by reference of a group and count before the catalog. `leadership` is the channel of the
    monthly note, "" for none.
    """

    on: bool = False
    automatic: bool = True  # without it, only those that somebody orders
    day: int = 0  # of the week, 0 is Monday
    at: time = time(9, 0)
    timezone: str = "UTC"
    quiet: Quiet | None = None
    frequency: Frequency = "weekly"
    channels: Mapping[str, str] = field(default_factory=dict)
    leadership: str = ""


def read_quiet(text: str) -> Quiet | None:
    """`18:00-09:30`; None when it is nothing like that."""
    found = _QUIET.fullmatch(text.strip())
    if found is None:
        return None
    hours = [int(part) for part in found.groups()]
    if max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59 or hours[:2] == hours[2:]:
        return None
    return Quiet(time(hours[0], hours[1]), time(hours[2], hours[3]))


def read_frequency(text: str) -> Frequency | None:
    """One of the three words, or what people say for them; None for anything else."""
    word = text.strip().lower()
    word = {"biweekly": "fortnightly", "every-two-weeks": "fortnightly", "week": "weekly", "month": "monthly"}.get(
        word, word
    )
    return cast("Frequency", word) if word in FREQUENCIES else None
