from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from commands.parts.typed.moments import read_moment, say
from data.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)  # Wednesday 11:20 in Berlin


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("now", "2026-11-25 11:20"),
        ("tomorrow 9:00", "2026-11-26 09:00"),
        ("tomorrow", "2026-11-26 09:00"),
        ("Tomorrow at 9am", "2026-11-26 09:00"),
        ("today 18:00", "2026-11-25 18:00"),
        ("18:00", "2026-11-25 18:00"),
        ("9:00", "2026-11-26 09:00"),
        ("at 12pm", "2026-11-25 12:00"),
        ("12am", "2026-11-26 00:00"),
        ("fri 17:00", "2026-11-27 17:00"),
        ("friday 5pm", "2026-11-27 17:00"),
        ("next mon", "2026-11-30 09:00"),
        ("wed 17:00", "2026-11-25 17:00"),
        ("2 jan", "2027-01-02 09:00"),
        ("2. January 18:00", "2027-01-02 18:00"),
        ("jan 2nd at 5pm", "2027-01-02 17:00"),
        ("24 dec", "2026-12-24 09:00"),
        ("25 nov 18:00", "2026-11-25 18:00"),
        ("1 march 2028", "2028-03-01 09:00"),
        ("Thu 24 Dec 09:30", "2026-12-24 09:30"),
        ("on dec 31, 2026", "2026-12-31 09:00"),
        ("may 3", "2027-05-03 09:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("2026-12-24", "2026-12-24 09:00"),
        ("2026-12-24T18:00:00Z", "2026-12-24 19:00"),
        ("in 3h", "2026-11-25 14:20"),
        ("in 90 minutes", "2026-11-25 12:50"),
        ("+2d", "2026-11-27 11:20"),
        ("noon", "2026-11-25 12:00"),
        ("tonight", "2026-11-25 20:00"),
    ],
)
def test_reads_moments_as_people_say_them(said: str, there: str) -> None:
    assert f"{read_moment(said, BERLIN, NOW).astimezone(BERLIN):%Y-%m-%d %H:%M}" == there


@pytest.mark.parametrize(
    "said",
    [
        "nonsense",
        "25:00",
        "fri 17:99",
        "tomorrow never",
        "2026-13-45",
        "31 feb",
        "2 jan 25:00",
        "0 jan",
        "2 j",
        "",
        "٣:٠٠x",
    ],
)
def test_says_how_to_say_it(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_moment(said, BERLIN, NOW)
    assert "tomorrow 9:00" in refused.value.hint


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 25, 17, tzinfo=UTC), "18:00 CET"),
        (datetime(2026, 11, 26, 8, tzinfo=UTC), "Thu 09:00 CET"),
        (datetime(2026, 12, 24, 8, tzinfo=UTC), "Thu 24 Dec 09:00 CET"),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "Mon 23 Nov 09:00 CET"),
        (datetime(2027, 6, 1, 7, tzinfo=UTC), "Tue 1 Jun 2027 09:00 CEST"),
    ],
)
def test_says_moments_short_and_without_doubt(moment: datetime, said: str) -> None:
    assert say(moment, BERLIN, NOW) == said
