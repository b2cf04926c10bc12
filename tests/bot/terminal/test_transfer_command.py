"""`idp migrate --from`: a SQLite database becomes a PostgreSQL, or it is said why not."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.processes.lifeline import alone
from bot.settings.config import load
from bot.terminal.transfer_command import carry_over, prepare
from data.errors import Conflict, Invalid, NotFound, Unavailable
from data.store import audit
from data.store.database import Database
from workflows.engine import Engine


@pytest.fixture
def old(tmp_path: Path) -> str:
    """A database in which something was done, with what lies beside it."""
    (tmp_path / "idp.yaml").write_text(
        "catalog: {sources: [{name: acme, type: files, path: .}]}\naccess: {type: fake}\n"
    )
    url = f"sqlite:///{tmp_path}/idp.db"
    prepare(settings(tmp_path, url), told=False)
    with closing(Database(url)) as database, database.store() as store:
        audit.append(store, audit.Entry("request.submitted", "user:default/ann"), datetime(2026, 3, 2, tzinfo=UTC))
    (tmp_path / "idp.db.access.json").write_text("{}")
    return url


def settings(folder: Path, url: str) -> Any:
    return load({"IDP_CONFIG": f"{folder}/idp.yaml", "IDP_DATABASE_URL": url}, slack=False)


def test_all_is_carried_over_and_said_and_the_old_file_serves_nobody_any_more(
    old: str,
    tmp_path: Path,
    new_postgres: Callable[[str], str],
    migrated_postgres: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = settings(tmp_path, new_postgres(migrated_postgres))
    with alone(old), pytest.raises(Conflict, match=r"Another idp serve uses .*idp.db already"):
        carry_over(new, old)
    carry_over(new, old)
    told = capsys.readouterr()
    assert "Carrying over: audit 1\n" in told.err
    for word in ("1  audit\n", "3 rows of 3 tables", "The audit holds: 1 row,", "idp.db.access.json: name it"):
        assert word in told.out
    with closing(Database(new.database_url)) as database, closing(Engine(database, {})) as engine:
        engine.open()
        with database.reading() as store:
            assert audit.head_of(store).seq == 1
    with pytest.raises(Conflict, match=r"idp.db holds was carried over to .*/test"), alone(old):
        pass


def test_what_cannot_be_is_said_and_nothing_is_marked(old: str, tmp_path: Path) -> None:
    away = "postgresql://idp:secret@127.0.0.1:1/idp"
    for source, target, kind, sentence in (
        (old, old, Invalid, "IDP_DATABASE_URL names no PostgreSQL"),
        ("var/idp.db", away, Invalid, "The database URL cannot be read"),
        ("mysql://h/d", away, Invalid, "'mysql', which is not known"),
        (away, away, Invalid, "Only a SQLite database is carried over"),
        (f"sqlite:///{tmp_path}/other.db", away, NotFound, "There is no file"),
        (old, away, Unavailable, "The database does not answer"),
    ):
        with pytest.raises(kind, match=sentence) as told:
            carry_over(settings(tmp_path, target), source)
        assert "secret" not in f"{told.value.message} {told.value.hint}"
    with alone(old):
        pass
