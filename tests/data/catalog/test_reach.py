"""What was counted ahead is what a walk finds, whatever has changed since."""

from collections.abc import Mapping, Sequence

import orjson
from hypothesis import given
from hypothesis import strategies as st

from data.catalog.entity import Entity
from data.catalog.graph import WAYS, spread
from data.catalog.reach import MOST
from data.catalog.snapshot import Link, Snapshot

FIELDS = dict.fromkeys(Entity._fields, "") | {"kind": "Component", "line": 1, "stale": False}
Company = Mapping[str, Sequence[str]]  # what each needs


def at_once() -> None:
    """No rest between two steps."""


def snapshot_of(company: Company) -> Snapshot:
    rows = []
    for name, needs in company.items():
        relations = [("dependsOn", f"component:default/{need}", 1) for need in needs]
        stated = {"ref": f"component:default/{name}", "name": name, "relations": orjson.dumps(relations).decode()}
        rows.append(tuple((FIELDS | stated).values()))
    return Snapshot.build(rows)


def assert_agrees(counted: Snapshot) -> None:
    """With a snapshot of the same rows where nothing was counted."""
    assert counted.content.reach is not None
    plain = snapshot_of(
        {row.name: [link.ref.rpartition("/")[2] for link in needed(counted, row)] for row in counted}
    )
    for ref in counted.content.refs():
        for way in WAYS:
            ours, walked = spread(counted, ref, way), spread(plain, ref, way)
            assert (ours.counts, ours.total, ours.cut) == (walked.counts, walked.total, walked.cut)
            assert ours.cycle == walked.cycle
            assert [[each.ref for each in hop] for hop in ours.hops] == [
                [each.ref for each in hop] for hop in walked.hops
            ]


def needed(snapshot: Snapshot, row: Entity) -> list[Link]:
    return [link for link in snapshot.links(row.ref) if link.type == "dependsOn"]


names = st.sampled_from("abcdefghij")
companies = st.dictionaries(names, st.lists(names, max_size=3), max_size=10)


@given(st.lists(companies, min_size=1, max_size=4))
def test_counts_agree_with_walks_after_any_series_of_changes(versions: list[Company]) -> None:
    reach = None
    for company in versions:
        snapshot = snapshot_of(company)
        reach = snapshot.count_ahead(reach, at_once)
        assert_agrees(snapshot)


@given(companies, st.data())
def test_counts_agree_with_walks_after_a_small_change(company: Company, data: st.DataObject) -> None:
    reach = snapshot_of(company).count_ahead(None, at_once)
    changed = {**company, data.draw(names): data.draw(st.lists(names, max_size=3))}
    changed.pop(data.draw(names), None)
    order = data.draw(st.permutations(list(changed)))  # a database gives rows in no particular order
    snapshot = snapshot_of({name: changed[name] for name in order})
    snapshot.count_ahead(reach, at_once)
    assert_agrees(snapshot)


def test_what_lies_far_from_a_change_is_not_counted_again() -> None:
    chains: dict[str, list[str]] = {f"n{at:03}": [f"n{at + 1:03}"] for at in range(500)}
    first, second = snapshot_of(chains), snapshot_of({**chains, "n250": ["n251", "n400"]})
    first.content.needs()
    second.content.needs()
    steps: list[None] = []
    reach = first.count_ahead(None, lambda: steps.append(None))
    whole = len(steps)
    steps.clear()
    second.count_ahead(reach, lambda: steps.append(None))
    assert len(steps) < whole / 2
    assert_agrees(second)


def test_circles_and_crowds_are_left_to_walks() -> None:
    ring = {"a": ["b"], "b": ["c"], "c": ["d"], "d": ["a"]}
    crowd = {f"u{at}": ["hub"] for at in range(MOST + 1)} | {"x": ["u1"]}
    content = snapshot_of({**ring, **crowd, "alone": []})
    reach = content.count_ahead(None, at_once)

    def known(name: str, way: int) -> object:
        return reach.counts(content.content.node_of(f"component:default/{name}"), way)

    assert known("a", 0) is None
    assert known("hub", 1) is None
    assert known("u1", 0) == ([1], False)
    assert known("u1", 1) == ([1], False)
    assert known("alone", 0) == ([], False)
    assert spread(content, "component:default/hub", "up").counts == [MOST + 1, 1]


def test_a_short_answer_takes_what_was_counted() -> None:
    snapshot = snapshot_of({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["e"]})
    snapshot.content.reach = snapshot_of({"a": ["b", "c"], "b": [], "c": []}).count_ahead(None, at_once)
    found = spread(snapshot, "component:default/a", "down")
    assert (found.counts, found.total, found.cut) == ([2], 2, False)
    assert [snapshot.content.ref_of(node) for node in found.direct(10)] == ["component:default/b"]
    assert spread(snapshot, "component:default/a", "down", depth=2).counts == [1, 1]
    assert spread(snapshot, "component:default/a", "down", kinds=["component"]).counts == [1, 1, 1]
