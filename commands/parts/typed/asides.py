"""Words that people begin with although nothing answers them here: what is so, and what helps instead."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from commands.parts.reply import Button
from commands.parts.typed.unknown import Unanswered
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot


class Aside(NamedTuple):
    """`instead` are words of /idp; with {x} in them they are offered only where what was asked about is known."""

    said: str
    hint: str
    instead: str = ""


_ASIDES: Final = (
    (
        "hello hi hey moin hallo morning",
        Aside(
            "Hello! Ask me who owns a service, who is on call for it, or what depends on it.",
            "All I know: /idp help",
        ),
    ),
    ("thanks thank thx cheers", Aside("Gladly.", "All I know: /idp help")),
    (
        "lint doctor serve migrate takeover identity demo",
        Aside("This is done in a terminal, where the bot runs.", "There: idp {verb} --help"),
    ),
    (
        "deploys deploy deployments deployment releases changes",
        Aside("I keep no list of deployments.", "A scorecard may ask when it was deployed last.", "score {x}"),
    ),
    (
        "status health incidents incident",
        Aside("I do not watch how things run.", "What the pager has open stands on the card.", "show {x}"),
    ),
    (
        "verify not-ours move",
        Aside(
            "Who owns it is changed in its catalog file.",
            "who-owns says in which, and on which line.",
            "who-owns {x}",
        ),
    ),
    (
        "subscribe subscriptions unsubscribe mute prefs notify",
        Aside("There is nothing to subscribe to.", "Each team gets one digest a week, and may mute it.", "digest"),
    ),
    ("campaign campaigns", Aside("There are no campaigns.", "What is checked, by level: /idp checks", "checks")),
    (
        "announce",
        Aside("I post no announcements.", "The blast radius says whom it concerns.", "deps {x} --blast-radius"),
    ),
    (
        "register discover",
        Aside(
            "Things are registered by a catalog-info.yaml in their repository.",
            "It is found when its source is read next; /idp freshness says when.",
            "freshness",
        ),
    ),
    ("metrics dora", Aside("I measure no delivery times.", "The score says how a service stands.", "score {x}")),
    ("cost costs", Aside("I know the cost of workspaces only.", "Yours: /idp workspaces", "workspaces")),
    ("connect link", Aside("Nobody needs to connect anything here.", "Who runs this: /idp about", "about")),
    ("feedback", Aside("I pass nothing on.", "Those who run this, and their channel: /idp about", "about")),
)


def said_aside(words: Sequence[str], snapshot: Snapshot) -> Unanswered | None:
    """What is answered to words that begin so; None to all others."""
    verb = words[0].lower().strip("!?.,")
    aside = next((aside for begins, aside in _ASIDES if verb in begins.split()), None)
    if aside is None:
        return None
    about = snapshot.resolve(" ".join(words[1:])).entity if len(words) > 1 else None
    return Unanswered(aside.said, aside.hint.format(verb=verb), [*_instead(aside, about), Button("Help", "help")])


def _instead(aside: Aside, about: Entity | None) -> list[Button]:
    if not aside.instead or ("{x}" in aside.instead and about is None):
        return []
    named, ref = (about.label, about.ref) if about else ("", "")
    label = aside.instead.format(x=named)
    return [Button(label[0].upper() + label[1:], aside.instead.format(x=ref))]
