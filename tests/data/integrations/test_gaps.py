from datetime import UTC, datetime, timedelta

import pytest

from data.integrations.gaps import gaps
from data.ports.oncall import FOREVER, Rotas, Schedule, Shift

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(begin: float, end: float, level: int = 1) -> Shift:
    return Shift("Shop", level, "ann", NOON + begin * HOUR, NOON + end * HOUR, "rota.yaml")


def found(*shifts: Shift, covers: tuple[str, ...] = ("group:default/shop",)) -> list[tuple[float, float, bool]]:
    rotas = Rotas([Schedule("Shop", "rota.yaml", covers)], shifts, NOON)
    told = gaps(rotas, NOON, NOON + 10 * HOUR)
    return [((gap.start - NOON) / HOUR, (gap.end - NOON) / HOUR, gap.below) for gap in told]


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([shift(-1, 11)], []),
        ([shift(0, 4), shift(4, 10)], []),
        ([shift(0, 5), shift(3, 10)], []),
        ([shift(0, 4), shift(5, 10)], [(4, 5, False)]),
        ([shift(1, 9)], [(0, 1, False), (9, 10, False)]),
        ([], [(0, 10, False)]),
        ([shift(0, 4), shift(5, 10), shift(-1, 11, level=2)], [(4, 5, True)]),
        ([shift(0, 4), shift(0, 4, level=2)], [(4, 10, False)]),
        ([shift(2, 10, level=2)], [(0, 2, False)]),
    ],
)
def test_a_gap_is_when_nobody_has_the_first_level(
    shifts: list[Shift], expected: list[tuple[float, float, bool]]
) -> None:
    assert found(*shifts) == expected


def test_somebody_who_is_always_on_call_leaves_no_gap() -> None:
    assert found(Shift("Shop", 1, "ann", NOON - HOUR, FOREVER, "rota.yaml")) == []


def test_what_covers_nothing_has_no_gaps() -> None:
    assert found(covers=()) == []
