"""The bench itself: every topic runs, in small, and writes what it found."""

import json
import subprocess
import sys
from pathlib import Path

from bench.__main__ import TOPICS
from bench.harness import at_least, at_most, ratio

ROOT = Path(__file__).parents[2]


def test_every_topic_runs_in_small(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    command = [sys.executable, "-m", "bench", "--quick", "--output", str(output)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
    measures = json.loads(output.read_text())
    assert {measure["id"].partition(".")[0] for measure in measures} == set(TOPICS)
    for measure in measures:
        assert set(measure) == {"id", "what", "value", "unit", "goal", "holds"}
        assert measure["value"] >= 0
        assert measure["what"] in done.stdout
    assert len({measure["id"] for measure in measures}) == len(measures)


def test_a_ratio_tells_slow_from_fast() -> None:
    def work() -> int:
        return sum(range(2000))

    assert 0.5 < ratio(work, work, rounds=9, times=50) < 2
    assert 2 < ratio(lambda: [work() for _ in range(4)], work, rounds=9, times=50) < 8


def test_goals_are_what_they_say() -> None:
    assert at_most("a.b", "x", 1.2, 1.25).holds
    assert not at_most("a.b", "x", 1.26, 1.25).holds
    assert at_least("a.b", "x", 0.98, 0.98).holds
    assert not at_least("a.b", "x", 0.97, 0.98).holds
