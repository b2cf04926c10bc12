"""What the page offers to somebody new: steps to try, and words to complete."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.playground.page.shortcuts import Shortcut


@dataclass(frozen=True, slots=True)
class Step:
    """A suggestion that a click performs: `text` is typed by `user` in `channel` (ids or names)."""

    title: str
    text: str
    channel: str
    user: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tour:
    """`command` is the slash command; `verbs` are (word, summary) pairs; `names` are what people may ask about.

    `shortcuts` are those that the app's manifest declares.
    """

    command: str = "/idp"
    verbs: Sequence[tuple[str, str]] = field(default=())
    names: Sequence[str] = field(default=())
    steps: Sequence[Step] = field(default=())
    shortcuts: Sequence[Shortcut] = field(default=())
