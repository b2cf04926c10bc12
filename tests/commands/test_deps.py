from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.views import render
from commands.parts.reply import Pre, Reply, Section

Read = Callable[[Reply], str]


def tree(reply: Reply) -> str:
    return "\n".join(part.text for part in reply.parts if isinstance(part, Pre))


def test_names_what_is_direct_and_counts_what_lies_beyond(ask: Any) -> None:
    down, up = (part.text.split("\n") for part in ask("deps checkout").parts if isinstance(part, Section))
    assert down == [
        "*checkout depends on 3*",
        "*users-api* · api · team-identity",
        "*checkout-db* · resource · team-payments",
        "_2 hops: 1_",
    ]
    assert up == ["*checkout is needed by 1*", "*storefront* · component · team-identity"]


def test_the_direct_ones_of_a_hub_are_the_first_by_name_and_the_others_are_counted(ask: Any, entity: Any) -> None:
    users = [entity(f"user-{at:03}", relations=[("dependsOn", "component:default/hub")]) for at in range(300)]
    beyond = [entity("last", relations=[("dependsOn", "component:default/user-007")])]
    further = [entity(f"further-{at}", relations=[("dependsOn", "component:default/last")]) for at in range(2)]
    most = [entity("most", relations=[("dependsOn", "component:default/further-0")])]
    reply = ask.knowing([*reversed(users), entity("hub"), *beyond, *further, *most])("deps hub")
    head, *names, tail = reply.parts[1].text.split("\n")
    assert head == "*hub is needed by 303*"
    assert names == [f"*user-{at:03}* · component" for at in range(10)]
    assert tail == "_…and 290 more · 2 hops: 1 · 3 hops: 2, and more beyond_"
    assert reply.text == "hub: depends on nothing known; is needed by 303 (300 + 1 + 2 by hop, and more beyond)"


def test_names_in_the_short_answer_format_nothing_and_stay_within_slacks_limits(ask: Any, entity: Any) -> None:
    odd = [f"*&_{at}<!here>" + "x" * 4000 for at in range(20)]
    hub = entity("hub", relations=[("dependsOn", f"component:default/{name}") for name in odd])
    reply = ask.knowing([hub, *[entity(name) for name in odd]])("deps hub")
    shown = reply.parts[0].text
    assert "<" not in shown
    assert shown.endswith("…and 10 more_")
    assert faults_of(render(reply)) == []


def test_what_stands_alone_offers_no_tree(ask: Any, entity: Any, buttons: Callable[[Reply], list[str]]) -> None:
    reply = ask.knowing([entity("alone")])("deps alone")
    assert reply.text == "alone: depends on nothing known; is needed by nothing known"
    assert not [words for words in buttons(reply) if "tree" in words or "graph" in words]


@pytest.mark.parametrize("flag", ["--tree", "--depth 3"])
def test_shows_both_ways_as_trees_with_owners(ask: Any, flag: str) -> None:
    shown = tree(ask(f"deps checkout {flag}"))
    assert "├─ " in shown
    assert (
        "└─ checkout-db · resource · team-payments" in shown
        or "├─ checkout-db · resource · team-payments" in shown
    )
    assert "   └─ users · component · team-identity" in shown.replace("│", " ")
    assert "└─ storefront · component · team-identity" in shown


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("deps checkout --up", "checkout: is needed by 1"),
        ("deps checkout --down", "checkout: depends on 3 (2 + 1 by hop)"),
        ("deps checkout --down --depth 1", "checkout: depends on 2 (2 by hop, and more beyond)"),
        ("deps checkout --down --kind api", "checkout: depends on 1"),
        ("deps users --up --kind resource", "users: is needed by nothing known"),
        ("deps users --up --kind resource --depth 1", "users: is needed by nothing known (and more beyond)"),
        ("deps users --down", "users: depends on nothing known"),
        ("deps users --up --depth all", "users: is needed by 3 (1 + 1 + 1 by hop)"),
    ],
)
def test_counts_by_hop(ask: Any, words: str, text: str) -> None:
    assert ask(words).text == text


def test_what_is_not_in_the_catalog_stays_visible(ask: Any) -> None:
    assert "nowhere · not in the catalog" in tree(ask("deps lost --tree"))
    assert "*nowhere* · not in the catalog" in ask("deps lost").parts[0].text


def test_the_blast_radius_names_owners_people_and_the_longest_path(ask: Any, read: Read) -> None:
    reply = ask("deps users --blast-radius")
    assert reply.text.startswith("If users breaks: 2 components, 1 API of 2 owners, 1 of tier 1; 1 + 1 + 1 by hop")
    assert "users → users-api → checkout → storefront" in reply.text
    said = read(reply)
    assert "*Payments*: 1 · #team-payments · on call: Ben Okoro until Thu 09:00 CET" in said
    assert "`2` *checkout* (component) via users-api · team-payments · tier 1" in said
    assert reply.data["total"] == 3
    assert reply.data["longest_path"][-1] == "component:default/storefront"
    assert {team["owner"]: team["on_call"] for team in reply.data["teams"]}["group:default/team-payments"] == [
        "Ben Okoro",
        "Ann Sommer",
    ]


def test_what_nothing_needs_breaks_alone(ask: Any) -> None:
    assert ask("deps storefront --blast-radius").text == "Nothing known depends on storefront: it breaks alone."


def test_circles_end_and_are_said(ask: Any, entity: Any, read: Read) -> None:
    ring = [
        entity(name, relations=[("dependsOn", f"component:default/{after}")])
        for name, after in (("a1", "b1"), ("b1", "c1"), ("c1", "a1"))
    ]
    said = read(ask.knowing(ring)("deps a1 --depth all"))
    assert "In a circle: a1 → b1 → c1 → a1" in said
    assert read(ask.knowing(ring)("deps a1")).count("In a circle: a1 → b1 → c1 → a1") == 1


def test_a_picture_follows_with_the_tree_as_its_text(ask: Any) -> None:
    picture = ask("deps checkout --graph").picture
    assert picture is not None
    assert "users-api" in picture.alt
    assert picture.draw().startswith(b"\x89PNG")
    assert ask("deps checkout").picture is None


def test_a_chain_of_thousands_is_walked_and_counted(ask: Any, entity: Any) -> None:
    chain = [
        entity(f"link{at}", relations=[("dependsOn", f"component:default/link{at + 1}")]) for at in range(3000)
    ]
    reply = ask.knowing([*chain, entity("link3000")])("deps link0 --down --depth all")
    assert "depends on 3,000" in reply.text
    assert "…and 2,980 more" in tree(reply)


@pytest.mark.parametrize("depth", ["0", "-1", "x", "1e9", "٣", "99999999999999999999"])
def test_depths_that_are_none(ask: Any, depth: str) -> None:
    reply = ask(f"deps checkout --depth {depth}")
    assert not reply.ok
    assert "--depth" in reply.text


def test_facts_for_machines(ask: Any) -> None:
    data = ask("deps checkout --down").data
    assert data["entity"] == "component:default/checkout"
    assert {hit["ref"] for hit in data["down"]["hops"][0]} == {
        "resource:default/checkout-db",
        "api:default/users-api",
    }
    assert "up" not in data


def test_every_answer_offers_what_to_ask_next(ask: Any, buttons: Callable[[Reply], list[str]]) -> None:
    for words in [
        *buttons(ask("deps checkout")),
        *buttons(ask("deps checkout --tree")),
        *buttons(ask("deps users --blast-radius")),
    ]:
        assert ask(words).ok
