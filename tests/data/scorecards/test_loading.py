"""Scorecards read from YAML: every fault at once, with file and line."""

from pathlib import Path

import pytest

from data.catalog.entity import Entity
from data.scorecards.loading import SHIPPED, load_scorecards
from tests.data.scorecards.test_expressions import ENTITY

NOTHING = dict[str, object]().get

GOOD = """\
facts:
  cost.monthly: number
scorecards:
  security:
    title: Security
    applies_to: {kind: component, tags: [pci, gdpr], owner: shop}
    levels: [basic, strong]
    grace: 14d
    rules:
      cheap:
        title: Costs little
        level: basic
        fact: cost.monthly
        operator: "<"
        value: 500
      fresh:
        title: Deployed this week
        level: strong
        from: 2027-01-01
        fix: {link: "https://wiki.acme.example/deploy"}
        applies_to: {lifecycle: production, where: "not starts_with(entity.name, 'old-')"}
        check: |
          age(deployment.at) <= 7d
          and known(coverage)
"""


def written(tmp_path: Path, text: str, name: str = "scorecards.yaml") -> Path:
    file = tmp_path / name
    file.write_text(text)
    return file


def test_levels_rules_and_their_places(tmp_path: Path) -> None:
    cards, misread = load_scorecards([written(tmp_path, GOOD)])
    assert misread == []
    (card,) = cards.cards
    assert (card.name, card.levels, card.grace, card.place) == (
        "security",
        ("basic", "strong"),
        14 * 86_400,
        "scorecards.yaml:4",
    )
    assert next((rule.name, rule.check, rule.place) for rule in card.rules) == (
        "cheap",
        "cost.monthly < 500",
        "scorecards.yaml:10",
    )
    assert cards.rules["fresh"].facts == ("deployment.at", "coverage")
    assert str(cards.rules["fresh"].since) == "2027-01-01"


@pytest.mark.parametrize(
    ("change", "applies"),
    [
        ({}, True),
        ({"kind": "API"}, False),
        ({"tags": "python"}, False),
        ({"tags": "gdpr"}, True),
        ({"owner": "group:default/other"}, False),
    ],
)
def test_applies_to(tmp_path: Path, change: dict[str, str], applies: bool) -> None:
    cards, _ = load_scorecards([written(tmp_path, GOOD)])
    entity = Entity(**ENTITY._asdict() | {"owner": "group:default/shop"} | change)
    (verdicts,) = cards.judge(entity, NOTHING, 0.0)
    assert (verdicts is not None) is applies


def test_a_rule_may_apply_to_fewer_than_its_scorecard(tmp_path: Path) -> None:
    cards, _ = load_scorecards([written(tmp_path, GOOD)])
    ours = ENTITY._replace(owner="group:default/shop")
    assert cards.judge(ours, {"cost.monthly": 1.0}.get, 0.0) == ((True, False),)
    assert cards.judge(ours._replace(name="old-cart"), NOTHING, 0.0) == ((None, ...),)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("cost.monthly\n", "cost.montly\n", 13, "There is no fact cost.montly."),
        ("value: 500", 'value: "500"', 13, "A number cannot be compared with text."),
        ("level: basic", "level: bronze", 12, "'bronze' is no level."),
        ("and known(coverage)", "and coverage", 23, "This is a number."),
        ("grace: 14d", "grace: soon", 8, "scorecards.security.grace"),
        ("operator:", "operater:", 14, "scorecards.security.rules.cheap.operater is not a known key."),
        ("from: 2027-01-01", "from: next year", 19, "scorecards.security.rules.fresh.from"),
        ("https://wiki", "http://wiki", 20, "scorecards.security.rules.fresh.fix.link"),
        ("title: Costs little", "weight: 2", 10, "scorecards.security.rules.cheap.title is missing."),
        ("[basic, strong]", "[basic, strong, basic]", 7, "A level is named twice."),
        ("cost.monthly: number", "coverage: text", 2, "The fact coverage is number already."),
        ("where: \"not", "where: \"nott", 21, "'starts_with' does not fit here."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    _, misread = load_scorecards([written(tmp_path, GOOD.replace(old, new, 1))])
    assert any(said in fault.message and fault.line == line for _, fault in misread), misread


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    first = written(
        tmp_path, GOOD.replace("level: basic", "level: x").replace("cost.monthly\n", "y\n"), "one.yaml"
    )
    second = written(tmp_path, "scorecards: [", "two.yaml")
    _, misread = load_scorecards([first, second, tmp_path / "missing.yaml"])
    assert {file.name for file, _ in misread} == {"one.yaml", "two.yaml", "missing.yaml"}
    assert len(misread) == 4


def test_a_rule_has_one_name_in_all_scorecards(tmp_path: Path) -> None:
    again = written(tmp_path, GOOD.replace("cheap:", "coverage:"))
    _, misread = load_scorecards([SHIPPED, again])
    assert [fault.message for _, fault in misread] == ["A rule coverage stands in another scorecard."]


def test_six_rules_ship() -> None:
    cards, misread = load_scorecards([SHIPPED])
    assert misread == []
    assert [rule.title for rule in cards.rules.values()] == [
        "Has an on-call rotation",
        "README has a runbook section",
        "No critical vulnerability in the image",
        "Deployed within 30 days",
        "Coverage of at least 80 %",
        "All endpoints have SLOs",
    ]
    assert all(rule.why and rule.fix.text for rule in cards.rules.values())
