"""The worst hub of a large graph, against the recursive query that a database would run."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from statistics import median

from bench.harness import Measure, at_most, figure, ratio
from bench.synthetic import rows
from data.catalog.graph import Spread, spread
from data.catalog.snapshot import Snapshot

HOPS = """
WITH RECURSIVE reached(id, hop) AS (
  SELECT ?, 0 UNION SELECT edge.source, hop + 1 FROM reached JOIN edge ON edge.target = reached.id WHERE hop < ?
) SELECT hop, count(*) FROM (SELECT id, min(hop) AS hop FROM reached GROUP BY id) GROUP BY hop
"""
ALL = """
WITH RECURSIVE reached(id) AS (
  SELECT ? UNION SELECT edge.source FROM reached JOIN edge ON edge.target = reached.id
) SELECT count(*) FROM reached
"""


def run(quick: bool) -> Iterator[Measure]:
    """100,000 nodes and 500,000 edges, 1 % of them backwards."""
    count = 2_000 if quick else 100_000
    snapshot = Snapshot.build(rows(count, count * 5))
    content = snapshot.content
    _, up = content.needs()
    edges = [(source, target) for target, sources in enumerate(up) for source in sources]
    hub = max(range(len(up)), key=lambda node: len(up[node]))
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE edge (target INTEGER, source INTEGER, PRIMARY KEY (target, source)) WITHOUT ROWID"
    )
    database.executemany("INSERT INTO edge (source, target) VALUES (?, ?)", edges)
    ref = content.ref_of(hub)
    yield figure(
        "graph.edges", f"edges among {count:,} nodes; the hub has {len(up[hub]):,} dependents", len(edges), ""
    )

    def first(depth: int) -> Callable[[], Spread]:
        return lambda: spread(Snapshot(content, {}, (), 0), ref, "up", depth)  # nothing remembered yet

    rounds = 3 if quick else 7
    by_hop = ratio(first(3), lambda: database.execute(HOPS, (hub, 3)).fetchall(), rounds=rounds, times=1)
    yield at_most("graph.hub_depth_3", "worst hub to depth 3, first time, to SQLite's recursive CTE", by_hop, 0.2)
    every = ratio(first(0), lambda: database.execute(ALL, (hub,)).fetchall(), rounds=rounds, times=1)
    yield at_most("graph.hub_all", "worst hub, everything, first time, to SQLite's recursive CTE", every, 0.2)
    spread(snapshot, ref, "up", 0)
    again = ratio(lambda: spread(snapshot, ref, "up", 0), first(0), rounds=rounds, times=3)
    yield at_most("graph.hub_again", "worst hub, everything, from memory, to its first time", again, 0.001)
    database.close()
    yield figure(
        "graph.first", "worst hub to depth 3, first time", 1000 * median(_taken(first(3)) for _ in range(5)), "ms"
    )


def _taken(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
