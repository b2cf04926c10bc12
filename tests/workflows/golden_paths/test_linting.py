"""A golden path is looked over before people meet what is wrong with it."""

from pathlib import Path
from typing import Any

from tests.workflows.golden_paths.company import template
from tests.workflows.house import House
from workflows.golden_paths.linting import lint


def found(house: House) -> list[tuple[str, bool]]:
    path: Any = house.idp.golden_paths.get("demo")
    object.__setattr__(path, "owner", "group:default/payments")
    return [(flaw.text, flaw.stops) for flaw in lint(house.idp, house.idp.catalog.snapshot, path)]


def test_a_good_one_has_no_flaw(still: House) -> None:
    assert found(still) == []


def test_what_is_missing_is_named(still: House, tmp_path: Path) -> None:
    more = {".github/workflows/ci.yml": "jobs: {}\n", "copier.yml": "name: {type: str}\nstage: {type: str}\n"}
    template(tmp_path / "template", more)
    texts = [text for text, _ in found(still)]
    assert any("takes the owner" in text for text in texts)
    assert "The question stage has no help; people see its bare name." in texts
    assert any("Images are scanned" in text for text in texts)


def test_a_template_that_runs_code_is_told(still: House, tmp_path: Path) -> None:
    template(tmp_path / "template", {"copier.yml": "_tasks: [touch x]\nname: {type: str}\n"})
    ((text, stops),) = found(still)
    assert "tasks" in text
    assert stops
