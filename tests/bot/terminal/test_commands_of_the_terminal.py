"""`idp` in a terminal: what it prints, and with which code it ends. In this process, on a small catalog."""

import csv
import getpass
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.terminal import program
from bot.terminal.doctor import findings
from data.store import audit, people
from data.store.database import Database

FILE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: checkout}
spec: {type: service, lifecycle: production, owner: team-payments}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-payments, title: Payments}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ann}
spec: {memberOf: [team-payments], profile: {displayName: Ann, email: ann@acme.example}}
"""

Idp = Callable[..., tuple[int, str, str]]


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


def test_sync_then_ask(idp: Idp) -> None:
    code, out, _ = idp("sync")
    assert code == 0
    assert "acme: 3 added" in out
    assert "+ component:default/checkout" in out
    code, out, _ = idp("ask", "who-owns checkout")
    assert code == 0
    assert "Payments" in out


def test_what_acts_is_not_done_in_a_terminal_where_nobody_proves_who_they_are(idp: Idp) -> None:
    idp("sync")
    code, out, err = idp("ask", "cancel 12")
    assert code != 0
    assert "in Slack only" in out + err


def test_a_takeover_is_agreed_to_in_the_name_of_the_account(idp: Idp, folder: Path) -> None:
    idp("sync")
    file = folder / "catalog/catalog-info.yaml"
    taken = FILE.replace("owner: team-payments", "owner: team-search")
    file.write_text(taken)
    idp("sync")
    assert "team-payments -> group:default/team-search" in idp("takeover")[1]
    assert "Payments" in idp("ask", "who-owns checkout")[1]
    assert idp("takeover", "checkout", "--agree")[0] == 0
    assert "Payments" not in idp("ask", "who-owns checkout")[1]
    rows = json.loads(idp("audit", "export", "--format", "json")[1])
    agreed = [row for row in rows if "takeover.agreed" in json.dumps(row)]
    assert len(agreed) == 1
    assert getpass.getuser() in json.dumps(agreed)


@pytest.fixture
def bound(environ: Mapping[str, str]) -> Iterator[Database]:
    """Ann has proved two accounts to be hers, Ben one."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with closing(Database(environ["IDP_DATABASE_URL"])) as database:
        database.migrate()
        with database.store() as store:
            for account, name in (("U1", "ann"), ("U2", "ann"), ("U3", "ben")):
                people.bind(store, people.Binding(account, f"user:default/{name}", f"{name}@acme.example"), now)
        yield database


@pytest.mark.usefixtures("bound")
def test_who_is_bound_to_which_account_is_found_by_either(idp: Idp) -> None:
    for about in ("U3", "ben", "user:default/ben", "Ben@acme.example"):
        assert idp("identity", about)[:2] == (0, "U3 is user:default/ben (ben@acme.example)\n")
    assert idp("identity")[1].count("user:default/ann") == 2


def test_a_forgotten_account_may_prove_anew_who_it_is_and_the_audit_says_who_let_it(
    idp: Idp, bound: Database
) -> None:
    assert idp("identity", "U2", "--forget")[0] == 0
    with bound.reading() as store:
        assert [each.account for each in people.accounts_of(store, "user:default/ann")] == ["U1"]
    told = idp("audit", "export", "--format", "json")[1]
    (row,) = [row for row in json.loads(told) if "identity.forgotten" in json.dumps(row)]
    assert all(word in json.dumps(row) for word in ("U2", "user:default/ann", getpass.getuser()))


def test_nobody_is_forgotten_whose_account_is_not_named(idp: Idp, bound: Database) -> None:
    for words, sentence in (
        (("U9",), "Nobody is bound to U9."),
        (("mallory@acme.example",), "Nobody is bound to mallory@acme.example."),
        (("ann",), "Forgetting needs one account."),
        (("ben",), "Forgetting needs one account."),
        ((), "Forgetting needs one account."),
    ):
        code, out, err = idp("identity", *words, "--forget")
        assert code != 0
        assert sentence in out + err
    with bound.reading() as store:
        assert len(people.bindings(store)) == 3


def test_words_need_no_quotes(idp: Idp) -> None:
    idp("sync")
    assert "Payments" in idp("ask", "who-owns", "checkout")[1]


def test_flags_of_a_question_need_no_quotes_either(idp: Idp) -> None:
    idp("sync")
    code, out, err = idp("ask", "deps", "checkout", "--up", "--depth", "2")
    assert (code, err) == (0, "")
    assert "checkout" in out
    assert idp("ask", "oncall", "checkout", "--at", "fri 17:00")[2] == ""


def test_ask_for_a_machine(idp: Idp) -> None:
    idp("sync")
    code, out, _ = idp("ask", "--json", "who-owns checkout")
    assert code == 0
    assert json.loads(out)["data"]["owner"] == "group:default/team-payments"


def test_asking_as_somebody(idp: Idp) -> None:
    idp("sync")
    assert "checkout" in idp("ask", "mine", "--as", "ann@acme.example")[1]


def test_a_question_without_an_answer_ends_with_one(idp: Idp) -> None:
    idp("sync")
    code, out, _ = idp("ask", "who-owns nothing-of-that-name")
    assert code == 1
    assert "not in the catalog" in out


def test_asking_before_the_first_sync_says_what_to_do(idp: Idp) -> None:
    idp("migrate")
    code, _, err = idp("ask", "who-owns checkout")
    assert code == 1
    assert "idp sync" in err


def test_asking_without_a_database_says_what_to_do(idp: Idp) -> None:
    code, _, err = idp("ask", "who-owns checkout")
    assert code == 1
    assert "idp " in err


def test_a_damaged_database_is_told_and_what_to_do(idp: Idp, folder: Path) -> None:
    idp("sync")
    (folder / "idp.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 100)
    code, _, errors = idp("ask", "who-owns", "checkout")
    assert code == 1
    assert "idp.db is no database, or it is damaged" in errors
    assert "Traceback" not in errors


def test_asking_nothing_is_answered_with_what_can_be_asked(idp: Idp) -> None:
    idp("sync")
    assert "who-owns checkout" in idp("ask")[1]
    assert "Payments" in idp("ask", "--as", "ann@acme.example")[1]


def test_migrate_says_what_it_did(idp: Idp) -> None:
    assert "up to date now" in idp("migrate")[2]
    assert "up to date already" in idp("migrate")[2]


def test_the_second_sync_changes_nothing(idp: Idp) -> None:
    idp("sync")
    assert "0 added, 0 changed, 0 removed" in idp("sync")[1]


def test_a_sync_of_an_unknown_source_names_the_known_ones(idp: Idp) -> None:
    code, _, err = idp("sync", "acmee")
    assert code == 1
    assert "acme" in err


def test_a_source_that_is_not_there_is_told_and_ends_with_one(idp: Idp, folder: Path) -> None:
    (folder / "catalog").rename(folder / "elsewhere")
    code, out, _ = idp("sync")
    assert code == 1
    assert "acme:" in out


def test_a_mass_removal_is_held_until_it_is_allowed(idp: Idp, folder: Path) -> None:
    file = folder / "catalog/catalog-info.yaml"
    many = "\n---\n".join(FILE.split("---", maxsplit=1)[0].replace("checkout", f"service-{n}") for n in range(40))
    file.write_text(many)
    idp("sync")
    file.write_text(FILE)
    code, out, _ = idp("sync")
    assert code == 1
    assert "held" in out
    code, out, _ = idp("sync", "--allow-removals")
    assert code == 0
    assert "40 removed" in out


def test_bad_configuration_ends_with_two(idp: Idp) -> None:
    code, _, err = idp("sync", PORT="x")
    assert code == 2
    assert "PORT" in err


def test_the_doctor_is_content_with_a_good_setup(idp: Idp, slack: LocalSlack) -> None:
    idp("migrate")
    code, out, _ = idp("doctor", **slack.environment())
    assert (code, "✗" in out) == (0, False)
    for word in ("Configuration", "Database", "Source acme", "Slack: the workspace", "App:", "Scopes: all"):
        assert word in out
    assert slack.bot_token not in out


def test_the_doctor_names_everything_that_is_wrong_and_what_to_do(environ: dict[str, str], folder: Path) -> None:
    (folder / "catalog").rename(folder / "elsewhere")
    with LocalSlack(scopes=["commands", "users:read"]) as slack:
        found = list(findings(environ | slack.environment()))
    told = {finding.what: finding.hint for finding in found if finding.verdict == "error"}
    assert [what for what in told if what.startswith("Database")]
    assert [what for what in told if what.startswith("Source acme")]
    missing = [what for what in told if what.startswith("Scope ")]
    assert "Scope chat:write is missing: it is for answers in threads" in missing
    assert all("reinstall" in told[what] for what in missing)


def test_the_doctor_looks_at_the_rest_when_tokens_are_missing_and_makes_no_database(
    environ: dict[str, str], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = [finding.what for finding in findings(environ)]
    assert not (folder / "idp.db").exists()
    assert not caplog.records
    assert [what for what in told if "SLACK_BOT_TOKEN" in what]
    assert [what for what in told if what.startswith("Source acme")]


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
