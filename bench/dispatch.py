"""What an answer costs in process: signature, form, Bolt's dispatch, answer and blocks, to an empty listener.

Both get the same questions, each about another entity: nothing that remembers whole answers could help.
"""

import random
from collections.abc import Iterator

from bench.bot import Asked, company, source_state
from bench.harness import Call, Measure, at_most, figure, p50, ratios
from bench.synthetic import rows
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot

ASKED = 5_000  # different questions of a kind: more than are asked in a run, so that no answer is met again


def run(quick: bool) -> Iterator[Measure]:
    """All commands at 100,000 entities, who-owns also at 1,000 and 1,000,000."""
    rounds, times = (2, 10) if quick else (21, 200)
    sizes = (300, 1_000, 3_000) if quick else (1_000, 100_000, 1_000_000)
    small = _who_owns(sizes[0], rounds, times)
    snapshot = _snapshot(sizes[1])
    with company(snapshot) as asked:
        yield from _commands(asked, snapshot, rounds, times)
    yield figure("dispatch.who_owns_small", f"who-owns at {sizes[0]:,} entities, to an empty listener", small, "x")
    large = _who_owns(sizes[2], rounds, times)
    yield figure("dispatch.who_owns_large", f"who-owns at {sizes[2]:,} entities, to an empty listener", large, "x")
    yield at_most(
        "dispatch.who_owns_growth",
        f"who-owns at {sizes[2]:,} entities, to itself at {sizes[0]:,}",
        large / small,
        1.1,
    )


def _snapshot(count: int, edges: int = 5) -> Snapshot:
    return Snapshot.build(rows(count, count * edges if count <= 100_000 else 0), [source_state(count)])


def _who_owns(count: int, rounds: int, times: int) -> float:
    snapshot = _snapshot(count)
    with company(snapshot) as asked:
        texts = [f"who-owns {entity.name}" for entity in _some(snapshot)]
        empty = asked.command(*texts, empty=True)
        return ratios([asked.command(*texts)], empty, rounds=rounds, times=times)[0]


def _commands(asked: Asked, snapshot: Snapshot, rounds: int, times: int) -> Iterator[Measure]:
    snapshot.warm(lambda: None)
    snapshot.count_ahead(None, lambda: None)
    some, dice = _some(snapshot), random.Random(3)
    texts = [f"who-owns {one.name}" for one in some]
    empty = asked.command(*texts, empty=True)
    goals = [
        ("control", "an empty listener, to itself (control)", asked.command(*texts, empty=True), 0.0),
        ("who_owns", "who-owns", asked.command(*texts), 1.25),
        (
            "typo",
            "who-owns with a typo",
            asked.command(*[f"who-owns {slip(one.name, dice)}" for one in some]),
            2.0,
        ),
        ("find", "find with two words", asked.command(*[f"find {_two_words(one)}" for one in some]), 3.0),
        (
            "deps",
            "deps: direct ones, counts to depth 3",
            asked.command(*[f"deps {one.name}" for one in some]),
            1.3,
        ),
        ("deps_trees", "deps as trees", asked.command(*[f"deps {one.name} --tree" for one in some]), 0.0),
        ("show", "show", asked.command(*[f"show {one.name}" for one in some]), 0.0),
        ("oncall", "oncall", asked.command(*[f"oncall {one.name}" for one in some]), 0.0),
    ]
    calls: list[Call] = [goal[2] for goal in goals]
    for (id_, what, _, goal), value in zip(goals, ratios(calls, empty, rounds=rounds, times=times), strict=True):
        said = f"{what}, to an empty listener, {len(some):,} names of {len(snapshot):,} entities in turn"
        yield (
            at_most(f"dispatch.{id_}", said, value, goal) if goal else figure(f"dispatch.{id_}", said, value, "x")
        )
    yield figure("dispatch.empty", "an empty listener", p50(empty, times) * 1e6, "us")


def _some(snapshot: Snapshot) -> list[Entity]:
    entities = [entity for entity in snapshot if entity.kind != "Group"]
    return random.Random(5).sample(entities, min(ASKED, len(entities)))


def _two_words(entity: Entity) -> str:
    return " ".join(entity.name.split("-")[-2:])


def slip(name: str, dice: random.Random) -> str:
    """The name with one slip of the fingers: a letter missing, doubled, wrong, or two swapped."""
    at = dice.randrange(1, len(name) - 1)
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    head, one, other, tail = name[:at], name[at], name[at + 1], name[at + 2 :]
    return dice.choice(
        (
            head + other + tail,
            head + letter + one + other + tail,
            head + letter + other + tail,
            head + other + one + tail,
        )
    )
