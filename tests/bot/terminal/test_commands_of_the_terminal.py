"""`idp` in a terminal: what it prints, and with which code it ends. In this process, on a small catalog."""

import getpass
import json
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.terminal.doctor import findings
from tests.bot.terminal.running import FILE, Idp


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


def test_a_sync_that_finds_no_file_says_what_is_looked_for(idp: Idp, folder: Path) -> None:
    (folder / "catalog/catalog-info.yaml").rename(folder / "catalog/services.yaml")
    code, out, _ = idp("sync")
    assert code == 0
    assert "nothing found: a folder is searched for catalog-info.yaml" in out


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
    told = {finding.what: finding.hint for finding in found if finding.verdict != "ok"}
    assert [hint for what, hint in told.items() if what.startswith("Database") and "idp serve" in hint]
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
