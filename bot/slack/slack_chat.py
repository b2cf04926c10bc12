"""The port Chat on Slack: cards are drawn, people are found, and what is gone is said to be gone."""

from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.slack.cards import draw
from bot.slack.chat import SlackRefused, slack_call
from bot.slack.identity import Identities
from bot.slack.people import admitted
from bot.slack.views import Message
from data.catalog.snapshot import Snapshot
from data.errors import NotFound, Unavailable
from data.ports.chat import Card, Posted
from workflows.authority import email

# Slack's words for what no later try will find.
GONE = frozenset(
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


@dataclass(frozen=True, slots=True)
class SlackChat:
    """Implements `data.ports.Chat`. Every method waits for the network."""

    client: WebClient
    identities: Identities
    snapshot: Callable[[], Snapshot]

    def post(self, channel: str, card: Card, thread: str = "") -> Posted:
        """See the port."""
        return self._post(channel, draw(card, self.snapshot()), thread)

    def update(self, posted: Posted, card: Card) -> None:
        """See the port."""
        message = draw(card, self.snapshot())
        _call(lambda: self.client.chat_update(channel=posted.channel, ts=posted.ts, **message))

    def dm(self, person: str, card: Card) -> Posted:
        """See the port."""
        account = self.identities.account(person) or self._looked_up(person)
        opened = _call(lambda: self.client.conversations_open(users=account))
        return self._post(str(opened["channel"]["id"]), draw(card, self.snapshot()), "")

    def _post(self, channel: str, message: Message, thread: str) -> Posted:
        name = channel if channel[:1] == "#" or channel[:1].isupper() else f"#{channel}"  # ids are in capitals
        said = _call(
            lambda: self.client.chat_postMessage(
                channel=name, thread_ts=thread or None, unfurl_links=False, unfurl_media=False, **message
            )
        )
        return Posted(str(said["channel"]), str(said["ts"]))

    def _looked_up(self, person: str) -> str:
        """The account with the person's address: a full member of our workspace, or nobody."""
        address, me = email(self.snapshot(), person), self.identities.me.identity()
        if not address:
            raise NotFound(f"{person} has no e-mail address in the catalog.")
        if me is None:
            raise Unavailable("Slack does not answer.")
        found = _call(lambda: self.client.users_lookupByEmail(email=address))
        user = found.get("user") or {}
        profile = admitted(user, me)
        if profile.email.lower() != address:
            raise NotFound(f"{person} has no account with a confirmed address.")
        return profile.id


def _call(call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return slack_call(call)
    except SlackRefused as error:
        if error.word in GONE:
            raise NotFound(error.message) from None
        raise
