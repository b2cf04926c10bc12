"""Long lists can be paged through: every line is seen once, whatever the size of the lines."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.views import render
from commands.parts.reply import Buttons, Reply, Rows
from data.catalog.entity import Entity
from data.catalog.live import Catalog


def pages(ask: Any, words: str) -> list[Reply]:
    """All pages, by pressing the button until there is none."""
    found: list[Reply] = []
    while words:
        found.append(ask(words))
        assert len(found) < 50
        buttons: Sequence[Any] = [b for part in found[-1].parts if isinstance(part, Buttons) for b in part.buttons]
        words = next((b.words for b in buttons if b.label.startswith("Show more")), "")
    return found


def shown(reply: Reply) -> list[str]:
    lines = [str(line) for part in reply.parts if isinstance(part, Rows) for line in part.lines]
    return [line for line in lines if not line.startswith("_…and ")]


@pytest.fixture(params=[5, 400])
def crowd(
    request: pytest.FixtureRequest,
    ask: Any,
    entity: Callable[..., Entity],
    hold: Callable[..., Catalog],
    small_company: list[Entity],
) -> Any:
    """A company with forty more things, whose titles are short or long."""
    many = [
        entity(f"many-{n:02}", title="t" * request.param, owner="group:default/team-payments") for n in range(40)
    ]
    return ask.with_idp(catalog=hold([*small_company, *many]))


@pytest.mark.parametrize("words", ['find "many"', "find kind:component many", 'search owner:team-payments "many"'])
def test_every_hit_is_on_exactly_one_page_and_is_shown_there(crowd: Any, words: str) -> None:
    found = pages(crowd, words)
    lines = [line for page in found for line in shown(page)]
    assert len(lines) == len(set(lines)) == 40
    assert len(found) >= 3
    for page in found:
        text = str(render(page)["blocks"])
        assert all(f"many-{n:02}" in text for n in range(40) if f"many-{n:02}" in str(shown(page)))


def test_a_page_after_the_last_one_says_so(crowd: Any) -> None:
    reply = crowd("find many --from 41")
    assert not reply.ok
    assert "only 40" in reply.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "١", "1e3", "9" * 40])
def test_a_page_that_is_no_number_is_refused_kindly(crowd: Any, number: str) -> None:
    assert "number of a line" in crowd(f"find many --from {number}").text


def test_a_team_offers_all_that_it_owns(crowd: Any) -> None:
    buttons = [b for part in crowd("team team-payments").parts if isinstance(part, Buttons) for b in part.buttons]
    everything = next(b.words for b in buttons if b.label.startswith("Show all"))
    assert len([line for page in pages(crowd, everything) for line in shown(page)]) > 40


@pytest.fixture
def hub(ask: Any, entity: Callable[..., Entity]) -> Any:
    """Sixty that need the hub, forty that need the first of those; it needs a dozen itself."""
    needs = [("dependsOn", f"resource:default/need-{n:02}") for n in range(12)]
    users = [entity(f"user-{n:02}", relations=[("dependsOn", "component:default/hub")]) for n in range(60)]
    far = [entity(f"far-{n:02}", relations=[("dependsOn", "component:default/user-00")]) for n in range(40)]
    return ask.knowing([entity("hub", relations=needs), *users, *far])


@pytest.mark.parametrize("words", ["deps hub --up --from 1", "deps hub --blast-radius"])
def test_everything_that_needs_a_hub_is_on_exactly_one_page_nearest_first(hub: Any, words: str) -> None:
    lines = [line for page in pages(hub, words) for line in shown(page) if line.startswith("`")]
    names = [f"user-{n:02}" for n in range(60)], [f"far-{n:02}" for n in range(40)]
    assert lines == [
        *[f"`1` *{name}* (component) via hub · no owner stated" for name in names[0]],
        *[f"`2` *{name}* (component) via user-00 · no owner stated" for name in names[1]],
    ]


@pytest.mark.parametrize(
    ("words", "first", "count"),
    [
        ("deps hub", "need-10", 2),  # by the button of the way down, which comes first
        ("deps hub --tree", "user-20", 80),
        ("deps hub --up --depth 1", "user-20", 40),
        ("deps hub --up --kind component", "user-20", 80),
    ],
)
def test_the_next_page_begins_where_trees_and_short_answers_ended(
    hub: Any, words: str, first: str, count: int
) -> None:
    _, *following = pages(hub, words)
    lines = [line for page in following for line in shown(page)]
    assert first in lines[0]
    assert len(lines) == len(set(lines)) == count


def test_both_ways_at_once_are_not_paged_through(hub: Any) -> None:
    reply = hub("deps hub --from 21")
    assert not reply.ok
    assert "--up or --down" in reply.text


def test_the_later_pages_of_a_blast_radius_do_not_name_the_teams_again(hub: Any) -> None:
    first, *later = pages(hub, "deps hub --blast-radius")
    assert "No owner stated: 100" in str(render(first)["blocks"])
    assert later
    assert all("No owner stated: 100" not in str(render(page)["blocks"]) for page in later)


def test_a_page_after_the_last_dependency_says_so(hub: Any) -> None:
    assert "only 100" in hub("deps hub --up --from 101").text
    assert hub("deps far-00 --up --from 3").text == "There is nothing to list."
    alone = hub("deps far-00 --up --from 1")
    assert alone.text == "far-00: is needed by nothing known"
    assert faults_of(render(alone)) == []
