"""The entry of idp.yaml for weekly digests."""

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data.catalog.entity import parse_ref
from data.digests import DAYS, DigestConfig, Frequency, read_quiet
from data.errors import Invalid
from data.walltime import zone_named


def weekday_and_time(value: str) -> str:
    """`Mon 09:00`."""
    found = re.fullmatch(r"(?i)(mon|tue|wed|thu|fri|sat|sun)\w*\s+([01]?\d|2[0-3]):([0-5]\d)", value.strip())
    if found is None:
        raise ValueError("a day and a time such as Mon 09:00")
    return f"{found[1].lower()} {int(found[2]):02}:{found[3]}"


def known_zone(value: str) -> str:
    """A time zone of the IANA database."""
    if zone_named(value) is None:
        raise ValueError("a time zone such as Europe/Berlin")
    return value


def quiet_hours(value: str) -> str:
    """`18:00-09:30`."""
    if value and read_quiet(value) is None:
        raise ValueError("hours such as 18:00-09:30")
    return value


def group(value: str) -> str:
    """The canonical reference of a group."""
    try:
        return str(parse_ref(value, "group"))
    except Invalid as error:
        raise ValueError(f"a group such as team-payments. {error.message}") from None


class DigestsSection(BaseModel):
    """Weekly digests for teams, and a monthly note for leadership. Their being here switches digests on."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    at: Annotated[str, AfterValidator(weekday_and_time)] = "mon 09:00"
    timezone: Annotated[str, AfterValidator(known_zone)] = "UTC"
    quiet: Annotated[str, AfterValidator(quiet_hours)] = ""
    frequency: Frequency = "weekly"
    channels: dict[Annotated[str, AfterValidator(group)], Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict
    )
    leadership: str = ""
    automatic: bool = True

    def config(self) -> DigestConfig:
        """The values that the house works with."""
        day, _, at = self.at.partition(" ")
        return DigestConfig(
            on=True,
            day=DAYS.index(day),
            at=time.fromisoformat(at),
            timezone=self.timezone,
            quiet=read_quiet(self.quiet),
            frequency=self.frequency,
            channels=self.channels,
            leadership=self.leadership,
            automatic=self.automatic,
        )
