"""Who the bot is in Slack, and whether a request is meant for it."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.outgoing.chat import PASSING
from data.errors import Unavailable
from data.reasons import reason_of

log = logging.getLogger("idp")

AGAIN = 5.0  # seconds between two tries to learn who we are


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot as `auth.test` and `bots.info` describe it. `app_id` "" when Slack does not tell it."""

    team_id: str
    team: str
    url: str
    user_id: str
    bot_id: str
    app_id: str
    enterprise_id: str = ""
    whole_enterprise: bool = False  # installed for every workspace of an Enterprise Grid
    scopes: tuple[str, ...] = ()


class Me:
    """Learns the identity once and keeps it; until then `identity()` is None and `error` says why."""

    def __init__(self, client: WebClient, app_id: str = "") -> None:
        """`app_id` when it is known already, such as from an app-level token."""
        self._client = client
        self._app_id = app_id
        self._identity: Identity | None = None
        self._lock = threading.Lock()
        self._tried = float("-inf")
        self.error = "Slack has not been asked yet."

    def identity(self) -> Identity | None:
        """The identity; asks Slack when it is not known yet, but not again and again."""
        if self._identity is None and time.monotonic() - self._tried > AGAIN:
            with self._lock:
                if self._identity is None and time.monotonic() - self._tried > AGAIN:
                    self._learn()
        return self._identity

    def _learn(self) -> None:
        try:
            self._identity = learn(self._client, self._app_id)
            self.error = ""
            log.info("connected to the workspace %s", self._identity.team)
        except Unavailable as error:
            self.error = error.message
            log.warning("not connected to Slack: %s", error.message)
        self._tried = time.monotonic()


def learn(client: WebClient, app_id: str = "") -> Identity:
    """Ask Slack who this token is. Raises Unavailable with a sentence that holds no secret."""
    try:
        me = client.auth_test()
        app_id = app_id or me.get("app_id") or _app_id(client, me.get("bot_id") or "")
    except SlackApiError as error:
        reason = error.response.get("error")
        raise Unavailable(f"Slack refused the bot token: {reason}.", "Check SLACK_BOT_TOKEN.") from None
    except OSError as error:
        raise Unavailable(f"Slack cannot be reached: {reason_of(error)}.", "Check the network.") from None
    return Identity(
        team_id=me.get("team_id") or "",
        team=me.get("team") or "",
        url=me.get("url") or "",
        user_id=me.get("user_id") or "",
        bot_id=me.get("bot_id") or "",
        app_id=app_id,
        enterprise_id=me.get("enterprise_id") or "",
        whole_enterprise=bool(me.get("is_enterprise_install")),
        scopes=_scopes(me.headers),
    )


def _app_id(client: WebClient, bot_id: str) -> str:
    if not bot_id:
        return ""
    try:
        bot: Mapping[str, Any] = client.bots_info(bot=bot_id).get("bot") or {}
    except SlackApiError as error:
        word = str(error.response.get("error"))
        if word in PASSING:  # not to know would be to take requests of other apps as well
            raise Unavailable(f"Slack does not say which app this is: {word}.", "It is asked again.") from None
        return ""  # needs users:read; `idp doctor` says that requests of other apps cannot be told apart then
    return str(bot.get("app_id") or "")


def _scopes(headers: Mapping[str, Any]) -> tuple[str, ...]:
    for name, value in headers.items():
        if name.lower() == "x-oauth-scopes":
            return tuple(scope.strip() for scope in str(value).split(",") if scope.strip())
    return ()


def admits(me: Identity, body: Mapping[str, Any]) -> bool:
    """Whether a request comes from our app in our workspace (or organisation).

    A missing workspace is a foreign one. A missing app is ours: the secret that signed the request is one app's.
    """
    if me.app_id and body.get("api_app_id", me.app_id) != me.app_id:
        return False
    team = body.get("team_id")
    if team is None:
        team = _id(body.get("team"))
    if team == me.team_id:
        return True
    return _of_our_organisation(me, body) or _authorized_here(me, body)


def _of_our_organisation(me: Identity, body: Mapping[str, Any]) -> bool:
    if not (me.whole_enterprise and me.enterprise_id):
        return False
    return me.enterprise_id in (body.get("enterprise_id"), _id(body.get("enterprise")))


def _authorized_here(me: Identity, body: Mapping[str, Any]) -> bool:
    """An event of a shared channel may name the other workspace, and ours among the authorizations."""
    authorizations = body.get("authorizations")
    if not isinstance(authorizations, list):
        return False
    return any(isinstance(one, dict) and one.get("team_id") == me.team_id for one in authorizations)


def _id(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else None
