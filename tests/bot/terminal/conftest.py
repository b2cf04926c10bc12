"""`idp` in this process, on a small catalog."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.terminal import program
from tests.bot.terminal.running import FILE, Idp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog of three and a configuration."""
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog/catalog-info.yaml").write_text(FILE)
    (tmp_path / "idp.yaml").write_text("catalog: {sources: [{name: acme, type: files, path: ./catalog}]}")
    return tmp_path


@pytest.fixture
def environ(folder: Path) -> dict[str, str]:
    return {"IDP_CONFIG": str(folder / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}


@pytest.fixture
def idp(environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Idp:
    """Run `idp` with words: exit code, output, errors."""
    for name in os.environ:
        if name.startswith(("SLACK_", "IDP_")):
            monkeypatch.delenv(name)

    def run(*words: str, **more: str) -> tuple[int, str, str]:
        for name, value in {**environ, **more}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["idp", *words])
        code = 0
        try:
            program.run()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run
