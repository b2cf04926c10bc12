"""Twenty rules over ten thousand services: what YAML compiles to, against the same checks written by hand."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.harness import Measure, at_most, figure, ratio
from bench.synthetic import rows
from data.catalog.entity import Entity
from data.scorecards.loading import load_scorecards

NOW = 1_795_000_000.0
DAY = 86_400.0

RULES = """
facts: {cost.monthly: number, alerts.noisy: number, backup.at: time, license: text, pinned: truth}
scorecards:
  ready:
    title: Ready
    applies_to: {kind: Component, lifecycle: production}
    rules:
      r1: {title: on call, level: bronze, check: oncall.rotation}
      r2: {title: runbook, level: bronze, check: readme.runbook}
      r3: {title: owner, level: bronze, check: catalog.owner}
      r4: {title: description, level: bronze, check: catalog.description}
      r5: {title: docs, level: bronze, check: catalog.docs}
      r6: {title: tags, level: bronze, check: catalog.tags >= 2}
      r7: {title: no critical, level: silver, check: vulnerabilities.critical == 0}
      r8: {title: few high, level: silver, check: vulnerabilities.high <= 5}
      r9: {title: deployed, level: silver, check: age(deployment.at) <= 30d}
      r10: {title: backed up, level: silver, check: age(backup.at) <= 7d}
      r11: {title: covered, level: silver, check: coverage >= 80}
      r12: {title: few gaps, level: silver, check: oncall.gap_hours < 4}
      r13: {title: slos, level: gold, check: slo.missing == 0}
      r14: {title: budget, level: gold, check: slo.budget > 10}
      r15: {title: current, level: gold, check: template.current}
      r16: {title: cheap, level: gold, check: cost.monthly < 500 or catalog.tier == 1}
      r17: {title: quiet, level: gold, check: alerts.noisy <= 3}
      r18: {title: free, level: gold, check: 'license in ["MIT", "Apache-2.0"]'}
      r19: {title: safe, level: gold, check: vulnerabilities.critical == 0 and vulnerabilities.high == 0}
      r20: {title: pinned, level: gold, check: pinned}
"""

Get = Callable[[str], Any]


def by_hand(entity: Entity, get: Get, now: float) -> Any:
    """What somebody would write who wants just these twenty checks, and wants them fast."""
    if not (entity.kind == "Component" and entity.lifecycle == "production"):
        return (None,)
    critical, high, tier, cost = (
        get("vulnerabilities.critical"),
        get("vulnerabilities.high"),
        get("catalog.tier"),
        get("cost.monthly"),
    )
    cheap = None if cost is None else cost < 500.0
    first = None if tier is None else tier == 1.0
    safe = None if critical is None else critical == 0.0
    clean = None if high is None else high == 0.0
    return ((
        get("oncall.rotation"),
        get("readme.runbook"),
        get("catalog.owner"),
        get("catalog.description"),
        get("catalog.docs"),
        None if (tags := get("catalog.tags")) is None else tags >= 2.0,
        safe,
        None if high is None else high <= 5.0,
        None if (deployed := get("deployment.at")) is None else now - deployed <= 30 * DAY,
        None if (backup := get("backup.at")) is None else now - backup <= 7 * DAY,
        None if (coverage := get("coverage")) is None else coverage >= 80.0,
        None if (gaps := get("oncall.gap_hours")) is None else gaps < 4.0,
        None if (missing := get("slo.missing")) is None else missing == 0.0,
        None if (budget := get("slo.budget")) is None else budget > 10.0,
        get("template.current"),
        True if cheap or first else None if cheap is None or first is None else False,
        None if (noisy := get("alerts.noisy")) is None else noisy <= 3.0,
        None if (license_ := get("license")) is None else license_ in ("MIT", "Apache-2.0"),
        False if safe is False or clean is False else None if safe is None or clean is None else True,
        get("pinned"),
    ),)  # fmt: skip


def run(quick: bool) -> Iterator[Measure]:
    """The same services, the same verdicts, side by side."""
    services = _services(500 if quick else 10_000)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scorecards.yaml"
        file.write_text(RULES)
        start = time.perf_counter()
        cards, misread = load_scorecards([file])
        loaded = time.perf_counter() - start
    assert not misread, misread
    judge = cards.judge
    assert [judge(e, f.get, NOW) for e, f in services] == [by_hand(e, f.get, NOW) for e, f in services]

    def compiled() -> object:
        return [judge(entity, facts.get, NOW) for entity, facts in services]

    def written() -> object:
        return [by_hand(entity, facts.get, NOW) for entity, facts in services]

    found = ratio(compiled, written, rounds=5 if quick else 15, times=3 if quick else 5)
    yield at_most("score.fused", f"20 rules x {len(services):,} services, to the same by hand", found, 1.2)
    start = time.perf_counter()
    compiled()
    yield figure(
        "score.fleet", f"20 rules x {len(services):,} services", 1000 * (time.perf_counter() - start), "ms"
    )
    yield figure("score.load", "reading and compiling the 20 rules", 1000 * loaded, "ms")


def _services(count: int) -> list[tuple[Entity, dict[str, Any]]]:
    """Nine of ten facts are known."""
    luck = random.Random(7)
    entities = (Entity(*row) for row in rows(count, 0))
    return [
        (
            entity._replace(kind="Component", lifecycle=luck.choice(["production"] * 9 + ["experimental"])),
            _facts(luck),
        )
        for entity in entities
    ]


def _facts(luck: random.Random) -> dict[str, Any]:
    truths = (
        "oncall.rotation readme.runbook catalog.owner catalog.description catalog.docs template.current pinned"
    )
    known: dict[str, Any] = {name: luck.random() < 0.8 for name in truths.split()}
    sizes = {
        "catalog.tags": 5, "vulnerabilities.critical": 3, "vulnerabilities.high": 9, "coverage": 100,
        "oncall.gap_hours": 9, "slo.missing": 2, "slo.budget": 100, "cost.monthly": 1000, "catalog.tier": 4,
        "alerts.noisy": 6,
    }  # fmt: skip
    known |= {name: float(luck.randrange(size)) for name, size in sizes.items()}
    known |= {name: NOW - luck.random() * 60 * DAY for name in ("deployment.at", "backup.at")}
    known["license"] = luck.choice(["MIT", "Apache-2.0", "unknown"])
    return {name: value for name, value in known.items() if luck.random() < 0.9}
