"""`idp doctor`: everything that must be right, each with what to do when it is not."""

from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import Console

from bot.settings.config import Settings, load
from bot.settings.fault import BadConfiguration
from bot.settings.source_entries import GitHubEntry
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.socket_mode import app_id_of
from bot.slack.who.me import Identity, learn
from bot.terminal.doctor_digests import digest_findings
from bot.terminal.doctor_directories import directory_findings
from bot.terminal.doctor_facts import fact_findings
from bot.terminal.doctor_golden_paths import golden_path_findings
from bot.terminal.doctor_oncall import oncall_findings
from bot.terminal.doctor_policies import policy_findings
from bot.terminal.doctor_workspaces import workspace_findings
from bot.terminal.finding import Finding, Verdict
from bot.wiring import build
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.ports.catalog import CatalogSource, Checkable
from data.store.clock import TOLERATED, DatabaseClock

# What each scope is for; the bot starts without some of them, but then says less.
SCOPES: Final = {
    "commands": "the command /idp",
    "app_mentions:read": "mentions in channels",
    "im:history": "direct messages",
    "im:write": "pictures and answers in direct messages",
    "chat:write": "answers in threads",
    "chat:write.public": "cards of requests in the channels of teams that have not invited the bot",
    "files:write": "pictures",
    "users:read": "knowing who asks, and refusing guests and strangers",
    "users:read.email": "finding the person in the catalog (mine, oncall me)",
    "channels:read": "--share, which checks who reads a channel",
    "groups:read": "--share in private channels",
}
# What only some configurations need; the manifest has it as a comment.
SCOPES_BY_SOURCE: Final = {"slack-groups": ("usergroups:read", "the user groups of the workspace as groups")}
_SIGNS: Final = {"ok": "✓", "warning": "!", "error": "✗"}


def examine(environ: Mapping[str, str]) -> int:
    """Look at everything and print it; 1 when something is wrong, else 0."""
    console = Console()
    worst: Verdict = "ok"
    for finding in findings(environ):
        console.print(f"{_SIGNS[finding.verdict]} {finding.what}", soft_wrap=True, markup=False)
        if finding.hint:
            console.print(f"    {finding.hint}", soft_wrap=True, markup=False)
        worst = "error" if "error" in (worst, finding.verdict) else worst
    return 1 if worst == "error" else 0


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is found, in the order in which a person would set things up."""
    settings, found = _settings(environ)
    yield from found
    if settings is None:
        return
    idp = build(settings)
    try:
        stands = list(_database(idp))
        yield from stands
        yield from _sources(idp, settings)
        yield from directory_findings(idp)
        yield from _pushes(settings)
        yield from oncall_findings(idp)
        yield from digest_findings(idp)
        yield from workspace_findings(idp)
        yield from policy_findings(idp)
        yield from golden_path_findings(idp, settings)
        if all(finding.verdict != "error" for finding in stands):
            yield from fact_findings(idp, settings)
    finally:
        idp.golden_paths.close()
        for system in idp.oncall_systems:
            system.close()
        for place in idp.workspaces:
            place.close()
        idp.database.close()
    if all(finding.verdict == "ok" for finding in found):
        yield from _slack(settings)


def _settings(environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    """The settings and what is found about them; without tokens if only those are wrong, for the rest's sake."""
    try:
        settings = load(environ, slack=True)
        return settings, [Finding("ok", f"Configuration: {settings.config_path}")]
    except BadConfiguration as error:
        found = [Finding("error", str(fault)) for fault in error.faults]
    try:
        return load(environ, slack=False), found
    except BadConfiguration:
        return None, found


def _database(idp: Idp) -> Iterator[Finding]:
    try:
        idp.database.check()
        yield Finding("ok", f"Database: {idp.database.location}")
        yield from _clock(idp)
    except Unavailable as error:
        yield Finding("error", f"Database: {error.message}", "Does it run, and does IDP_DATABASE_URL name it?")
    except UserError as error:
        yield Finding("error", f"Database: {error.message}", error.hint)


def _clock(idp: Idp) -> Iterator[Finding]:
    """Decisions use the database's time; signatures of Slack are judged by this machine's."""
    if not isinstance(idp.now, DatabaseClock):
        return
    ahead = idp.now.adjust()
    if abs(ahead) > TOLERATED:
        off = f"Clock: this machine is {ahead.total_seconds():+.0f} s off the database's time"
        yield Finding("warning", off, "Let both follow a time server; Slack is refused beyond 300 s.")


def _sources(idp: Idp, settings: Settings) -> Iterator[Finding]:
    """Each source is opened, which for git fetches it. Folders are told whole, wherever the doctor was called."""
    for source in idp.sources:
        where = str(settings.beside_config(source.location)) if source.type == "files" else source.location
        try:
            yield Finding("ok", f"Source {source.name}: {where}{_said(source)}")
        except UserError as error:
            yield Finding("error", f"Source {source.name}: {error.message}", error.hint)


def _said(source: CatalogSource) -> str:
    """What a source says when it is asked; raises its UserError."""
    if isinstance(source, Checkable):
        return f", {source.check()}"
    source.open().close()
    return ""


def _pushes(settings: Settings) -> Iterator[Finding]:
    """Whether GitHub may tell of pushes."""
    for entry in settings.config.catalog.sources:
        if isinstance(entry, GitHubEntry):
            if entry.webhook_secret():
                yield Finding("ok", f"Source {entry.name}: GitHub tells of pushes at /hooks/github")
                continue
            hint = f"Set {entry.webhook_secret_env} and add a webhook (docs/sources.md) to see them in seconds."
            every = settings.config.catalog.sync_every
            yield Finding("warning", f"Source {entry.name}: pushes are seen every {every} s only", hint)


def _slack(settings: Settings) -> Iterator[Finding]:
    connections = Connections()
    try:
        client = slack_client(settings.bot_token, settings.api_url, connections, retries=0)
        me = learn(client, app_id_of(settings.app_token))
    except UserError as error:
        yield Finding("error", f"Slack: {error.message}", error.hint)
        return
    finally:
        connections.close()
    yield Finding("ok", f"Slack: the workspace {me.team} ({me.url})")
    yield _app(me)
    yield from _missing_scopes(me, _needed(settings))
    yield _way_in(settings)


def _app(me: Identity) -> Finding:
    if me.app_id:
        return Finding("ok", f"App: {me.app_id}; requests of other apps are refused")
    hint = "Grant users:read, or use an app-level token; until then only the workspace is checked."
    return Finding("warning", "App: Slack does not say which app the token belongs to", hint)


def _needed(settings: Settings) -> Mapping[str, str]:
    """The scopes that this configuration needs, and what for."""
    types = {source.type for source in settings.config.catalog.sources}
    return SCOPES | dict(more for type, more in SCOPES_BY_SOURCE.items() if type in types)


def _missing_scopes(me: Identity, needed: Mapping[str, str]) -> Iterator[Finding]:
    if not me.scopes:
        yield Finding("warning", "Scopes: Slack does not say which the token has", "Compare slack-manifest.yaml.")
        return
    missing = [scope for scope in needed if scope not in me.scopes]
    for scope in missing:
        hint = "Add it under OAuth & Permissions (slack-manifest.yaml has all) and reinstall the app."
        yield Finding("error", f"Scope {scope} is missing: it is for {needed[scope]}", hint)
    if not missing:
        yield Finding("ok", f"Scopes: all {len(needed)} that are needed")


def _way_in(settings: Settings) -> Finding:
    if settings.socket_mode:
        return Finding("ok", "Slack reaches the bot by Socket Mode; no public address is needed")
    where = f"http://{settings.host}:{settings.port}/slack/events"
    return Finding("ok", f"Slack reaches the bot by HTTP: your public https address must lead to {where}")
