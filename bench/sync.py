"""A whole sync, from the first stat to the commit, against the least that any reader must do."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bench import synthetic
from bench.harness import Measure, at_most, figure
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.report import Report
from data.catalog.syncing.sync import sync
from data.store.database import Database

FILES = 10_000
ROUNDS = 5

_TEXT = """\
# Kept by {owner}; see the runbook before you change the dependencies.
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
  title: {title}
  description: >-
    Takes what the {first} domain sends, checks it against the rules of the {last} team,
    keeps it for ninety days and tells everybody who has subscribed.
  annotations:
    github.com/project-slug: acme/{name}
    backstage.io/techdocs-ref: dir:.
    pagerduty.com/service-id: P{number:06}
  labels:
    tier: "{tier}"
  tags:
    - java
    - {first}
    - tier{tier}
  links:
    - url: https://grafana.example.com/d/{name}
      title: Dashboard
      icon: dashboard
    - url: https://wiki.example.com/runbooks/{name}
      title: Runbook
spec:
  type: service
  lifecycle: production
  owner: group:default/{owner}
  system: {first}
  providesApis:
    - {name}-api
  dependsOn:
    - component:default/{other}
    - resource:default/{name}-db
"""


def run(quick: bool) -> Iterator[Measure]:
    """First, unchanged and slightly changed syncs of one folder into SQLite."""
    count, rounds = (400, 1) if quick else (FILES, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        paths = _catalog(Path(folder) / "catalog", count)
        taken = [_round(Path(folder), paths, number) for number in range(rounds)]
    first, same, few = (statistics.median(times[at] / times[0] for times in taken) for at in (1, 2, 3))
    loop = f"a bare read + yaml.load(CSafeLoader) loop over {count:,} files"
    yield at_most("sync.first", f"first sync, everything included / {loop}", first, 0.9)
    yield at_most("sync.unchanged", "sync with nothing changed / the same loop", same, 0.05)
    yield at_most("sync.changed", "sync with 1 % changed / the same loop", few, 0.07)
    yield figure(
        "sync.rate", "entities a second, first sync", count / statistics.median(t[1] for t in taken), "1/s"
    )


def _catalog(folder: Path, count: int) -> list[Path]:
    """Files of about 1 kB, one a folder, as repositories in one place have them."""
    names, owners, paths = synthetic.names(count), synthetic.teams(count), []
    for number, name in enumerate(names):
        words = name.split("-")
        path = folder / owners[number % len(owners)] / name / "catalog-info.yaml"
        path.parent.mkdir(parents=True)
        text = _TEXT.format(
            name=name,
            title=" ".join(words).title(),
            owner=owners[number % len(owners)],
            first=words[0],
            last=words[-1],
            other=names[number * 7 % count],
            tier=number % 4,
            number=number,
        )
        path.write_text(text)
        paths.append(path)
    return paths


def _round(folder: Path, paths: list[Path], number: int) -> tuple[float, float, float, float]:
    """Seconds of (the loop, a first sync, one without change, one with 1 % changed)."""
    database = Database(f"sqlite:///{folder}/round{number}.db")
    database.migrate()
    source = FilesSource("bench", folder / "catalog")

    def again() -> Report:
        return sync(database, source, now=lambda: datetime.now(UTC))

    with closing(database):
        loop = _seconds(lambda: _bare_loop(paths))
        first = _seconds(again)
        same = statistics.median(_seconds(again) for _ in range(3))
        few = statistics.median(_seconds_after_change(paths, f"{number}.{at}", again) for at in range(3))
    return loop, first, same, few


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _seconds_after_change(paths: list[Path], mark: str, again: Callable[[], Report]) -> float:
    for path in paths[::100]:
        path.write_text(path.read_text().replace("ninety", f"ninety {mark}", 1))
    reports: list[Report] = []
    seconds = _seconds(lambda: reports.append(again()))
    assert len(reports[0].changed) == len(paths[::100]), reports
    return seconds


def _bare_loop(paths: list[Path]) -> None:
    for path in paths:
        yaml.load(path.read_bytes(), yaml.CSafeLoader)
