from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.integrations.rota import Rota, read_rota, shifts_of
from data.integrations.rota_file import RotaFile, ScheduleEntry
from data.integrations.spans import Span, covered
from data.ports.oncall import Shift
from data.walltime import wall_of

NOW = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)


def entry(text: str) -> ScheduleEntry:
    read = read_rota(f"schedules:\n  - {text}".encode())
    assert isinstance(read, RotaFile), read
    return read.schedules[0]


def told(schedule: str, start: str, end: str) -> list[str]:
    """Each shift as "level person from to" in UTC."""
    span = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, end))
    shifts = sorted(shifts_of(entry(schedule), "rota.yaml", *span), key=lambda shift: (shift.start, shift.level))
    return [f"{s.level} {s.person} {s.start:%m-%d %H:%M} {s.end:%m-%d %H:%M}" for s in shifts]


BERLIN = "timezone: Europe/Berlin"


@pytest.mark.parametrize(
    ("schedule", "start", "end", "shifts"),
    [
        (  # the clocks go back on 25 October: 09:00 stays 09:00, that turn lasts an hour longer
            f'{{name: a, {BERLIN}, rotation: [ann, ben], start: 2026-10-05, length: 1w, handover: "Mon 09:00"}}',
            "2026-10-20", "2026-10-27",
            ["1 ann 10-19 07:00 10-26 08:00", "1 ben 10-26 08:00 11-02 08:00"],
        ),
        (  # and forward on 29 March
            f'{{name: a, {BERLIN}, rotation: [ann], start: 2026-03-01, length: 1d, handover: "09:00"}}',
            "2026-03-28 10:00", "2026-03-29 09:00",
            ["1 ann 03-28 08:00 03-29 07:00", "1 ann 03-29 07:00 03-30 07:00"],
        ),
        (  # twelve hours on the wall
            f'{{name: a, {BERLIN}, rotation: [ann, ben], start: 2026-10-24, length: 12h, handover: "08:00"}}',
            "2026-10-24 20:00", "2026-10-25 20:00",
            ["1 ben 10-24 18:00 10-25 07:00", "1 ann 10-25 07:00 10-25 19:00", "1 ben 10-25 19:00 10-26 07:00"],
        ),
        (  # the handover's day comes after the first day
            "{name: a, rotation: [ann, ben], start: 2026-01-01, length: 1w, handover: 'Mon 09:00'}",
            "2026-01-01", "2026-01-12 10:00",
            ["1 ann 01-05 09:00 01-12 09:00", "1 ben 01-12 09:00 01-19 09:00"],
        ),
        ("{name: a, rotation: [ann], start: 2026-06-01}", "2026-01-01", "2026-02-01", []),
        (  # hours of some days
            "{name: a, layers: [{rotation: [ann], start: 2026-01-05, hours: '09:00-17:00', days: [fri, mon]}]}",
            "2026-01-08", "2026-01-13",
            ["1 ann 01-09 09:00 01-09 17:00", "1 ann 01-12 09:00 01-12 17:00"],
        ),
        (  # hours over midnight belong to the evening they begin in
            "{name: a, layers: [{rotation: [ann], start: 2026-01-05, hours: '22:00-06:00', days: [tue]}]}",
            "2026-01-05", "2026-01-09",
            ["1 ann 01-06 22:00 01-07 06:00"],
        ),
        (  # an override cuts a turn in three
            "{name: a, rotation: [ann], start: 2026-01-05, "
            "overrides: [{from: 2026-01-06 12:00, to: 2026-01-07 12:00, who: ben}]}",
            "2026-01-05 10:00", "2026-01-08",
            ["1 ann 01-05 09:00 01-06 12:00", "1 ben 01-06 12:00 01-07 12:00", "1 ann 01-07 12:00 01-12 09:00"],
        ),
        (  # the later of two overrides wins; another level is not touched
            "{name: a, "
            "layers: [{rotation: [ann], start: 2026-01-05}, {level: 2, rotation: [zoe], start: 2026-01-05}], "
            "overrides: [{from: 2026-01-06 00:00, to: 2026-01-08 00:00, who: ben}, "
            "{from: 2026-01-07 00:00, to: 2026-01-09 00:00, who: cara}]}",
            "2026-01-06 10:00", "2026-01-08 10:00",
            ["2 zoe 01-05 09:00 01-12 09:00", "1 ben 01-06 00:00 01-07 00:00", "1 cara 01-07 00:00 01-09 00:00"],
        ),
        (  # an override where nobody would be
            "{name: a, rotation: [ann], start: 2027-01-01, "
            "overrides: [{from: 2026-01-06 00:00, to: 2026-01-07 00:00, who: ben}]}",
            "2026-01-01", "2026-02-01",
            ["1 ben 01-06 00:00 01-07 00:00"],
        ),
    ],
)  # fmt: skip
def test_shifts(schedule: str, start: str, end: str, shifts: list[str]) -> None:
    assert told(schedule, start, end) == shifts


ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Kathmandu",
]


@given(
    zone=st.sampled_from(ZONES),
    length=st.sampled_from(["1h", "5h", "12h", "1d", "3d", "1w", "2w"]),
    handover=st.times().map(lambda time: f"{time:%H:%M}"),
    days=st.integers(0, 6600),  # from December 2011, before Apia's skipped day
    seconds=st.integers(0, 86_399),
    people=st.integers(1, 4),
)
def test_one_turn_ends_where_the_next_begins_in_every_zone(
    zone: str, length: str, handover: str, days: int, seconds: int, people: int
) -> None:
    names = ", ".join(f"p{at}" for at in range(people))
    schedule = entry(
        f"{{name: a, timezone: {zone}, rotation: [{names}], start: 2011-11-01, "
        f'length: {length}, handover: "{handover}"}}'
    )
    begin = datetime(2011, 12, 1, tzinfo=UTC) + timedelta(days=days, seconds=seconds)
    shifts = shifts_of(schedule, "r", begin, begin + timedelta(days=20))
    assert shifts[0].start <= begin
    assert shifts[-1].end >= begin + timedelta(days=20)
    for one, after in pairwise(shifts):
        assert one.end == after.start
        assert one.start < one.end
    for shift in shifts:
        if length.endswith(("d", "w")):
            shown = wall_of(shift.start, ZoneInfo(zone))
            assert f"{shown:%H:%M}" == handover or _jumped(shift, zone)


def _jumped(shift: Shift, zone: str) -> bool:
    """The clock was changed at that very moment, over the time of the handover."""
    before = wall_of(shift.start - timedelta(seconds=1), ZoneInfo(zone))
    return wall_of(shift.start, ZoneInfo(zone)) - before != timedelta(seconds=1)


MOMENTS = st.integers(0, 60).map(lambda hours: NOW + timedelta(hours=hours))
SPANS = st.tuples(MOMENTS, MOMENTS, st.sampled_from("abc")).filter(lambda s: s[0] < s[1]).map(lambda s: Span(*s))


@given(st.lists(SPANS, max_size=6), MOMENTS)
def test_the_last_override_wins_at_every_moment(overrides: list[Span], at: datetime) -> None:
    base = [Span(NOW - timedelta(days=1), NOW + timedelta(days=9), "base")]
    said = [span.who for span in covered(base, overrides) if span.start <= at < span.end]
    wanted = [span.who for span in overrides if span.start <= at < span.end]
    assert said == (wanted[-1:] or ["base"])


def test_people_may_be_addresses() -> None:
    (shift,) = shifts_of(
        entry("{name: a, rotation: [ann@acme.example], start: 2026-01-05, url: 'https://x'}"),
        "r", datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 7, tzinfo=UTC),
    )  # fmt: skip
    assert (shift.email, shift.url) == ("ann@acme.example", "https://x")


@pytest.mark.parametrize(
    ("yaml", "line", "sentence"),
    [
        ("schedules: []\nshedules: []\n", 2, "not a known key"),
        ("schedules:\n - name: a\n   rotation: [x]\n   start: 2026-13-01\n", 4, "2026-13-01"),
        ("schedules:\n - name: a\n   timezone: Mars/X\n   rotation: [x]\n   start: 2026-01-01\n", 3, "Mars/X"),
        ("schedules:\n - name: a\n   rotation: []\n   start: 2026-01-01\n", 3, "rotation"),
        ("schedules:\n - name: a\n   rotation: [x]\n   start: 2026-01-01\n   length: 1x\n", 5, "1x"),
        ("schedules:\n - name: a\n   rotation: [x]\n   start: 2026-01-01\n   length: 0d\n", 5, "0d"),
        ("schedules:\n - name: a\n   rotation: [x]\n   start: 2026-01-01\n   handover: 25:00\n", 5, "25:00"),
        ("schedules:\n - name: a\n   rotation: [x]\n   start: 2026-01-01\n   covers: [':']\n", 5, ""),
        ("schedules:\n - {name: a}\n", 2, "layers"),
        ("schedules:\n - name: a\n   rotation: [x]\n   start: 2026-01-01\n   layers: []\n", 2, ""),
        (
            "schedules:\n - name: a\n   rotation: [x]\n   start: 2026-01-01\n   overrides:\n"
            "    - {from: 2026-02-02 00:00, to: 2026-02-01 00:00, who: y}\n",
            6,
            "",
        ),
        (
            "schedules:\n - {name: a, rotation: [x], start: 2026-01-01}\n"
            " - {name: a, rotation: [x], start: 2026-01-01}\n",
            1,
            "",
        ),
        ("- a\n", 1, ""),
        ("", 1, "empty"),
        ("a: [\n", 1, ""),
        ("schedules: &a [*a]\n", 1, ""),
    ],
)
def test_every_fault_of_the_file_has_its_line(yaml: str, line: int, sentence: str) -> None:
    faults = read_rota(yaml.encode())
    assert isinstance(faults, list)
    assert line in [fault.line for fault in faults] or not sentence
    assert any(sentence in f"{fault.message} {fault.expected}" for fault in faults)


def test_all_faults_are_told_at_once() -> None:
    faults = read_rota(
        b"schedules:\n - {name: a, rotation: [], start: x}\n - {name: b, rotation: [y], start: z}\n"
    )
    assert isinstance(faults, list)
    assert len(faults) == 3


@given(st.binary(max_size=300))
def test_no_file_is_too_odd(content: bytes) -> None:
    read_rota(content)


class Ticks:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_changed_file_counts_within_two_seconds(tmp_path: Path) -> None:
    path, ticks = tmp_path / "rota.yaml", Ticks()
    path.write_text("schedules: [{name: a, rotation: [ann], start: 2026-01-01}]")
    rota = Rota(path, lambda: NOW, ticks)
    span = (NOW, NOW + timedelta(hours=1))
    assert rota.rotas(*span).shifts[0].person == "ann"
    assert rota.rotas(*span) is rota.rotas(*span)
    path.write_text("schedules: [{name: a, rotation: [bertram], start: 2026-01-01}]")
    assert rota.rotas(*span).shifts[0].person == "ann"
    ticks.time += 2.1
    assert rota.rotas(*span).shifts[0].person == "bertram"


def test_a_file_that_went_bad_or_away_leaves_the_last_good_one(tmp_path: Path) -> None:
    path, ticks = tmp_path / "rota.yaml", Ticks()
    path.write_text("schedules: [{name: a, rotation: [ann], start: 2026-01-01}]")
    rota = Rota(path, lambda: NOW, ticks)
    span = (NOW, NOW + timedelta(hours=1))
    rota.rotas(*span)
    path.write_text("schedules: [{name: a, rotation: [ann]}]")
    ticks.time += 3
    answer = rota.rotas(*span)
    assert answer.shifts[0].person == "ann"
    assert "rota.yaml:1: " in answer.failures[0]
    path.unlink()
    ticks.time += 3
    answer = rota.rotas(*span)
    assert answer.shifts[0].person == "ann"
    assert "cannot be read" in answer.failures[0]
    path.write_text("schedules: [{name: a, rotation: [ben], start: 2026-01-01}]")
    ticks.time += 3
    assert rota.rotas(*span).failures == ()


def test_a_file_that_never_was_is_said(tmp_path: Path) -> None:
    answer = Rota(tmp_path / "none.yaml", lambda: NOW).rotas(NOW, NOW)
    assert list(answer.shifts) == []
    assert answer.failures == ("none.yaml cannot be read: No such file or directory.",)
