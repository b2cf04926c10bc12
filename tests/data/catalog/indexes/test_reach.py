"""What was counted ahead is what a walk finds, whatever has changed since."""

from collections.abc import Mapping, Sequence

import orjson
from hypothesis import given
from hypothesis import strategies as st

from data.catalog.entity import Entity
from data.catalog.graph import at_a_glance, spread
from data.catalog.indexes.reach import MOST
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
        assert at_a_glance(counted, ref, 2) == at_a_glance(plain, ref, 2)


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

    def known(name: str) -> object:
        return reach.counts(content.content.node_of(f"component:default/{name}"))

    assert known("a") is None
    assert known("hub") is None
    assert known("u1") == (([1], False), ([1], False))
    assert known("alone") == (([], False), ([], False))
    assert at_a_glance(content, "component:default/hub", 3)[1].counts == [MOST + 1, 1]


def test_a_short_answer_takes_what_was_counted() -> None:
    snapshot = snapshot_of({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["e"]})
    snapshot.content.reach = snapshot_of({"a": ["b", "c"], "b": [], "c": []}).count_ahead(None, at_once)
    down, up = at_a_glance(snapshot, "component:default/a", 10)
    assert (down.counts, down.cut, up.counts) == ([2], False, [])
    assert [snapshot.content.ref_of(node) for node in down.direct] == ["component:default/b"]
    assert spread(snapshot, "component:default/a", "down").counts == [1, 1, 1]
