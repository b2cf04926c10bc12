"""What the doctor says of Slack: tokens that are refused, secrets of another form, a port that is taken."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.settings.config import load
from bot.terminal.doctor_slack import slack_findings
from tests.ports import free_port


@pytest.fixture
def environ(tmp_path: Path, slack: LocalSlack) -> dict[str, str]:
    (tmp_path / "idp.yaml").write_text("catalog: {sources: [{name: acme, type: files, path: .}]}")
    named = {"IDP_CONFIG": str(tmp_path / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db"}
    return named | slack.environment() | {"PORT": str(free_port())}


def said(environ: dict[str, str], **changes: str) -> list[str]:
    found = slack_findings(load(environ | changes, slack=True))
    return [f"{finding.verdict}: {finding.what}" for finding in found]


def test_socket_mode_is_tried_with_its_own_token(environ: dict[str, str], slack: LocalSlack) -> None:
    good = said(environ, SLACK_APP_TOKEN=slack.app_token)
    assert good[-1] == "ok: Slack reaches the bot by Socket Mode; no public address is needed"
    bad = said(environ, SLACK_APP_TOKEN="xapp-1-local-wrong")
    assert bad[-1] == "error: Socket Mode: Slack refused SLACK_APP_TOKEN: invalid_auth."


def test_a_signing_secret_of_another_form_is_doubted(environ: dict[str, str]) -> None:
    assert said(environ)[-1].startswith("ok: Slack reaches the bot by HTTP")
    told = said(environ, SLACK_SIGNING_SECRET="12345.67890")
    assert told[-1].startswith("warning: SLACK_SIGNING_SECRET is not what Slack's look like")
    assert "12345" not in "".join(told)


def test_a_slack_that_is_not_there_is_said_in_words(environ: dict[str, str]) -> None:
    told = said(environ, SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/")
    assert told == ["error: Slack: Slack cannot be reached: Connection refused."]


@pytest.fixture
def neighbour() -> Iterator[tuple[str, list[bytes]]]:
    """The port of some other server, and what it answers."""
    answer = [b"I am the wiki"]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer[0])

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield str(server.server_port), answer
        server.shutdown()
        thread.join()


def test_a_port_that_somebody_else_has_is_an_error_and_ones_own_bot_is_none(
    environ: dict[str, str], neighbour: tuple[str, list[bytes]]
) -> None:
    port, answer = neighbour
    told = said(environ, PORT=port)
    assert told[-1] == f"error: Cannot listen at 127.0.0.1:{port}: Address already in use."
    answer[0] = b'{"ready":true,"parts":{"database":"ready"}}'
    assert said(environ, PORT=port)[-1].startswith("ok: Slack reaches the bot by HTTP")
