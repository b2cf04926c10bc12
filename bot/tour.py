"""What the local Slack suggests to somebody new at Acme: only what works today."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from bot.playground.page.shortcuts import Shortcut, shortcuts_of
from bot.playground.page.tour import Step, Tour
from commands import verbs
from commands.parts.typed.phrases import rephrase

# It lies beside the packages in a checkout; an installed idp has none, and then no shortcuts either.
MANIFEST: Final = Path(__file__).parent.parent / "slack-manifest.yaml"

NAMES = ("checkout", "payments", "user-service", "postgres-checkout-db", "team-payments", "search", "storefront")

# Steps may come before their commands: those whose command does not exist stay away.
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
        "Ask for production access",
        "/idp access cart prod 1h INC-123 look at stuck baskets",
        "general",
        "cara",
        "A preview first: who must agree. Press Send, then act as Lena in #team-storefront and press Approve.",
    ),
    Step(
        "Launch a development workspace",
        "/idp workspace checkout",
        "general",
        "ann",
        "The form is the template's. Press Next and Send, then open idp: one message goes from queued to ready.",
    ),
    Step(
        "See which rule decides",
        "/idp policy explain access checkout prod 1h",
        "general",
        "cara",
        "Two people of two teams for the most critical services, the line of the rule included.",
    ),
    Step(
        "Break the glass",
        "/idp breakglass checkout prod INC-7 payments are down",
        "incidents",
        "max",
        "Asked twice, given at once, everybody told, reviewed afterwards.",
    ),
    Step(
        "See your team's weekly digest",
        "/idp digest preview",
        "general",
        "ben",
        "Thanks first, then three things to do. Posted on Mondays, and only when something has changed.",
    ),
    Step(
        "Make a new service",
        "/idp new-service python-http order-history",
        "team-payments",
        "ann",
        "Two pages, then every file, the plan and the checks. Press Create, watch the steps, ask who owns it.",
    ),
    Step(
        "See which services are behind their golden path",
        "/idp template python-http drift",
        "platform",
        "pia",
        "Who follows which version, what was edited by hand, and what is new in the versions between.",
    ),
    Step(
        "See how your services stand",
        "/idp score",
        "team-payments",
        "ann",
        "Levels, what is most worth fixing, and a button that says how; every value with its source and age.",
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
    commands = verbs()
    words = tuple((command.name, command.summary) for command in commands)
    known = {word for command in commands for word in (command.name, *command.aliases)}
    return Tour("/idp", words, NAMES, possible(STEPS, known), _shortcuts())


def possible(steps: Sequence[Step], known: Collection[str]) -> tuple[Step, ...]:
    """The steps whose words begin with a known verb, or are a sentence that means one."""
    return tuple(step for step in steps if _verb(step.text) in known)


def _verb(typed: str) -> str:
    """Of "/idp find x" find; of "@idp who is on call for x?" oncall."""
    words = typed.partition(" ")[2]
    return (rephrase(words) or words).partition(" ")[0]


def _shortcuts() -> tuple[Shortcut, ...]:
    return shortcuts_of(MANIFEST.read_bytes()) if MANIFEST.is_file() else ()
