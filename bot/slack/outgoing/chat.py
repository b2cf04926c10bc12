"""Posting to Slack, off the request path: answers in threads and DMs, late answers, pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.settings.config import LOOPBACK
from bot.slack.drawing.views import Message
from bot.slack.outgoing.connections import Connections
from commands.parts.reply import Attachment, Picture
from data.errors import Conflict, Invalid, Unavailable, UserError
from data.ports.chat import TooMany
from data.reasons import reason_of

# Errors after which the same call may succeed a little later; any other will be repeated for the same call.
PASSING: Final = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)

SLACKS_HOOKS: Final = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: a channel or DM, and the thread in it ("" for none)."""

    channel: str
    thread: str = ""


class Chat:
    """What the bot says in Slack. Every method waits for the network: call it on `Work`, not in a listener.

    Raises Unavailable when Slack does not answer, Conflict when it refuses; the sentence names its error word.
    """

    def __init__(self, client: WebClient, connections: Connections) -> None:
        self._client = client
        self._connections = connections
        self._api_host = urlsplit(client.base_url).hostname or ""

    def post(self, place: Place, message: Message) -> None:
        """Post for everybody in the place."""
        slack_call(
            lambda: self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                unfurl_links=False,
                unfurl_media=False,
                **message,
            )
        )

    def whisper(self, place: Place, user_id: str, message: Message) -> None:
        """Post for one person only."""
        thread = place.thread or None
        slack_call(
            lambda: self._client.chat_postEphemeral(
                channel=place.channel, user=user_id, thread_ts=thread, **message
            )
        )

    def respond(self, response_url: str, message: Mapping[str, Any]) -> None:
        """Answer a command or a press later, at the address that Slack gave for it (30 minutes, five times)."""
        if not self._is_slacks(response_url):
            raise Invalid("The address for the answer is not Slack's.")
        headers = {"content-type": "application/json;charset=utf-8"}
        try:
            answer = self._connections.post(response_url, orjson.dumps(message), headers)
        except OSError as error:
            raise Unavailable(f"Slack cannot be reached: {reason_of(error)}.") from None
        if answer.status >= 300:
            raise Unavailable(f"Slack did not take the late answer: HTTP {answer.status}.")

    def picture(self, place: Place, user_id: str, picture: Picture) -> None:
        """Draw and upload a picture; where there is no place or none that takes it, to the direct messages."""
        png = picture.draw()
        try:
            self._upload(place if place.channel else self.direct(user_id), picture, png)
        except Conflict:
            self._upload(self.direct(user_id), picture, png)

    def file(self, user_id: str, file: Attachment) -> None:
        """Make a file and send it to one person."""
        place, content = self.direct(user_id), file.make()
        slack_call(
            lambda: self._client.files_upload_v2(
                channel=place.channel, content=content, filename=file.name, title=file.title[:200]
            )
        )

    def direct(self, user_id: str) -> Place:
        """The direct messages with a person."""
        opened = slack_call(lambda: self._client.conversations_open(users=user_id))
        return Place(str(opened["channel"]["id"]))

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Show something else in place of a message of ours."""
        slack_call(lambda: self._client.chat_update(channel=channel, ts=ts, **message))

    def open_view(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Open a modal; the trigger of a press or command is good for three seconds."""
        slack_call(lambda: self._client.views_open(trigger_id=trigger, view=dict(view)))

    def update_view(self, id: str, known: str | None, view: Mapping[str, Any]) -> None:
        """Draw a modal anew, unless it has changed since `known` (its hash)."""
        slack_call(lambda: self._client.views_update(view_id=id, hash=known, view=dict(view)))

    def home(self, user_id: str, view: Mapping[str, Any]) -> None:
        """Show the app's Home to a person."""
        slack_call(lambda: self._client.views_publish(user_id=user_id, view=dict(view)))

    def has_outsiders(self, channel: str) -> bool:
        """Whether people of other organisations read the channel; True too when Slack does not say."""
        try:
            told = slack_call(lambda: self._client.conversations_info(channel=channel))
        except SlackRefused as refused:  # an API that has no such method has no shared channels either
            return refused.word != "unknown_method"
        except UserError:
            return True
        info: Mapping[str, Any] = told.get("channel") or {}
        return bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared"))

    def _upload(self, place: Place, picture: Picture, png: bytes) -> None:
        slack_call(
            lambda: self._client.files_upload_v2(
                channel=place.channel,
                thread_ts=place.thread or None,
                content=png,
                filename="graph.png",
                title=picture.title[:200],
                alt_txt=picture.alt[:1000],
            )
        )

    def _is_slacks(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname in SLACKS_HOOKS:
            return True
        return self._api_host in LOOPBACK and parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}


class SlackRefused(Conflict):
    """Slack will not do this; `word` is its own for why, such as channel_not_found."""

    def __init__(self, word: str) -> None:
        super().__init__(f"Slack refused it: {word}.")
        self.word = word


def slack_call(call: Callable[[], SlackResponse]) -> SlackResponse:
    """Call the Web API. Raises Unavailable when a later try may help, SlackRefused when not."""
    try:
        return call()
    except SlackApiError as error:
        word = str(error.response.get("error"))
        if word == "ratelimited":
            wait = _seconds(error.response.headers)
            raise TooMany(f"Slack wants fewer calls: {word}.", wait) from None
        if word in PASSING or error.response.status_code >= 500:
            raise Unavailable(f"Slack cannot do it at the moment: {word[:60]}.") from None
        raise SlackRefused(word) from None
    except SlackRequestError:
        raise Unavailable("Slack did not take the upload.") from None
    except OSError as error:
        raise Unavailable(f"Slack cannot be reached: {reason_of(error)}.") from None


def _seconds(headers: Mapping[str, Any]) -> float:
    """How long Slack wants to be left alone."""
    told: Any = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    text = str(told[0] if isinstance(told, list) and told else told)
    return min(float(text), 3600.0) if text.isdigit() else 1.0
