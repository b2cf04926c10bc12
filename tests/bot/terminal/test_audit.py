"""`idp audit`: the file for the auditor, and whether the chain is whole."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.store import audit
from data.store.database import Database
from tests.bot.terminal.running import Idp


@pytest.fixture
def audited(environ: Mapping[str, str]) -> Iterator[Database]:
    """Three rows of two quarters about Ann, Ben and checkout."""
    with closing(Database(environ["IDP_DATABASE_URL"])) as database:
        database.migrate()
        for day, actor, target in ((30, "ann", "checkout"), (1, "ben", "checkout"), (2, "ann", "cart")):
            at = datetime(2026, 9 if day == 30 else 10, day, tzinfo=UTC)
            said = {"reason": "größe", "rule": "rule 1"}
            entry = audit.Entry(
                "request.approved", f"user:default/{actor}", target=f"component:default/{target}", detail=said
            )
            with database.store() as store:
                audit.append(store, entry, at)
        yield database


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ((), [1, 2, 3]),
        (("--about", "component:checkout"), [1, 2]),
        (("--about", "@Ann"), [1, 3]),
        (("--since", "2026-07-01", "--until", "2026-10-01"), [1]),
        (("--since", "2026-10-01T00:00:00+00:00", "--about", "user:default/ann"), [3]),
    ],
)
def test_the_audit_of_one_service_one_person_one_quarter(
    idp: Idp, words: tuple[str, ...], rows: list[int]
) -> None:
    code, out, _ = idp("audit", "export", "--format", "json", *words)
    assert (code, [row["seq"] for row in json.loads(out)]) == (0, rows)


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize(
    "words", [("--since", "last quarter"), ("--until", "2026-13-01"), ("--about", "checkout")]
)
def test_what_is_no_day_and_no_reference_is_refused_with_what_is_expected(
    idp: Idp, words: tuple[str, ...]
) -> None:
    code, out, err = idp("audit", "export", *words)
    assert (code, out) == (1, "")
    assert "Write " in err


@pytest.mark.usefixtures("audited")
def test_a_spreadsheet_reads_the_audit_in_its_encoding_and_in_columns(idp: Idp, folder: Path) -> None:
    assert idp("audit", "export", "--out", str(folder / "audit.csv"))[0] == 0
    assert (folder / "audit.csv").read_bytes().startswith(b"\xef\xbb\xbfseq,at,actor,")
    rows = list(csv.DictReader((folder / "audit.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["reason"], row["rule"]) for row in rows] == [("größe", "rule 1")] * 3


@pytest.mark.usefixtures("audited")
def test_verifying_says_whether_there_was_anything_to_compare_with(idp: Idp, folder: Path) -> None:
    assert "would not show" in idp("audit", "verify")[1]
    (folder / "idp.yaml").write_text((folder / "idp.yaml").read_text() + "\naudit: {file: heads.jsonl}\n")
    code, out, _ = idp("audit", "verify")
    assert (code, "There is no head in" in out, "Compared" in out) == (0, True, False)
    digest = out.partition("digest ")[2].partition(".")[0]
    (folder / "heads.jsonl").write_text(json.dumps({"seq": 3, "digest": digest}) + "\n")
    assert "Compared with the 1 head in" in idp("audit", "verify")[1]
    code, _, err = idp("audit", "verify", "--heads", str(folder / "nowhere.jsonl"))
    assert (code, "There is no file" in err) == (1, True)


@pytest.mark.usefixtures("audited")
def test_heads_that_are_not_whole_are_said_and_those_that_cannot_be_read_are_no_bug(
    idp: Idp, folder: Path
) -> None:
    heads = folder / "odd.jsonl"
    heads.write_text('{"seq": 1, "dig\n')
    _, out, _ = idp("audit", "verify", "--heads", str(heads))
    assert "1 line of it cannot be read: changed, or cut off while written." in " ".join(out.split())
    heads.unlink()
    heads.mkdir()
    code, _, err = idp("audit", "verify", "--heads", str(heads))
    assert (code, "cannot be read: Is a directory." in err) == (1, True)
