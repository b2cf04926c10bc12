"""Hops up and down."""

from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalog.entity import Entity
from data.catalog.graph import SMALL, Spread, at_a_glance, spread
from data.catalog.snapshot import Snapshot
from data.catalog.walk import LARGE

MakeEntity = Callable[..., Entity]


def names(found: Spread) -> list[list[str]]:
    return [[reached.ref.rpartition("/")[2] for reached in hop] for hop in found.hops]


def shop(entity: MakeEntity) -> Snapshot:
    """web -> orders-api (of orders) ; orders -> db, gone ; report -> db ; shop has them as parts."""
    return Snapshot.build(
        [
            entity("web", [("consumesApi", "api:default/orders-api"), ("partOf", "system:default/shop")]),
            entity("API:orders-api"),
            entity(
                "orders",
                [
                    ("providesApi", "api:default/orders-api"),
                    ("dependsOn", "resource:default/db"),
                    ("dependsOn", "resource:default/gone"),
                ],
                owner="group:default/team-a",
            ),
            entity("Resource:db", [("dependencyOf", "component:default/report")]),
            entity("report", owner="group:default/team-a"),
            entity("System:shop"),
        ]
    )


def test_what_breaks_with_a_database(entity: MakeEntity) -> None:
    found = spread(shop(entity), "resource:default/db", "up")
    assert names(found) == [["orders", "report"], ["orders-api"], ["web"]]
    assert found.total == 4
    assert not found.cut
    assert [(reached.hop, reached.via.rpartition("/")[2]) for reached in found.hops[1]] == [(2, "orders")]
    assert [ref.rpartition("/")[2] for ref in found.longest_path] == ["db", "orders", "orders-api", "web"]
    assert found.cycle == ()
    assert list(found.owners) == [("", 2), ("group:default/team-a", 2)]
    assert list(found.kinds) == [("Component", 3), ("API", 1)]


def test_what_a_page_depends_on(entity: MakeEntity) -> None:
    found = spread(shop(entity), "component:default/web", "down")
    assert names(found) == [["orders-api"], ["orders"], ["db", "gone"]]
    assert [reached.entity is None for reached in found.hops[2]] == [False, True]
    assert found.kinds[-1] == ("Resource", 1)
    assert ("", 1) in found.kinds  # what is not in the catalog has no kind


def test_being_a_part_is_no_dependency(entity: MakeEntity) -> None:
    assert spread(shop(entity), "system:default/shop", "up").total == 0
    assert spread(shop(entity), "system:default/shop", "down").total == 0


def test_depth_cuts_and_says_so(entity: MakeEntity) -> None:
    snapshot = shop(entity)
    found = spread(snapshot, "resource:default/db", "up", depth=2)
    assert names(found) == [["orders", "report"], ["orders-api"]]
    assert found.cut
    assert not spread(snapshot, "resource:default/db", "up", depth=3).cut
    assert spread(snapshot, "resource:default/db", "up", depth=0).total == 4


def test_kinds_are_listed_while_others_are_passed_through(entity: MakeEntity) -> None:
    found = spread(shop(entity), "resource:default/db", "up", kinds=["component"])
    assert names(found) == [["orders", "report"], [], ["web"]]
    assert found.total == 3


def test_something_that_is_not_in_the_catalog_has_dependents(entity: MakeEntity) -> None:
    assert names(spread(shop(entity), "resource:default/gone", "up", depth=1)) == [["orders"]]
    assert spread(shop(entity), "resource:default/never", "up").total == 0


def test_circles_end(entity: MakeEntity) -> None:
    snapshot = Snapshot.build(
        [
            entity("a", [("dependsOn", "component:default/b")]),
            entity("b", [("dependsOn", "component:default/c")]),
            entity("c", [("dependsOn", "component:default/a"), ("dependsOn", "component:default/c")]),
        ]
    )
    found = spread(snapshot, "component:default/a", "down", depth=0)
    assert names(found) == [["b"], ["c"]]
    assert [ref[-1] for ref in found.cycle] == ["a", "b", "c", "a"]
    assert [ref[-1] for ref in spread(snapshot, "component:default/c", "up").cycle] == ["c", "c"]


def test_the_second_question_about_a_hub_is_answered_from_memory(entity: MakeEntity) -> None:
    many = [entity(f"s{number}", [("dependsOn", "resource:default/db")]) for number in range(SMALL + 1)]
    snapshot = Snapshot.build([entity("Resource:db"), *many])
    assert spread(snapshot, "resource:default/db", "up") is spread(snapshot, "resource:default/db", "up")


def walked(pairs: set[tuple[int, int]], start: int, depth: int) -> list[list[int]]:
    """Hop by hop, as one would write it down."""
    hops: list[list[int]] = []
    frontier, seen = {start}, {start}
    while not depth or len(hops) < depth:
        frontier = {end for begin, end in pairs if begin in frontier} - seen
        if not frontier:
            break
        seen |= frontier
        hops.append(sorted(frontier))
    return hops


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4, 5])
def test_a_crowd_that_leads_to_each_other_is_walked_as_a_few_are(depth: int) -> None:
    refs = [f"component:default/n{number:03}" for number in range(100)]
    crowd = range(1, 86)  # all lead to all, and each to one further
    pairs = {(0, number) for number in crowd} | {(a, b) for a in crowd for b in crowd}
    pairs |= {(1, 90), (2, 91), (3, 90), (90, 92), (92, 1), (92, 93), (93, 94), (95, 0)}
    lines: dict[str, list[tuple[str, str, int]]] = {ref: [] for ref in refs}
    for begin, end in sorted(pairs):
        lines[refs[begin]].append(("dependsOn", refs[end], 1))
    assert len(pairs) > LARGE
    found = spread(Snapshot.build(_row(ref, lines[ref]) for ref in refs), refs[0], "down", depth)
    expected = walked(pairs, 0, depth)
    assert [[int(reached.ref[-3:]) for reached in hop] for hop in found.hops] == expected
    assert found.cut == (0 < depth < len(walked(pairs, 0, 0)))
    assert found.cycle == ()


@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40), st.integers(0, 11), st.integers(0, 4)
)
def test_agrees_with_a_walk_written_down_plainly(pairs: list[tuple[int, int]], start: int, depth: int) -> None:
    refs = [f"component:default/n{number:02}" for number in range(12)]
    lines = {ref: [("dependsOn", refs[end], 1) for begin, end in pairs if refs[begin] == ref] for ref in refs}
    snapshot = Snapshot.build(_row(ref, lines[ref]) for ref in refs)
    found = spread(snapshot, refs[start], "down", depth)
    expected = walked(set(pairs), start, depth)
    seen = {start, *chain.from_iterable(expected)}
    assert [[reached.ref for reached in hop] for hop in found.hops] == [
        [refs[number] for number in hop] for hop in expected
    ]
    for hop in found.hops:
        for reached in hop:
            assert (int(reached.via[-2:]), int(reached.ref[-2:])) in pairs
    nearest = [refs[number] for hop in walked(set(pairs), start, 1) for number in hop]
    assert [snapshot.content.ref_of(node) for node in at_a_glance(snapshot, refs[start], 3)[0].direct] == nearest[
        :3
    ]
    beyond = {end for begin, end in pairs if begin in seen} - seen
    assert found.cut == bool(beyond)


def _row(ref: str, relations: list[tuple[str, str, int]]) -> tuple[object, ...]:
    import orjson

    name = ref.rpartition("/")[2]
    texts = dict.fromkeys(Entity._fields, "") | {
        "ref": ref,
        "kind": "Component",
        "namespace": "default",
        "name": name,
    }
    return tuple((texts | {"line": 1, "stale": False, "relations": orjson.dumps(relations).decode()}).values())
