"""What `idp doctor` says of the channels in idp.yaml: whether Slack shows them, and the bot may post."""

from collections.abc import Iterator

from slack_sdk import WebClient

from bot.settings.config import Settings
from bot.slack.outgoing.channels import Channel, Channels
from bot.slack.who.me import Identity
from bot.terminal.finding import Finding
from data.errors import UserError

ANYWHERE = "chat:write.public"  # the scope for public channels that the bot is not in


def channel_findings(client: WebClient, me: Identity, settings: Settings) -> Iterator[Finding]:
    """One for each channel, in the order of the file; what posting would run into is said before anybody waits."""
    channels = Channels(client)
    for key, name in _named(settings):
        try:
            yield _judged(f"Channel {name} ({key})", key, channels.find(name), me)
        except UserError as error:
            yield Finding("warning", f"Channel {name} ({key}): {error.message}", error.hint)
            return


def _named(settings: Settings) -> Iterator[tuple[str, str]]:
    """The channels by the keys of idp.yaml under which they stand."""
    config = settings.config
    places = {"platform.channel": config.platform.channel, "audit.channel": config.audit.channel}
    if config.digests:
        places["digests.leadership"] = config.digests.leadership
        places |= {f"digests.channels of {team}": name for team, name in config.digests.channels.items()}
    yield from ((key, name) for key, name in places.items() if name)


def _judged(what: str, key: str, channel: Channel | None, me: Identity) -> Finding:
    if channel is None:
        hint = (
            f"Is {key} spelled so? Invite the bot there if it is private (/invite @idp); archived ones are gone."
        )
        return Finding("error", f"{what}: Slack shows the bot no such channel", hint)
    if channel.outsiders:
        hint = "Name another channel: nothing is posted unasked where people of other organisations read."
        return Finding("error", f"{what}: people of other organisations read it", hint)
    if not channel.member and me.scopes and ANYWHERE not in me.scopes:
        hint = f"Invite the bot there (/invite @idp), or grant {ANYWHERE}."
        return Finding("error", f"{what}: the bot is not in it and may not post there", hint)
    return Finding("ok", what if channel.member else f"{what}: public; the bot may post without being in it")
