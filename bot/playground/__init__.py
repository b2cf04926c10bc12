"""A local Slack: the stand-in that every test uses and the page of `idp demo`.

It speaks to the bot exactly as Slack does: signed HTTP to the bot's `/slack/events` (or Socket Mode) and a Web API
under `/api/`. Nothing in the bot knows about it; it is `SLACK_API_URL` plus a signing secret.

    # events_url may also be set later, or post=<callable> reaches a bot in this process
    with LocalSlack(events_url="http://127.0.0.1:3000/slack/events") as slack:
        slack.environment()    # SLACK_API_URL, SLACK_SIGNING_SECRET, SLACK_BOT_TOKEN
        sent = slack.command("engineer", "general", "/idp who-owns checkout")      # -> Delivery, after the ack
        sent.status, sent.seconds, sent.error, sent.message    # message: the answer in the acknowledgement, if any
        said = slack.say("engineer", "general", "@idp who-owns checkout")          # thread=… answers in a thread
        slack.wait(lambda: slack.thread("general", said.ts)[1:])                  # until true; raises TimeoutError
        slack.press("engineer", sent.message, "ask")           # by action id, value or label; a choice has value=…
        slack.open_home("engineer"); slack.home("engineer")
        slack.modal("engineer"); slack.submit("engineer", {"name": "checkout"})
        slack.suggest("engineer", slack.modal("engineer"), "owner", "pay")         # options of an external select
        slack.messages("general", seen_by="engineer")          # list[Message], oldest first, with her ephemerals
        slack.calls("chat.postMessage"); slack.sent("command")                     # both directions, with answers
        slack.fail("chat.postMessage", error="ratelimited", retry_after=1, times=2)     # delay=… cut=… status=…

People are named by id or by name; the built-in ones are engineer, second-engineer, lead, platform, guest and
stranger (from another workspace), channels general, payments (private, without the bot), shared (with another
company) and archived; a DM with the bot is the channel "dm".
"""

from bot.playground.deliveries import Delivery
from bot.playground.people import Person
from bot.playground.server import LocalSlack
from bot.playground.state import Message

__all__ = ["Delivery", "LocalSlack", "Message", "Person"]
