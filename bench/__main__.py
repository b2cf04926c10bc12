"""`python -m bench [--quick] [topic…]`: measure what is promised, print a table, write var/bench.json."""

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.harness import Measure

TOPICS = (
    "dispatch",
    "http",
    "slow",
    "webapi",
    "recall",
    "graph",
    "start",
    "reading",
    "sync",
    "interference",
    "live",
    "act",
    "templates",
    "digest",
    "score",
    "golden",
    "workspaces",
)


def main() -> int:
    """Exit status 0 even when a promise is not kept: the table says so; tests decide what that means."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("topics", nargs="*", help=f"of {', '.join(TOPICS)}; all unless said")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes: shows that the bench works, measures little"
    )
    parser.add_argument("--output", type=Path, default=Path("var/bench.json"))
    chosen = parser.parse_args()
    unknown = set(chosen.topics) - set(TOPICS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    measures = [measure for topic in chosen.topics or TOPICS for measure in _run(topic, chosen.quick)]
    chosen.output.parent.mkdir(parents=True, exist_ok=True)
    chosen.output.write_text(json.dumps([measure._asdict() for measure in measures], indent=2) + "\n")
    goals = [measure for measure in measures if measure.goal]
    kept = sum(measure.holds for measure in goals)
    print(f"\n{kept} of {len(goals)} goals hold; {chosen.output} has the figures.")
    return 0


def _run(topic: str, quick: bool) -> list[Measure]:
    """Each topic is a module with `run(quick)`, which yields Measures as they are found."""
    start = time.monotonic()
    print(f"\n{topic}", flush=True)
    measures = []
    for measure in import_module(f"bench.{topic}").run(quick):
        measures.append(measure)
        mark = "  " if not measure.goal else "ok" if measure.holds else "NO"
        print(f"  {mark} {measure.value:10.3f} {measure.unit:4} {measure.goal:9} {measure.what}", flush=True)
    print(f"     ({time.monotonic() - start:.0f} s)", file=sys.stderr)
    return measures


if __name__ == "__main__":
    sys.exit(main())
