"""The files with which people install the bot are right as they stand."""

import json
from pathlib import Path

import jsonschema

from bot.settings.idp_yaml import read_idp_yaml
from bot.terminal.doctor_slack import SCOPES
from data.documents import Document, load_documents

ROOT = Path(__file__).parents[2]


def manifest() -> dict[str, object]:
    (document,) = load_documents((ROOT / "slack-manifest.yaml").read_bytes())
    assert isinstance(document, Document)
    value: dict[str, object] = document.value
    return value


def test_the_manifest_is_valid_against_slacks_own_schema(shared: Path) -> None:
    schema = json.loads((shared / "specs/slack-manifest.schema.2.0.0.json").read_text())
    jsonschema.validate(manifest(), schema, cls=jsonschema.Draft7Validator)


def test_the_manifest_asks_for_exactly_the_scopes_that_doctor_explains() -> None:
    scopes = manifest()["oauth_config"]["scopes"]["bot"]  # type: ignore[index]  # it is plain YAML
    assert sorted(scopes) == sorted(SCOPES)


def test_the_example_configuration_has_no_fault_and_neither_have_its_commented_lines(tmp_path: Path) -> None:
    example = (ROOT / "idp.example.yaml").read_text()
    hidden = ("# oncall", "#   - {", "# platform", "# workspaces")
    shown = [line[2:] if line.startswith(hidden) else line for line in example.splitlines()]
    shown = [line.replace("    # - {", "    - {") for line in shown]
    for name, text in (("as-is.yaml", example), ("all.yaml", "\n".join(shown))):
        (tmp_path / name).write_text(text)
        config, faults = read_idp_yaml(tmp_path / name)
        assert faults == []
        assert config
    assert config
    assert len(config.catalog.sources) >= 4
    assert len(config.oncall) == 4
    assert config.platform.channel == "#platform"


def test_the_demo_is_configured_without_a_fault() -> None:
    config, faults = read_idp_yaml(ROOT / "data/demo/idp.yaml")
    assert faults == []
    assert config is not None


def test_the_procfile_starts_what_exists() -> None:
    from bot.terminal.program import app

    commands = {command.callback.__name__ for command in app.registered_commands if command.callback}
    for line in (ROOT / "Procfile").read_text().splitlines():
        _, _, command = line.partition(": idp ")
        assert command in commands


def test_the_container_and_the_unit_start_what_exists_without_rights_and_install_what_is_pinned() -> None:
    container = (ROOT / "docs/deploy/Containerfile").read_text()
    copied = [path for line in container.splitlines() if line.startswith("COPY ") for path in line.split()[1:-1]]
    assert [
        path for path in copied if not path.startswith("--from") and not (ROOT / path.lstrip("/")).exists()
    ] == ["/opt/idp"]
    assert "--require-hashes -r requirements.lock" in container
    assert container.index("USER 10001") < container.index("ENTRYPOINT")
    unit = (ROOT / "docs/deploy/idp.service").read_text()
    for line in (
        "User=idp",
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "ExecStart=/opt/idp/.venv/bin/idp serve",
    ):
        assert line in unit.splitlines()
    for text in (container, unit, (ROOT / "Makefile").read_text()):
        assert not {"index-url", "trusted-host", "find-links"} & set(
            text.replace("=", " ").replace("--", "").split()
        )
