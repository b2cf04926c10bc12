"""Which checks of a project's CI a merge can wait for; a table after GitHub's documentation of workflows."""

from pathlib import Path

import pytest

import data
from data.golden_paths.ci_checks import checks_for, is_workflow

PATHS = Path(data.__path__[0]) / "demo" / "golden-paths"
JOBS = "jobs: {lint: {runs-on: x}, test: {name: Unit tests, runs-on: x}}"


@pytest.mark.parametrize("path", ["go-http", "node-http", "python-http"])
def test_the_shipped_golden_paths_wait_for_all_that_their_ci_checks(path: str) -> None:
    workflow = (PATHS / path / "template" / ".github" / "workflows" / "ci.yml").read_bytes()
    assert checks_for([workflow], "main") == ["lint", "test", "dependencies", "image"]


@pytest.mark.parametrize(
    ("on", "known"),
    [
        ("on: pull_request", True),
        ("on: [push, pull_request]", True),
        ("on:\n  pull_request:", True),
        ("on: {pull_request: {branches: [main, 'release/**']}}", True),
        ("on: {pull_request: {branches: main}}", True),
        ("on: push", False),
        ("on: {push: {branches: [main]}}", False),
        ("on: {pull_request: {branches: [develop]}}", False),
        ("on: {pull_request: {branches-ignore: ['m*']}}", False),
        (
            "on: {pull_request: {paths: ['src/**']}}",
            False,
        ),  # it would stay pending where nothing below src changes
        ("on: {pull_request: {types: [labeled]}}", False),
        ("on: 7", False),
        ("", False),
    ],
)
def test_only_workflows_that_run_for_every_pull_request(on: str, known: bool) -> None:
    expected = ["lint", "Unit tests"] if known else []
    assert checks_for([f"{on}\n{JOBS}\n".encode()], "main") == expected


@pytest.mark.parametrize(
    "job",
    [
        "{strategy: {matrix: {go: [1, 2]}}, runs-on: x}",
        "{uses: ./.github/workflows/shared.yml}",
        "{if: github.actor != 'bot', runs-on: x}",
        "{name: 'test ${{ inputs.what }}', runs-on: x}",
        "[]",
    ],
)
def test_jobs_whose_check_is_called_otherwise_are_left_out(job: str) -> None:
    assert checks_for([f"on: pull_request\njobs: {{other: {job}, lint: {{runs-on: x}}}}".encode()], "main") == [
        "lint"
    ]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a: [", b"jobs: 1\non: pull_request", b"a: 1\n---\nb: 2", b"- x"]
)
def test_what_is_no_workflow_has_no_checks(content: bytes) -> None:
    assert checks_for([content], "main") == []


def test_files_that_github_reads_as_workflows() -> None:
    assert is_workflow(".github/workflows/ci.yml")
    assert is_workflow(".github/workflows/ci.yaml")
    assert not is_workflow(".github/workflows/deep/ci.yml")
    assert not is_workflow("ci.yml")
