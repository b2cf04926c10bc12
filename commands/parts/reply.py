"""What a command answers: a value that Slack, the terminal and JSON each show in their own way."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from commands.parts.acts import Act, OpenForm


class Md(str):
    """Text in Slack's mrkdwn that is safe to show: everything from outside in it has been escaped."""

    __slots__ = ()


PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,./()#%+=;!?'\"-"
HARMLESS: Final = (b"", b":")  # what may be left without the plain signs; two colons may make a picture
_MARK = re.compile(
    r"(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])|(?<![A-Za-z0-9])[*~]+|[*~]+(?![A-Za-z0-9])"
)  # at the edge of a word
_LOOKALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c"})
_BROADCAST = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)
_EMOJI = re.compile(r":(?=[a-z][\w+'-]*:)")
_JOINER = "\u2060"  # takes no room, and parts what Slack would otherwise read as one sign
_WEB = re.compile(r"https?://[^\s/<>|\"`]+[^\s<>|\"`]*").fullmatch
_LONGEST_URL = 700  # with its text it must fit into one line of a list
_LONGEST_LABEL = 150
_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE).search


def escape(value: object) -> str:
    """One line of text that cannot mention, link or format; a name such as my_service stays as it is.

    Slack formats only between marks that stand at the edge of a word, so only those are replaced, by signs that
    look alike. A leading > would quote, :word: would become a picture, @here would call everybody.
    """
    text = value if isinstance(value, str) else str(value)
    if text.isascii() and text.encode().translate(None, PLAIN) in HARMLESS:  # nearly always
        return text
    text = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "\u02cb")
    text = _MARK.sub(lambda mark: mark[0].translate(_LOOKALIKE), text)
    text = call_nobody(text)
    if text.count(":") > 1:
        text = _EMOJI.sub(f":{_JOINER}", text)
    return f"{_JOINER}{text}" if text.startswith("&gt;") else text


def escape_all(texts: Sequence[str]) -> Sequence[str]:
    """Each escaped. Nearly always one look at all of them tells that none needs it."""
    whole = "".join(texts)
    plain = whole.isascii() and whole.encode().translate(None, PLAIN) in HARMLESS
    return texts if plain else [escape(text) for text in texts]


def call_nobody(text: str) -> str:
    """@here and its like, parted so that nothing can take them for a call to everybody."""
    return _BROADCAST.sub(f"@{_JOINER}", text) if "@" in text else text


def one_line(text: str) -> str:
    """Control and direction signs made visible, white space made single."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())


def md(template: str, *values: object) -> Md:
    """Fill `{}` in a template of ours with values from outside, each escaped unless it is Md already."""
    return Md(template.format(*[v if type(v) is Md else escape(v) for v in values]))


def code(value: object) -> Md:
    """Text to copy, such as a command or a path: nothing inside is formatted."""
    text = call_nobody(one_line(str(value))).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Md(f"`{text.replace('`', chr(0x2CB)) or ' '}`")


def prose(text: str) -> Md:
    """A sentence of ours in which `names` stand between backticks: those become code, the rest is escaped.

    What a file or a person put into it may have backticks too: it becomes code at most, in which nothing acts.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one is alone: no telling what it would enclose
        return Md(escape(text))
    shown = [code(part) if at % 2 and part.strip() else escape(part) for at, part in enumerate(parts)]
    return Md("".join(shown))


def is_web(url: str) -> bool:
    """An http or https address that Slack takes: of usual length, with no mark that would end it early."""
    return len(url) <= _LONGEST_URL and url.isprintable() and _WEB(url) is not None


def link(url: str, text: object) -> Md:
    """A link that cannot be forged: only to the web, and a text that looks like another address is not shown."""
    label = str(text)
    label = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
    if not is_web(url):
        return Md(escape(label))
    if ("://" in label or "www" in label.lower()) and _ADDRESS(label):
        label = url
    return Md(f"<{url.replace('&', '&amp;')}|{escape(label).replace('|', '∣')}>")


class Section(NamedTuple):
    """A paragraph."""

    text: Md


class Fields(NamedTuple):
    """Short facts in two columns: (label of ours, value)."""

    pairs: Sequence[tuple[str, Md]]


class Rows(NamedTuple):
    """A list of lines of which as many are shown as fit; the rest is counted, never lost silently.

    `left_out` counts lines that the command itself did not put in; `more` is the command that shows the rest.
    """

    lines: Sequence[Md]
    left_out: int = 0
    more: str = ""


class Pre(NamedTuple):
    """Preformatted text, such as a tree; kept as it is, cut at whole lines."""

    text: str


class Note(NamedTuple):
    """Small print: source and age of the facts, what was assumed."""

    text: Md


class Button(NamedTuple):
    """The next question: pressing it asks `words`, as if typed after /idp. With `url` it opens a page instead.

    With `deed` (such as "approve") it does something in the name of who presses it; `about` is what it is done to,
    and is never believed. `confirm` is a sentence to agree to first.
    """

    label: str
    words: str = ""
    url: str = ""
    style: str = ""  # "", "primary" or "danger"
    deed: str = ""
    about: str = ""
    confirm: str = ""


class Buttons(NamedTuple):
    """Buttons in one row."""

    buttons: Sequence[Button]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that follows the text; `draw` makes the PNG off the request path."""

    title: str
    alt: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file for the person who asked; `make` gives its content off the request path."""

    name: str
    title: str
    make: Callable[[], bytes]


class Later(Mapping[str, Any]):
    """Facts for machines that are worked out only when somebody looks: people in Slack never do."""

    __slots__ = ("_facts", "_of", "_work_out")

    def __init__(self, work_out: Callable[..., Mapping[str, Any]], *of: object) -> None:
        """`work_out(*of)` gives the facts."""
        self._work_out = work_out
        self._of = of
        self._facts: Mapping[str, Any] | None = None

    def _known(self) -> Mapping[str, Any]:
        if self._facts is None:
            self._facts = self._work_out(*self._of)
        return self._facts

    def __getitem__(self, key: str) -> Any:
        return self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


Part = Section | Fields | Rows | Pre | Note | Buttons


class Reply(NamedTuple):
    """An answer.

    `text` alone makes sense: it is the notification and what a screen reader reads; a value from outside in it has
    been escaped by `md`, as in every part. `parts` are what is shown.
    `data` is the same answer for machines (`--json`). `ok` False marks a question that could not be answered (the
    terminal then exits with 1). `public` asks for everybody in the channel to see it. `form` is to be opened,
    where that is possible; `act` is to be done in the asker's name, and what came of it is the answer.
    `files` go to the asker alone.
    """

    text: Md
    parts: Sequence[Part] = ()
    data: Mapping[str, Any] = MappingProxyType({})
    picture: Picture | None = None
    public: bool = False
    ok: bool = True
    form: OpenForm | None = None
    act: Act | None = None
    files: Sequence[Attachment] = ()
