"""What the doctor says of the system behind access: whether it can be asked, before anybody needs it."""

from pathlib import Path

from bot.settings.config import load
from bot.terminal.doctor_access import access_findings
from bot.wiring import build

COMMAND = 'access: {type: command, run: ["./access.sh"]}'


def said(folder: Path, access: str) -> list[str]:
    (folder / "idp.yaml").write_text(f"catalog: {{sources: [{{name: acme, type: files, path: .}}]}}\n{access}\n")
    environ = {"IDP_CONFIG": str(folder / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}
    idp = build(load(environ, slack=False))
    idp.database.close()
    return [f"{finding.verdict}: {finding.what}" for finding in access_findings(idp)]


def test_an_executable_that_is_not_there_is_found_before_anybody_needs_it(tmp_path: Path) -> None:
    missing = f"error: Access: {tmp_path}/access.sh cannot be started: No such file or directory."
    assert said(tmp_path, COMMAND) == [missing]


def test_one_that_answers_is_fine(tmp_path: Path) -> None:
    (tmp_path / "access.sh").write_text("#!/bin/sh\necho '[]'\n")
    (tmp_path / "access.sh").chmod(0o755)
    assert said(tmp_path, COMMAND) == ["ok: Access: access.sh answers; 0 grants in force"]


def test_without_a_system_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert said(tmp_path, "") == []
