"""Owners, relations from both ends, and that an old snapshot goes away."""

import gc
import threading
import weakref
from collections.abc import Callable

from data.catalog.entity import Entity, Problem
from data.catalog.graph import spread
from data.catalog.snapshot import MOST_REMEMBERED, Link, Snapshot

MakeEntity = Callable[..., Entity]


def test_owner_is_as_sure_as_its_reference(entity: MakeEntity) -> None:
    snapshot = Snapshot.build(
        [
            entity("plain", owner="group:default/team-a"),
            entity("Group:team-a"),
            entity("elsewhere", owner="group:default/team-b"),
            entity("Group:org/team-b"),
            entity("unsure", owner="group:default/team-c"),
            entity("Group:x/team-c"),
            entity("Group:y/team-c"),
            entity("person", owner="group:default/ann"),
            entity("User:ann"),
            entity("nobody"),
        ]
    )

    def owner(name: str) -> tuple[str, str, bool]:
        asked = snapshot.get(f"component:default/{name}")
        assert asked is not None
        found = snapshot.owner(asked)
        return found.ref, found.certainty, found.entity is not None

    assert owner("plain") == ("group:default/team-a", "declared", True)
    assert owner("elsewhere") == ("group:org/team-b", "probably", True)
    assert owner("unsure") == ("group:default/team-c", "not in the catalog", False)
    assert owner("person") == ("user:default/ann", "probably", True)
    assert owner("nobody") == ("", "not stated", False)


def test_relations_are_seen_from_both_ends_with_their_origin(entity: MakeEntity) -> None:
    web = entity("web", [("dependsOn", "resource:default/db"), ("ownedBy", "group:default/team-a")])
    db, team = entity("Resource:db"), entity("Group:org/team-a")
    snapshot = Snapshot.build([web, db, team])
    web = web._replace(relations="")  # they are the links
    assert list(snapshot.links(web.ref)) == [
        Link("dependsOn", db.ref, db, web, 10),
        Link("ownedBy", team.ref, team, web, 11),  # where the owner probably is
    ]
    assert list(snapshot.links(db.ref)) == [Link("dependencyOf", web.ref, web, web, 10)]
    assert list(snapshot.links(team.ref)) == [Link("ownerOf", web.ref, web, web, 11)]


def test_a_groups_parent_is_what_itself_says_then_what_the_one_above_says(entity: MakeEntity) -> None:
    top = entity("Group:top", [("parentOf", "group:default/middle"), ("parentOf", "group:default/own")])
    middle = entity("Group:middle", [("ownedBy", "group:default/top")])
    own = entity("Group:own", [("childOf", "group:default/middle"), ("childOf", "group:default/top")])
    snapshot = Snapshot.build([top, middle, own, entity("web", [("childOf", "group:default/top")])])
    assert [snapshot.parent(group.ref) for group in (top, middle, own)] == ["", top.ref, middle.ref]
    assert next(link.ref for link in snapshot.links(own.ref) if link.type == "childOf") == middle.ref


def test_what_both_sides_declare_is_one_relation(entity: MakeEntity) -> None:
    web = entity("web", [("dependsOn", "resource:default/db")])
    db = entity("Resource:db", [("dependencyOf", "component:default/web")])
    snapshot = Snapshot.build([web, db])
    assert [(link.type, link.ref, link.declared_by.ref) for link in snapshot.links(web.ref)] == [
        ("dependsOn", db.ref, web.ref)
    ]


def test_a_reference_to_nothing_stays_visible(entity: MakeEntity) -> None:
    web = entity("web", [("dependsOn", "resource:default/gone")])
    snapshot = Snapshot.build([web])
    web = web._replace(relations="")
    assert list(snapshot.links(web.ref)) == [Link("dependsOn", "resource:default/gone", None, web, 10)]
    assert [link.ref for link in snapshot.links("resource:default/gone")] == [web.ref]
    assert snapshot.links("resource:default/never-named") == ()


def test_entities_come_back_as_they_went_in(entity: MakeEntity) -> None:
    row = entity("web", title="Wéb", tags="a b", stale=1, line=7, detail={"labels": {"a": "b"}})
    snapshot = Snapshot.build([tuple(row)])
    assert list(snapshot) == [row]
    assert len(snapshot) == 1
    assert snapshot.get("component:default/web") == row
    assert snapshot.get("component:default/nothing") is None
    assert snapshot.get("component:default/web").stale is True  # type: ignore[union-attr]  # it is there


def test_problems_by_source(entity: MakeEntity) -> None:
    one, other = Problem("a.yaml", 1, "error", "yaml", "broken"), Problem("b.yaml", 2, "warning", "tag", "odd")
    snapshot = Snapshot.build([entity("web")], problems=[("acme", one), ("infra", other)])
    assert snapshot.problems() == [one, other]
    assert snapshot.problems("infra") == [other]


def test_no_index_is_built_twice_by_threads_that_need_it_at_once(entity: MakeEntity) -> None:
    snapshot = Snapshot.build([entity(f"service-{number}") for number in range(2000)])
    seen = []

    def ask() -> None:
        seen.append(snapshot.content.typos())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(index) for index in seen}) == 1


def test_an_old_snapshot_is_gone_at_once(entity: MakeEntity) -> None:
    gc.disable()
    try:
        for warm in (True, False):
            snapshot = Snapshot.build([entity("web", [("dependsOn", "resource:default/db")])])
            if warm:
                snapshot.warm(lambda: None)
            spread(snapshot, "resource:default/db", "up")
            content = weakref.ref(snapshot.content)
            del snapshot
            assert content() is None, "only the garbage collector would free it, and it skips what is frozen"
    finally:
        gc.enable()


def test_the_answers_remembered_longest_ago_are_forgotten(entity: MakeEntity) -> None:
    snapshot = Snapshot.build([entity("web")])
    for number in range(MOST_REMEMBERED):
        snapshot.remember(number, str(number))
    snapshot.remember(0, "again")
    snapshot.remember("one more", "new")
    assert [snapshot.recall(key) for key in (0, 1, 2, "one more")] == ["again", None, "2", "new"]
