from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from data.integrations.oncall import AllOnCall
from data.ports.oncall import Rotas, Schedule, Shift

NOW = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Provider:
    """A provider that answers what it is given."""

    def __init__(self, answer: Rotas) -> None:
        self.answer = answer

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        return self.answer


def rotas(source: str, as_of: datetime = NOW, failures: Sequence[str] = ()) -> Rotas:
    shift = Shift("main", 1, f"{source}-person", NOW, NOW + HOUR, source)
    return Rotas([Schedule("main", source, ("group:default/a",))], [shift], as_of, failures)


def test_everybody_is_asked_and_the_oldest_answer_gives_the_age() -> None:
    both = AllOnCall([Provider(rotas("one")), Provider(rotas("two", NOW - HOUR, ["two is down"]))], lambda: NOW)
    answer = both.rotas(NOW, NOW + HOUR)
    assert [shift.person for shift in answer.shifts] == ["one-person", "two-person"]
    assert answer.as_of == NOW - HOUR
    assert answer.failures == ["two is down"]
    assert [schedule.source for schedule in answer.covering["group:default/a"]] == ["one", "two"]
    assert len(answer.by_schedule["two", "main"]) == 1


def test_the_same_answer_comes_back_until_something_changes() -> None:
    provider = Provider(rotas("one"))
    both = AllOnCall([provider], lambda: NOW)
    first = both.rotas(NOW, NOW + HOUR)
    assert both.rotas(NOW, NOW + HOUR) is first
    provider.answer = rotas("other")
    assert both.rotas(NOW, NOW + HOUR).shifts[0].person == "other-person"


def test_nothing_connected_is_a_sentence() -> None:
    answer = AllOnCall([], lambda: NOW).rotas(NOW, NOW + HOUR)
    assert answer.failures[0].startswith("On-call is not connected.")
