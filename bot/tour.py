"""What the local Slack suggests to somebody new at Acme: only what works today."""

from bot.playground.tour import Step, Tour
from commands import verbs

NAMES = ("checkout", "payments", "user-service", "postgres-checkout-db", "team-payments", "search", "storefront")

STEPS = (
    Step(
        "Ask who owns checkout",
        "/idp who-owns checkout",
        "general",
        "ann",
        "The owner, the channel and who is on call, with the source and its age.",
    ),
    Step(
        "See what breaks if postgres-checkout-db fails",
        "/idp deps postgres-checkout-db --blast-radius",
        "incidents",
        "max",
        "Everything that depends on it, by distance, with the teams to call.",
    ),
    Step(
        "Ask in a thread, in your own words",
        "@idp who is on call for checkout?",
        "incidents",
        "cara",
        "A mention is answered in its thread, for everybody there.",
    ),
    Step(
        "Find what handles cards",
        "/idp find payment type:service",
        "general",
        "lena",
        "Words and filters over names, descriptions and tags.",
    ),
    Step(
        "Get a picture of what checkout needs",
        "/idp deps checkout --graph",
        "team-payments",
        "ben",
        "The text comes at once, the picture follows in your messages with idp.",
    ),
    Step(
        "Ask as a guest",
        "/idp who-owns checkout",
        "partner-launch",
        "gus",
        "Guests and people of other workspaces get no internal data.",
    ),
)


def acme_tour() -> Tour:
    """The steps, and what the composer completes."""
    words = tuple((command.name, command.summary) for command in verbs())
    return Tour("/idp", words, NAMES, STEPS)
