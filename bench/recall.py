"""How often a name with one slip of the fingers is found among the first three, and how fast."""

import random
from collections.abc import Iterator

from bench.dispatch import slip
from bench.harness import Measure, at_least, figure, p50
from bench.synthetic import rows
from data.catalog.snapshot import Snapshot


def run(quick: bool) -> Iterator[Measure]:
    """Over 2,000 slips at 100,000 entities; names of two to four words."""
    count, asked = (2_000, 200) if quick else (100_000, 2_000)
    snapshot = Snapshot.build(rows(count))
    dice = random.Random(11)
    names = [entity.name for entity in dice.sample(list(snapshot), asked)]
    slips = [(name, slip(name, dice)) for name in names]
    found = sum(_among_three(snapshot, name, typed) for name, typed in slips)
    yield at_least("recall.at_3", f"recall@3 of single slips at {count:,} entities", found / asked, 0.98, "")
    first = sum(_first(snapshot, name, typed) for name, typed in slips)
    yield figure("recall.at_1", "answered at once with the entity meant", first / asked, "")
    turn = iter(range(10**9))
    taken = p50(lambda: snapshot.resolve(slips[next(turn) % asked][1]), asked)
    yield figure("recall.time", "one look-up of a typo", taken * 1e6, "us")


def _among_three(snapshot: Snapshot, name: str, typed: str) -> bool:
    return any(candidate.name == name for candidate in snapshot.resolve(typed).candidates[:3])


def _first(snapshot: Snapshot, name: str, typed: str) -> bool:
    entity = snapshot.resolve(typed).entity
    return entity is not None and entity.name == name
