"""What was said within the last seconds, to be said again: a hundred questions at once cost one look-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from commands.parts.reply import Md
from data.catalog.snapshot import Owner
from data.ports.oncall import OnCall, Rotas, Schedule

LIFE = 5  # seconds


class Duty(NamedTuple):
    """The schedules that answer for an entity, and whose they are; no schedules: nobody is known."""

    ref: str  # of the entity that the schedules cover: the one asked about, its owner or a group above
    schedules: Sequence[Schedule]
    rotas: Rotas


class Told(NamedTuple):
    """What is said of everything that an owner owns: `section` and `text` follow the name of the thing."""

    owner: Owner
    duty: Duty
    section: str
    text: str


@dataclass(slots=True)
class Board:
    """Sentences about on-call, ages and teams, true for a few seconds of one snapshot.

    It ends at a whole multiple of LIFE in wall time, so that it never outlives a hand-over. What is `told` of
    owners ends with it, unless somebody has looked until when that stays so (`commands.parts.owners.ahead`):
    then it goes on to the next boards as long as the schedules are the same.
    """

    oncall: OnCall
    since: datetime
    until: datetime
    rotas: Rotas
    covering: Mapping[str, Sequence[Schedule]]
    duties: dict[str, tuple[Duty, Md]] = field(default_factory=dict)  # by entity or owner
    ages: dict[str, tuple[str, Md]] = field(
        default_factory=dict
    )  # by source, "" for all: its name, how old what it told is
    told: dict[str, Told] = field(default_factory=dict)  # by owner as stated
    steady: datetime | None = None  # when some of it will be different; None: nobody has looked
    opinions: dict[str, Md] = field(default_factory=dict)  # by entity: what CODEOWNERS says against its file
