"""A local Slack: the stand-in that every test uses and the page of `idp demo`.

It speaks to the bot exactly as Slack does: signed HTTP to the bot's `/slack/events` (or Socket Mode) and a Web API
under `/api/`. Nothing in the bot knows about it; it is `SLACK_API_URL` plus a signing secret.

    with LocalSlack(events_url="http://127.0.0.1:3000/slack/events") as slack:   # or events_url set later,
        slack.api_url, slack.signing_secret, slack.bot_token, slack.app_token    # or post=<callable> in process
        sent = slack.command("engineer", "general", "/idp who-owns checkout")    # -> Delivery, after the ack
        sent.status, sent.seconds, sent.error, sent.message                      # message: the answer in the ack, if any
        said = slack.say("engineer", "general", "@idp who-owns checkout")        # -> Message; thread=… answers in a thread
        slack.wait(lambda: slack.thread("general", said.ts)[1:])                 # until true, at most `seconds`
        slack.press("engineer", message, "ask")                                  # by action_id, value or label
        slack.open_home("engineer"); slack.home("engineer")
        slack.submit("engineer", {"name": "checkout"}); slack.modal("engineer"); slack.suggest("engineer", "owner", "pay")
        slack.messages("general", seen_by="engineer")                            # list[Message], oldest first
        slack.calls("chat.postMessage")                                          # what the bot called, with the answers
        slack.fail("chat.postMessage", error="ratelimited", retry_after=1, times=2)   # delay=… cut=… status=…

People are named by id or by name; the built-in ones are engineer, second-engineer, lead, platform, guest and
stranger (from another workspace), channels general, payments (private, without the bot), shared (with another
company) and archived; a DM with the bot is the channel "dm".
"""

from bot.playground.deliveries import Delivery
from bot.playground.people import Person
from bot.playground.server import LocalSlack
from bot.playground.state import Message

__all__ = ["Delivery", "LocalSlack", "Message", "Person"]
