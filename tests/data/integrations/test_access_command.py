"""Access by an executable: the contract, and everything that an executable may do wrong."""

import json
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import Unavailable
from data.integrations.access_command import CommandAccess, CommandConfig
from data.ports.access import Entitlement
from tests.waiting import runs, until

ANN = Entitlement(
    "g12-ab", "ann@acme.example", "component:default/checkout", "prod", datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
)

# Keeps what it is told in a file beside it; says what it was given.
KEEPER = """
import json, sys, pathlib
asked = json.loads(sys.stdin.readline())
assert sys.stdin.read() == ""
with open("asked.jsonl", "a") as log: log.write(json.dumps(asked) + "\\n")
file = pathlib.Path("held.json")
held = json.loads(file.read_text()) if file.exists() else {}
if asked["op"] == "grant":
    held[asked["grant"]] = {key: asked[key] for key in ("grant", "subject", "target", "environment")}
elif asked["op"] == "revoke":
    held.pop(asked["grant"], None)
else:
    print(json.dumps(list(held.values())))
file.write_text(json.dumps(held))
"""


def access(folder: Path, code: str, **config: object) -> CommandAccess:
    script = folder / "access.py"
    script.write_text(f"#!{sys.executable}\n{code}")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    read = CommandConfig.model_validate({"type": "command", "run": ["./access.py"], **config})
    return CommandAccess(read, folder)


def test_the_executable_is_told_exactly_this(tmp_path: Path) -> None:
    keeper = access(tmp_path, KEEPER)
    keeper.grant(ANN)
    assert keeper.holds(ANN)
    keeper.revoke(ANN)
    asked = [json.loads(line) for line in (tmp_path / "asked.jsonl").read_text().splitlines()]
    assert asked[0] == {
        "op": "grant",
        "grant": "g12-ab",
        "subject": "ann@acme.example",
        "target": "component:default/checkout",
        "environment": "prod",
        "until": "2026-03-02T10:30:00+00:00",
    }
    assert asked[1]["op"] == "list"
    assert asked[2] == asked[0] | {"op": "revoke"}


def test_what_it_lists_is_what_there_is(tmp_path: Path) -> None:
    keeper = access(tmp_path, KEEPER)
    assert keeper.list() == []
    keeper.grant(ANN)
    keeper.grant(ANN)
    assert [(one.grant, one.subject, one.environment) for one in keeper.list()] == [
        ("g12-ab", "ann@acme.example", "prod")
    ]
    keeper.revoke(ANN)
    keeper.revoke(ANN)
    assert keeper.list() == []
    assert not keeper.holds(ANN)


def test_it_sees_nothing_of_our_environment_but_what_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("ACCESS_KEY", "for-it")
    spy = access(
        tmp_path, "import os, json; open('seen', 'w').write(json.dumps(dict(os.environ)))", env=["ACCESS_KEY"]
    )
    spy.grant(ANN)
    seen = json.loads((tmp_path / "seen").read_text())
    assert seen["ACCESS_KEY"] == "for-it"
    assert "xoxb-canary" not in seen.values()
    assert set(seen) <= {"ACCESS_KEY", "PATH", "LANG", "LC_CTYPE", "PWD", "SHLVL", "_"}


def test_a_failure_is_unavailable_and_says_why_without_secrets(tmp_path: Path) -> None:
    broken = access(
        tmp_path, "import sys; sys.stderr.write('vault said\\nxoxb-1234567890-abcdef no'); sys.exit(3)"
    )
    with pytest.raises(
        Unavailable, match=r"access.py grant failed with exit code 3: vault said \[secret removed\] no"
    ):
        broken.grant(ANN)


def test_one_that_hangs_is_ended_with_everything_it_started(tmp_path: Path) -> None:
    hangs = access(tmp_path, "", timeout="2s")
    (tmp_path / "access.py").write_text("#!/bin/sh\nsleep 600 &\necho $! > pid\nwait\n")
    with pytest.raises(Unavailable, match="longer than 2 seconds"):
        hangs.grant(ANN)
    left = int((tmp_path / "pid").read_text())
    until(lambda: not runs(left))  # a killed process is gone a moment after the signal


def test_one_that_leaves_something_behind_does_not_keep_us_waiting(tmp_path: Path) -> None:
    leaves = access(tmp_path, "import subprocess; subprocess.Popen(['sleep', '60']); print('[]')", timeout="50s")
    assert leaves.list() == []


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "no json",
        "{}",
        '[{"grant": "x"}]',
        '[{"grant": 1, "subject": 2, "target": 3, "environment": 4}]',
        "[1]",
        "null",
    ],
)
def test_a_list_that_is_none_is_not_taken_for_an_empty_one(tmp_path: Path, answer: str) -> None:
    (tmp_path / "answer").write_text(answer)
    liar = access(tmp_path, "print(open('answer').read(), end='')")
    with pytest.raises(Unavailable, match="did not answer a list of grants"):
        liar.list()


def test_one_that_says_too_much_is_cut(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="more than 8 MiB"):
        access(tmp_path, "import sys; sys.stdout.write('x' * (9 << 20))").list()


def test_one_that_does_not_read_may_still_be_right(tmp_path: Path) -> None:
    access(tmp_path, "").grant(ANN)


def test_one_that_cannot_be_started_says_so(tmp_path: Path) -> None:
    missing = CommandAccess(CommandConfig(type="command", run=["./missing"]), tmp_path)
    with pytest.raises(Unavailable, match="cannot be started"):
        missing.grant(ANN)


def test_a_bare_word_is_looked_up_by_the_system(tmp_path: Path) -> None:
    assert os.access("/bin/true", os.X_OK)
    CommandAccess(CommandConfig(type="command", run=["true"]), tmp_path).grant(ANN)
