"""What the doctor says of places that are written to: channels, the file of heads, a database not yet there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from bot.playground.people import Place, default_company
from bot.settings.config import load
from bot.terminal.doctor import findings
from bot.terminal.doctor_slack import SCOPES, slack_findings
from tests.ports import free_port

SOURCES = "catalog: {sources: [{name: acme, type: files, path: .}]}\n"
PUBLIC = Place("C0PUBLIC00", "public", bot=False)
AWAY = "Slack shows the bot no such channel"


@pytest.fixture
def workspace() -> Iterator[LocalSlack]:
    """With a public channel that the bot is not in; it may post in its own channels only."""
    company = default_company()
    scopes = [scope for scope in SCOPES if scope != "chat:write.public"]
    with LocalSlack(company=replace(company, places=(*company.places, PUBLIC)), scopes=scopes) as slack:
        yield slack


def environ(tmp_path: Path, slack: LocalSlack, config: str) -> dict[str, str]:
    (tmp_path / "idp.yaml").write_text(SOURCES + config)
    named = {"IDP_CONFIG": str(tmp_path / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/var/idp.db"}
    return named | slack.environment() | {"PORT": str(free_port())}


def channels(tmp_path: Path, slack: LocalSlack, config: str) -> list[str]:
    found = slack_findings(load(environ(tmp_path, slack, config), slack=True))
    return [f"{finding.verdict}: {finding.what}" for finding in found if finding.what.startswith("Channel")]


def test_channels_that_cannot_be_posted_in_are_named_with_their_key(tmp_path: Path, slack: LocalSlack) -> None:
    config = """
platform: {channel: "#general"}
audit: {channel: payments}
digests: {leadership: "#shared", channels: {team-payments: archived}}
"""
    assert channels(tmp_path, slack, config) == [
        "ok: Channel #general (platform.channel)",
        f"error: Channel payments (audit.channel): {AWAY}",
        "error: Channel #shared (digests.leadership): people of other organisations read it",
        f"error: Channel archived (digests.channels of group:default/team-payments): {AWAY}",
    ]


def test_in_a_public_channel_the_bot_needs_the_scope_or_an_invitation(
    tmp_path: Path, workspace: LocalSlack
) -> None:
    told = channels(tmp_path, workspace, "platform: {channel: '#public'}\n")
    assert told == ["error: Channel #public (platform.channel): the bot is not in it and may not post there"]


def said(tmp_path: Path, slack: LocalSlack, config: str) -> dict[str, str]:
    found = findings(environ(tmp_path, slack, config))
    return {finding.what.partition(":")[0]: f"{finding.verdict}: {finding.what}" for finding in found}


def test_a_file_of_heads_that_cannot_be_written_is_an_error_and_is_not_made_by_looking(
    tmp_path: Path, slack: LocalSlack
) -> None:
    (tmp_path / "plain").write_text("")
    told = said(tmp_path, slack, "audit: {file: plain/heads.jsonl}\n")
    assert told["Audit"] == f"error: Audit: audit.file cannot be written: {tmp_path}/plain is no folder."
    told = said(tmp_path, slack, "audit: {file: .}\n")
    assert told["Audit"].startswith("error: Audit: audit.file cannot be written:")
    told = said(tmp_path, slack, "audit: {file: heads/audit.jsonl}\n")
    assert told["Audit"] == f"ok: Audit: its heads go to {tmp_path}/heads/audit.jsonl"
    assert not (tmp_path / "heads").exists()


def test_a_database_that_serve_will_make_is_no_error(tmp_path: Path, slack: LocalSlack) -> None:
    told = said(tmp_path, slack, "")
    assert told["Database"] == f"warning: Database: {tmp_path}/var/idp.db is not there yet"
    assert not (tmp_path / "var").exists()
    (tmp_path / "var").write_text("")
    assert said(tmp_path, slack, "")["Database"].startswith("error: Database:")
