"""What a command answers: a value that Slack, the terminal and JSON each show in their own way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class Md(str):
    """Text in Slack's mrkdwn that is safe to show: everything from outside in it has been escaped."""

    __slots__ = ()


def escape(value: object) -> str:
    """One line of text that cannot mention, link or format: & < > and mrkdwn's own marks are defused."""
    text = str(value)
    if text.isalnum():
        return text
    if not text.isprintable():
        text = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "*_~`":
        if mark in text:
            text = text.replace(mark, _DEFUSED[mark])
    return text


# A word joiner (U+2060) beside the mark keeps it visible and stops Slack from reading it as formatting.
_DEFUSED = {"*": "\u2217", "_": "_\u2060", "~": "\u223c", "`": "\u02cb"}


def md(template: str, *values: object) -> Md:
    """Fill `{}` in a template of ours with values from outside, each escaped unless it is Md already."""
    return Md(template.format(*[v if type(v) is Md else escape(v) for v in values]))


def link(url: str, text: object) -> Md:
    """A link that cannot be forged: only http, https and mailto, no mark that would end it early."""
    if not url.startswith(("https://", "http://", "mailto:")) or any(c in url for c in '<>|"` \n\r\t'):
        return Md(escape(text))
    return Md(f"<{url.replace('&', '&amp;')}|{escape(text).replace('|', '∣')}>")


@dataclass(frozen=True, slots=True)
class Section:
    """A paragraph."""

    text: Md


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts in two columns: (label of ours, value)."""

    pairs: Sequence[tuple[str, Md]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of lines of which as many are shown as fit; the rest is counted, never lost silently.

    `left_out` counts lines that the command itself did not put in; `more` is the command that shows the rest.
    """

    lines: Sequence[Md]
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Pre:
    """Preformatted text, such as a tree; kept as it is, cut at whole lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: source and age of the facts, what was assumed."""

    text: Md


@dataclass(frozen=True, slots=True)
class Button:
    """The next question: pressing it asks `words`, as if typed after /idp. With `url` it opens a page instead."""

    label: str
    words: str = ""
    url: str = ""
    style: str = ""  # "", "primary" or "danger"


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in one row."""

    buttons: Sequence[Button]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that follows the text; `draw` makes the PNG off the request path."""

    title: str
    alt: str
    draw: Callable[[], bytes]


Part = Section | Fields | Rows | Pre | Note | Buttons


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    `text` alone makes sense: it is the notification and what a screen reader reads. `parts` are what is shown.
    `data` is the same answer for machines (`--json`). `ok` False marks a question that could not be answered (the
    terminal then exits with 1). `public` asks for everybody in the channel to see it.
    """

    text: str
    parts: Sequence[Part] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    picture: Picture | None = None
    public: bool = False
    ok: bool = True
