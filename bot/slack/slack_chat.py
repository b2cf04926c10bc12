"""The port Chat on Slack: cards are drawn, people are found, and what is gone is said to be gone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.drawing.cards import draw
from bot.slack.drawing.views import Message
from bot.slack.outgoing.channels import Channels
from bot.slack.outgoing.chat import SlackRefused, slack_call
from bot.slack.who.identity import Identities
from bot.slack.who.people import admitted
from data.catalog.snapshot import Snapshot
from data.errors import NotAllowed, NotFound, Unavailable
from data.ports.chat import Card, Enclosure, PictureRefused, Posted, Uncertain
from workflows.authority import email

# Slack's words for what no later try will find.
GONE: Final = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "message_not_found",
        "cant_update_message",
        "user_not_found",
        "users_not_found",
        "cannot_dm_bot",
        "user_disabled",
        "account_inactive",
        "restricted_action",
    }
)
# The token is not good at the moment; what waits is told when it is again.
TOKEN: Final = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired"})
# Slack may have done it nevertheless ("some aspect of the operation succeeded before the error was raised").
HALFWAY: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
UNSHOWN: Final = "invalid_blocks"  # also of a picture that Slack has not processed yet, or does not show there
MARK: Final = "idp_message"  # type of the metadata that goes with our messages
LOOKED_AT: Final = 200  # messages in which one of ours is looked for
EARLIER: Final = 60.0  # seconds by which Slack's clock may differ from ours


@dataclass(frozen=True, slots=True)
class SlackChat:
    """Implements `data.ports.Chat` and `Files`. Every method waits for the network.

    `once` is a client that never repeats a call by itself: what may have been posted is not posted again, and a
    card that Slack wants later holds up no other. Only digests wait for `client`, which repeats.
    """

    client: WebClient
    once: WebClient
    channels: Channels
    identities: Identities
    snapshot: Callable[[], Snapshot]

    def post(self, channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        """See the port. What has a marker is posted unasked, so nobody from outside may read the channel."""
        if marker and not thread:
            self._only_ours(channel)
        if isinstance(card, Enclosure):
            return self._share(channel, card, thread)
        return self._post(channel, draw(card, self.snapshot()), thread, marker)

    def update(self, posted: Posted, card: Card) -> None:
        """See the port."""
        message = draw(card, self.snapshot())
        _with_picture(
            message,
            lambda: _call(lambda: self.once.chat_update(channel=posted.channel, ts=posted.ts, **message)),
        )

    def dm(self, person: str, card: Card, marker: str = "") -> Posted:
        """See the port."""
        return self._post(self._direct(person), draw(card, self.snapshot()), "", marker)

    def find(self, place: str, marker: str, since: datetime, thread: str = "") -> Posted | None:
        """See the port. Needs the scope channels:history (groups:history), and to be in the channel."""
        channel = self._direct(place) if place.startswith("user:") else self._id_of(place)
        oldest = f"{since.timestamp() - EARLIER:.6f}"
        rows: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": LOOKED_AT}
        rows |= {"include_all_metadata": True}
        try:
            if thread:
                found = slack_call(lambda: self.client.conversations_replies(ts=thread, **rows))
            else:
                found = slack_call(lambda: self.client.conversations_history(**rows))
        except SlackRefused as refused:
            raise NotAllowed(f"Slack does not let the bot look into the channel: {refused.word}.") from None
        me = self.identities.me.identity()
        ours = me.user_id if me else ""
        return next((Posted(channel, ts) for ts in _marked(found.get("messages") or [], marker, ours)), None)

    def upload(self, name: str, title: str, alt: str, content: bytes) -> str:
        """See the port."""
        told = slack_call(
            lambda: self.client.files_upload_v2(
                content=content, filename=name, title=title[:200], alt_txt=alt[:1000]
            )
        )
        return str(told["files"][0]["id"])

    def _share(self, channel: str, card: Enclosure, thread: str) -> Posted:
        """Upload a file into a channel, which takes its id; nobody sees it before the last of the three calls."""
        place = self._id_of(channel)
        told = _taken(
            lambda: self.once.files_upload_v2(
                channel=place,
                thread_ts=thread or None,
                content=card.content,
                filename=card.name,
                title=card.title[:200],
            )
        )
        return Posted(place, str(told["files"][0]["id"]))

    def _post(self, channel: str, message: Message, thread: str, marker: str) -> Posted:
        name = channel if channel[:1] == "#" or channel[:1].isupper() else f"#{channel}"  # ids are in capitals
        options: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, **message}
        if marker:
            options["metadata"] = {"event_type": MARK, "event_payload": {"key": marker}}
        said = _with_picture(
            message,
            lambda: _taken(lambda: self.once.chat_postMessage(channel=name, thread_ts=thread or None, **options)),
        )
        return Posted(str(said["channel"]), str(said["ts"]))

    def _direct(self, person: str) -> str:
        """The channel of the direct messages with a person."""
        account = self.identities.account(person) or self._looked_up(person)
        opened = _call(lambda: self.once.conversations_open(users=account))
        return str(opened["channel"]["id"])

    def _id_of(self, channel: str) -> str:
        """The id of a channel; its history is read by nothing else."""
        if channel[:1].isupper():
            return channel
        known = self.channels.find(channel)
        if known is None:
            raise NotAllowed(f"Slack does not show the bot a channel {channel}.")
        return known.id

    def _only_ours(self, channel: str) -> None:
        """What is posted unasked is not for people of other organisations."""
        known = self.channels.find(channel)
        if known is not None and known.outsiders:
            raise NotFound("People of other organisations read the channel.")

    def _looked_up(self, person: str) -> str:
        """The account with the person's address: a full member of our workspace, or nobody."""
        address, me = email(self.snapshot(), person), self.identities.me.identity()
        if not address:
            raise NotFound(f"{person} has no e-mail address in the catalog.")
        if me is None:
            raise Unavailable("Slack does not answer.")
        found = _call(lambda: self.once.users_lookupByEmail(email=address))
        user = found.get("user") or {}
        profile = admitted(user, me)
        if profile.email.lower() != address:
            raise NotFound(f"{person} has no account with a confirmed address.")
        return profile.id


def _marked(messages: list[dict[str, Any]], marker: str, me: str) -> Iterator[str]:
    """When those of these messages were posted that carry the marker, or a file of that name which I uploaded."""
    for message in messages:
        metadata = message.get("metadata") or {}
        key = (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == MARK else None
        names = {file.get("name") for file in message.get("files") or () if file.get("user") == me}
        if marker in {key, *names}:
            yield str(message["ts"])


def _with_picture(message: Message, call: Callable[[], SlackResponse]) -> SlackResponse:
    """A call that shows a message. Raises PictureRefused where it may be for the sake of an uploaded picture."""
    try:
        return call()
    except SlackRefused as refused:
        if refused.word == UNSHOWN and any("slack_file" in block for block in message["blocks"]):
            raise PictureRefused("Slack does not show the picture.") from None
        raise


def _taken(call: Callable[[], SlackResponse]) -> SlackResponse:
    """A call that posts. Raises Uncertain where Slack may have posted although it did not say so."""
    try:
        return _call(call)
    except Unavailable as error:
        if _may_have_happened(error.__cause__ or error.__context__):
            raise Uncertain(error.message, error.hint) from None
        raise


def _may_have_happened(cause: BaseException | None) -> bool:
    if isinstance(cause, SlackApiError):
        return cause.response.status_code >= 500 or str(cause.response.get("error")) in HALFWAY
    return isinstance(cause, OSError) and not isinstance(cause, ConnectionRefusedError)


def _call(call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return slack_call(call)
    except SlackRefused as error:
        if error.word in GONE:
            raise NotFound(error.message) from None
        if error.word in TOKEN:
            raise Unavailable(error.message, "The bot token is not good: see `idp doctor`.") from None
        raise
