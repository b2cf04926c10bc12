"""The shape of rota.yaml; everything that is not known is a fault.

A schedule has one `rotation` or several `layers`. `handover` is a time of day ("09:00"), with a day before it
("Mon 09:00") where `length` is in weeks. `start` is the first day; the first person of the rotation begins at the
first handover on or after it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data.catalog.entity import parse_ref
from data.errors import UserError
from data.ports.oncall import Schedule
from data.walltime import DAY, zone_named

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"h": timedelta(hours=1), "d": DAY, "w": 7 * DAY}


def _length(value: object) -> object:
    found = re.fullmatch(r"([1-9]\d{0,3})\s*([hdw])", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a length such as 12h, 1d or 1w")
    return int(found[1]) * _UNITS[found[2]]


def _clock(value: str) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip())
    if found is None:
        raise ValueError("a time of day such as 09:00")
    return time(int(found[1]), int(found[2]))


def _handover(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('expected a time such as "09:00" or "Mon 09:00"')
    day, _, clock = value.strip().rpartition(" ")
    return (_weekday(day) if day else None, _clock(clock))


def _weekday(value: object) -> int:
    day = str(value).strip().lower()[:3]
    if day not in DAYS:
        raise ValueError("a day: " + ", ".join(DAYS))
    return DAYS.index(day)


def _hours(value: object) -> object:
    opens, dash, closes = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError('expected hours such as "09:00-18:00"')
    return (_clock(opens), _clock(closes))


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("a day such as 2026-01-05") from None


def _wall(value: object) -> object:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("a time such as 2026-12-24 09:00") from None
    if isinstance(read, datetime) and read.tzinfo is not None:
        raise ValueError("a time without an offset: it is the schedule's wall time")
    return read


def _zone(value: str) -> str:
    if zone_named(value) is None:
        raise ValueError("a time zone such as Europe/Berlin or UTC")
    return value


def _ref(value: str) -> str:
    try:
        return str(parse_ref(value, "group"))
    except UserError as error:
        raise ValueError(error.message) from None


Name = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Layer(_Strict):
    """People who take turns on one level."""

    rotation: Annotated[list[Name], Field(min_length=1, max_length=500)]
    start: Annotated[date, BeforeValidator(_day)]
    length: Annotated[timedelta, BeforeValidator(_length)] = 7 * DAY
    handover: Annotated[tuple[int | None, time], BeforeValidator(_handover)] = (None, time(9))
    level: Annotated[int, Field(ge=1, le=9)] = 1
    hours: Annotated[tuple[time, time] | None, BeforeValidator(_hours)] = None
    days: list[Annotated[int, BeforeValidator(_weekday)]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _weeks_with_a_day(self) -> "Layer":
        if self.handover[0] is not None and self.length % (7 * DAY):
            raise ValueError("a handover on a day of the week needs a length in whole weeks")
        if self.days and self.hours is None:
            raise ValueError("days need hours, such as 00:00-00:00 for the whole day")
        return self

    def first_handover(self) -> datetime:
        """Naive wall time of the first turn's beginning."""
        day, clock = self.handover
        wait = 0 if day is None else (day - self.start.weekday()) % 7
        return datetime.combine(self.start + wait * DAY, clock)

    def weekdays(self) -> Sequence[int]:
        """On which days the hours hold, 0 is Monday."""
        return self.days or range(7)


class Override(_Strict):
    """Somebody else for a while, in the schedule's wall time."""

    start: Annotated[datetime, BeforeValidator(_wall), Field(alias="from")]
    end: Annotated[datetime, BeforeValidator(_wall), Field(alias="to")]
    who: Name
    level: Annotated[int, Field(ge=1, le=9)] = 1

    @model_validator(mode="after")
    def _forward(self) -> "Override":
        if self.end <= self.start:
            raise ValueError("`to` must be later than `from`")
        return self


LAYER_KEYS = ("rotation", "start", "length", "handover", "hours", "days")


class ScheduleEntry(_Strict):
    """One schedule: what it covers (groups when no kind is named), its zone, its layers, its overrides."""

    name: Name
    covers: list[Annotated[str, AfterValidator(_ref)]] = Field(default_factory=list)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    url: str = ""
    layers: Annotated[list[Layer], Field(min_length=1, max_length=50)]
    overrides: Annotated[list[Override], Field(max_length=5_000)] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _one_layer(cls, value: Any) -> Any:
        """`rotation` and its companions beside `name` are one layer."""
        if not isinstance(value, dict) or "rotation" not in value:
            return value
        if "layers" in value:
            raise ValueError("either `rotation` or `layers`, not both")
        layer = {key: value[key] for key in LAYER_KEYS if key in value}
        return {key: of for key, of in value.items() if key not in LAYER_KEYS} | {"layers": [layer]}

    def schedule(self, source: str) -> Schedule:
        """As the port names it."""
        return Schedule(self.name, source, tuple(self.covers), self.timezone, self.url)


class RotaFile(_Strict):
    """The whole file."""

    schedules: Annotated[list[ScheduleEntry], Field(max_length=10_000)]

    @model_validator(mode="after")
    def _names_once(self) -> "RotaFile":
        seen: set[str] = set()
        for schedule in self.schedules:
            if schedule.name in seen:
                raise ValueError(f"two schedules are named {schedule.name}")
            seen.add(schedule.name)
        return self
