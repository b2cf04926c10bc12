"""What `idp doctor` says of Slack: the tokens, the scopes, and how Slack reaches the bot."""

import re
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings.config import Settings
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.socket_mode import app_id_of
from bot.slack.who.me import Identity, learn
from bot.terminal.doctor_channels import channel_findings
from bot.terminal.finding import Finding
from data.errors import Conflict, UserError
from data.reasons import reason_of

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
LONGEST: Final = 10_000  # bytes of what /readyz says
_SIGNING_SECRET: Final = re.compile(r"[0-9a-f]{32}").fullmatch


def slack_findings(settings: Settings) -> Iterator[Finding]:
    """What Slack says of the tokens, and whether it will reach the bot."""
    connections = Connections()
    try:
        client = slack_client(settings.bot_token, settings.api_url, connections, retries=0)
        yield from _tokens(settings, client)
    finally:
        connections.close()


def _tokens(settings: Settings, client: WebClient) -> Iterator[Finding]:
    try:
        me = learn(client, app_id_of(settings.app_token))
    except UserError as error:
        yield Finding("error", f"Slack: {error.message}", error.hint)
        return
    yield Finding("ok", f"Slack: the workspace {me.team} ({me.url})")
    yield _app(me)
    yield from _missing_scopes(me, _needed(settings))
    yield from channel_findings(client, me, settings)
    yield _by_socket(client, settings) if settings.socket_mode else _by_http(settings)


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


def _by_socket(client: WebClient, settings: Settings) -> Finding:
    """Asks Slack for the address of a connection, which is not opened."""
    try:
        client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        hint = "Switch Socket Mode on, and make an app-level token with connections:write under Basic Information."
        word = error.response.get("error")
        return Finding("error", f"Socket Mode: Slack refused SLACK_APP_TOKEN: {word}.", hint)
    except OSError as error:
        return Finding("error", f"Socket Mode: Slack cannot be reached: {reason_of(error)}.", "Check the network.")
    return Finding("ok", "Slack reaches the bot by Socket Mode; no public address is needed")


def _by_http(settings: Settings) -> Finding:
    from bot.processes.server import listening_address  # the web server's modules: no other word needs them

    if not _SIGNING_SECRET(settings.signing_secret):
        hint = "Copy it anew from Basic Information; with a wrong one everything that Slack sends is refused."
        return Finding("warning", "SLACK_SIGNING_SECRET is not what Slack's look like: 32 digits and a to f", hint)
    where = f"http://{settings.host}:{settings.port}/slack/events"
    try:
        listening_address(settings.host, settings.port)
    except Conflict as taken:
        if not _is_idp(settings):
            return Finding("error", taken.message, taken.hint)
    return Finding("ok", f"Slack reaches the bot by HTTP: your public https address must lead to {where}")


def _is_idp(settings: Settings) -> bool:
    """Whether what listens there is the bot itself, at work already."""
    connection = HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return b'"parts"' in connection.getresponse().read(LONGEST)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
