"""The demo's files lie in one folder, which is put right at each start."""

import os
from pathlib import Path

from bot.demo import ACME
from bot.demo_place import settle
from bot.settings.config import load


def test_everything_that_the_configuration_names_stands_beside_it(tmp_path: Path) -> None:
    config = settle(ACME, tmp_path / "demo")
    settings = load({"IDP_CONFIG": str(config), "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db"}, slack=False)
    assert (config.parent / "catalog" / "checkout" / "catalog-info.yaml").is_file()
    assert ".." not in config.read_text()
    named = [path.source for path in settings.config.golden_paths]
    assert all(settings.beside_config(path).is_relative_to(config.parent) for path in named)


def test_a_changed_file_is_put_right_and_what_came_besides_stays(tmp_path: Path) -> None:
    config = settle(ACME, tmp_path)
    before = config.read_bytes()
    config.write_text("catalog: {}\n")
    own = tmp_path / "catalog" / "mine" / "catalog-info.yaml"
    own.parent.mkdir()
    own.write_text("mine")
    settle(ACME, tmp_path)
    assert config.read_bytes() == before
    assert own.read_text() == "mine"
    assert not list(tmp_path.rglob(f".*.{os.getpid()}"))
