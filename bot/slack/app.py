"""The Bolt app: every listener, behind our own guard."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.processes.work import Work
from bot.slack.deeds.carrying_out import Deeds
from bot.slack.incoming.events import Events
from bot.slack.incoming.home import SlackDesk
from bot.slack.incoming.inbox import Inbox, tidy
from bot.slack.incoming.kept_forms import KeptForms
from bot.slack.incoming.kept_presses import KeptPresses
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.presses import Presses
from bot.slack.incoming.typed import Typed
from bot.slack.modals.forms import Forms
from bot.slack.modals.wizard import Wizard
from bot.slack.outgoing.channels import Channels
from bot.slack.outgoing.chat import Chat
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.slack_chat import SlackChat
from bot.slack.who.identity import Identities
from bot.slack.who.me import Me
from bot.slack.who.people import People, Person
from bot.slack.who.refusals import Refusals
from data.errors import NotAllowed, Unavailable
from data.idp import Idp


@dataclass(frozen=True, slots=True)
class Bot:
    """The app and what it works with, so that the process can keep an eye on them and close them.

    `idp` is the context with Slack as its chat.
    """

    idp: Idp
    app: App
    me: Me
    events: Events
    chat: Chat
    work: Work
    connections: Connections
    inboxes: Sequence[Inbox]
    refusals: Refusals

    def sweep(self) -> None:
        """Go on with what was left behind of what Slack told us."""
        for inbox in self.inboxes:
            inbox.take_up()
        tidy(self.idp)

    def close(self) -> None:
        """Finish what runs, within seconds; what only waits is in the inbox."""
        self.work.close()
        self.connections.close()


def build_bot(idp: Idp, token: str, api_url: str, app_id: str = "") -> Bot:
    """The whole bot over one client. Nothing is asked of Slack yet. `app_id` when an app-level token names it."""
    connections = Connections()
    client = slack_client(token, api_url, connections)
    once = slack_client(token, api_url, connections, retries=0)
    me, people, work = Me(client, app_id), People(client), Work()
    chat = Chat(client, connections)
    refusals = Refusals(idp)
    identities = Identities(idp, me, people, refusals)
    deeds = Deeds(idp)
    kept = KeptPresses(deeds, identities, chat, work)
    kept_forms = KeptForms(deeds, identities, chat, work)
    forms = Forms(deeds, identities, chat, Wizard(deeds, chat, work))
    presses = Presses(deeds, forms, identities, kept, kept_forms, chat, work)
    events = Events(idp, me, people, chat, work, carry=presses.act)
    who = partial(_known, people, me, refusals)
    typed = Typed(
        idp,
        people,
        person=who,
        email=lambda account: people.email(account, me.identity()),
        chat=chat,
        work=work,
        presses=presses,
    )
    desk = SlackDesk(idp, who, chat)
    app = build_app(Listeners(idp, me, who, chat, work, events, presses, typed, desk), client)
    inboxes = (events.inbox, kept.inbox, kept_forms.inbox, typed.inbox)
    slack = SlackChat(client, once, Channels(client), identities, lambda: idp.catalog.snapshot)
    waiting = replace(desk, chat=Chat(once, connections))  # what Slack does not take now is work for later
    speaking = replace(idp, chat=slack, files=slack, desk=waiting)
    return Bot(speaking, app, me, events, chat, work, connections, inboxes, refusals)


def _known(people: People, me: Me, refusals: Refusals, account: str) -> Person:
    identity = me.identity()
    if identity is None:
        raise Unavailable("Slack cannot be asked who you are at the moment.", "Try again in a minute.")
    try:
        return people.person(account, identity)
    except NotAllowed as refused:
        refusals.account(account, refused.message)
        raise


def build_app(listeners: Listeners, client: WebClient) -> App:
    """One listener for each thing; the command comes first, since Bolt asks each in turn.

    Bolt's own checks are off because ours came before: the signature, who may ask, and our own messages.
    """
    quiet = logging.getLogger("idp.bolt")
    quiet.setLevel(logging.CRITICAL)  # Bolt logs whole bodies, with the addresses to answer to
    app = App(
        client=client,
        authorize=_authorize(listeners.me, client.token or ""),
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        logger=quiet,
    )
    presses = listeners.presses
    app.command("/idp")(listeners.on_command)
    app.action(re.compile("^ask:"))(listeners.on_press)
    app.action(re.compile("^do:"))(presses.on_press)
    app.action(re.compile("^field:"))(presses.on_change)
    app.action(re.compile("^open:"))(listeners.on_open)
    app.view(re.compile(""))(presses.on_submit)
    app.options(re.compile("^field:"))(presses.on_suggest)
    app.event("app_mention")(listeners.on_event)
    app.event("message")(listeners.on_event)
    app.event("app_home_opened")(listeners.on_home)
    return app


def _authorize(me: Me, token: str) -> Callable[..., AuthorizeResult]:
    """One workspace, one token; asking Slack about it at every request is what this saves."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        known = me.identity()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=token,
            bot_id=known.bot_id if known else None,
            bot_user_id=known.user_id if known else None,
        )

    return authorize
