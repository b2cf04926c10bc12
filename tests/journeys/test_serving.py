"""`idp serve` as a process: it starts, answers over signed HTTP, stops, dies and comes back."""

import http.client
import os
import signal
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from tests.journeys.processes import Start, answered, get, wait_for
from tests.ports import free_port
from tests.waiting import PATIENT, until

CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: checkout}
spec: {type: service, lifecycle: production, owner: team-payments}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-payments, title: Payments}
spec: {type: team, children: []}
"""


@pytest.fixture
def environ(tmp_path: Path, workspace: LocalSlack) -> dict[str, str]:
    """What a server needs: a catalog, a database file, the local Slack."""
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog/catalog-info.yaml").write_text(CATALOG)
    sources = "catalog: {sources: [{name: acme, type: files, path: ./catalog}]}"
    (tmp_path / "idp.yaml").write_text(sources)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "IDP_"))}
    return (
        kept
        | workspace.environment()
        | {
            "IDP_CONFIG": str(tmp_path / "idp.yaml"),
            "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/new/idp.db",
            "PORT": workspace.events_url.split(":")[2].split("/")[0],
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
    )


def who_owns_checkout(slack: LocalSlack) -> str:
    return answered(slack, "who-owns checkout")


def test_it_starts_from_nothing_answers_and_stops_cleanly(
    start: Start, environ: Mapping[str, str], workspace: LocalSlack
) -> None:
    server = start("serve")
    wait_for(environ["PORT"])
    assert get(environ["PORT"], "/healthz") == (200, "ok\n")
    assert "Payments" in who_owns_checkout(workspace)
    large = http.client.HTTPConnection("127.0.0.1", int(environ["PORT"]), timeout=30)
    large.request("POST", "/slack/events", b"x" * (20 << 20))
    assert large.getresponse().status == 413
    large.close()
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=PATIENT)
    assert server.returncode == 0
    for secret in (workspace.bot_token, workspace.signing_secret):
        assert secret not in out + err
    assert "Traceback" not in out + err
    assert get(environ["PORT"], "/healthz") == (0, "")


def test_after_a_kill_it_comes_back_at_once_on_the_same_port_and_database(
    start: Start, environ: Mapping[str, str], workspace: LocalSlack
) -> None:
    server = start("serve")
    wait_for(environ["PORT"])
    server.kill()
    server.communicate()
    again = start("serve")
    wait_for(environ["PORT"])
    assert again.poll() is None
    assert "Payments" in who_owns_checkout(workspace)


def test_a_second_server_on_the_same_database_is_told(start: Start, environ: Mapping[str, str]) -> None:
    start("serve")
    wait_for(environ["PORT"], "/healthz")
    second = start("serve", PORT=str(free_port()))
    _, err = second.communicate(timeout=PATIENT)
    assert second.returncode == 1
    assert "uses" in err
    assert "already" in err


def test_a_port_that_is_taken_is_told(start: Start, environ: Mapping[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environ["PORT"]))):
        server = start("serve")
        _, err = server.communicate(timeout=PATIENT)
    assert server.returncode == 1
    assert f"Cannot listen at 127.0.0.1:{environ['PORT']}" in err
    assert "set PORT" in err


def test_with_a_wrong_token_it_starts_and_says_that_it_is_not_ready(
    start: Start, environ: Mapping[str, str], workspace: LocalSlack
) -> None:
    start("serve", SLACK_BOT_TOKEN="xoxb-wrong")
    wait_for(environ["PORT"], "/healthz")
    said = until(lambda: "invalid_auth" in (said := wait_for(environ["PORT"], "/readyz", 503)) and said)
    assert "xoxb" not in said


def test_all_faults_of_the_environment_are_told_at_once(start: Start) -> None:
    server = start("serve", SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="", PORT="x")
    _, err = server.communicate(timeout=PATIENT)
    assert server.returncode == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PORT"):
        assert name in err


def test_a_changed_file_is_answered_after_the_next_sync(
    start: Start, environ: Mapping[str, str], workspace: LocalSlack, tmp_path: Path
) -> None:
    start("serve")
    wait_for(environ["PORT"])
    assert "Payments" in who_owns_checkout(workspace)
    file = tmp_path / "catalog/catalog-info.yaml"
    file.write_text(CATALOG.replace("title: Payments", "title: Cash"))
    assert start("sync").wait(PATIENT) == 0
    until(lambda: "Cash" in who_owns_checkout(workspace))


def test_two_servers_share_a_postgresql_and_both_answer(
    start: Start, environ: Mapping[str, str], workspace: LocalSlack, new_postgres: Callable[[str], str]
) -> None:
    url, other_port = new_postgres("template1"), str(free_port())
    start("serve", IDP_DATABASE_URL=url)
    start("serve", IDP_DATABASE_URL=url, PORT=other_port)
    wait_for(environ["PORT"])
    wait_for(other_port)
    assert "Payments" in who_owns_checkout(workspace)
    workspace.events_url = f"http://127.0.0.1:{other_port}/slack/events"
    said = workspace.say("engineer", "general", "@idp who-owns checkout")
    workspace.wait(lambda: workspace.thread("general", said.ts)[1:])


def test_a_worker_syncs_for_a_server_that_does_not(
    start: Start, environ: Mapping[str, str], workspace: LocalSlack, new_postgres: Callable[[str], str]
) -> None:
    url = new_postgres("template1")
    start("serve", "--no-worker", IDP_DATABASE_URL=url)
    wait_for(environ["PORT"])
    worker = start("worker", IDP_DATABASE_URL=url)
    until(lambda: "Payments" in who_owns_checkout(workspace))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENT) == 0


def test_the_demo_answers_without_a_browser(start: Start, tmp_path: Path) -> None:
    demo = start("demo", "--once", IDP_DEMO_DATABASE_URL=f"sqlite:///{tmp_path}/demo.db")
    out, err = demo.communicate(timeout=PATIENT)
    assert demo.returncode == 0, err
    assert "idp: checkout is owned by Payments" in out
    assert "http://127.0.0.1:" in out
    assert "Traceback" not in err
