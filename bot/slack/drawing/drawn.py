"""An answer as the JSON that Slack gets. A layout is drawn once; then only the texts of an answer are put in."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

import orjson

from bot.slack.drawing.views import Message, render
from commands.parts.layout import MOST, Filled, Layout
from commands.parts.reply import Buttons, Md, Part, Reply, Section

# Characters so far from each limit of Slack's that nothing is ever cut:
ROOMY: Final = 800  # of all texts together,
SPACIOUS: Final = 2_600  # or so many, if those that stand elsewhere than in paragraphs
SHORT: Final = 300  # have no more each;
BRIEF: Final = 50  # and of what stands in the label of a button
_BETWEEN: Final = "\x7f"  # parts the texts: ASCII that JSON leaves as it is, and no text that is safe to show has
_PARTS: Final = _BETWEEN.encode()
_MARK: Final = "⟦{}⟧"  # stands for a text while a layout is drawn; our own words have no such brackets
_MARKED: Final = re.compile(_MARK.format("([0-9]+)"))


class Drawing(NamedTuple):
    """The JSON of a message as a format, and which text goes into each of its places; 0 is the reply's own.

    `short` are those that stand elsewhere than in paragraphs, `labels` those in labels of buttons.
    """

    frame: bytes
    order: Callable[[Sequence[bytes]], Any]
    short: Sequence[int]
    labels: Sequence[int]


def only_you(message: Message) -> Message:
    """For the person who asked."""
    return {"response_type": "ephemeral", **message}


def json_for_you(reply: Reply) -> bytes:
    """The message for the person who asked, as JSON."""
    parts = reply.parts
    if type(parts) is Filled:
        texts = (reply.text, *parts.values)
        whole = _BETWEEN.join(texts)
        drawn = parts.layout.drawn
        frame, order, short, labels = drawn if type(drawn) is Drawing else _drawing(parts.layout)
        roomy = len(whole) <= ROOMY or (len(whole) <= SPACIOUS and _longest(texts, short) <= SHORT)
        if roomy and (not labels or _brief(texts, labels)):
            encoded = orjson.dumps(whole)[1:-1].split(_PARTS)
            if len(encoded) == len(texts) and all(encoded):
                message: bytes = frame % order(encoded)
                return message
    return orjson.dumps(only_you(render(reply)))


def _longest(texts: Sequence[str], numbers: Sequence[int]) -> int:
    return max([len(texts[number]) for number in numbers], default=0)


def _brief(texts: Sequence[str], labels: Sequence[int]) -> bool:
    """In a label, what is not printable is shown in another way."""
    return _longest(texts, labels) <= BRIEF and "".join([texts[number] for number in labels]).isprintable()


def _drawing(layout: Layout) -> Drawing:
    """Whoever comes first draws it; two at once draw the same."""
    marks = Filled(layout, tuple([_MARK.format(number) for number in range(1, MOST)]))
    whole = orjson.dumps(only_you(render(Reply(Md(_MARK.format(0)), marks)))).decode()
    pieces = _MARKED.split(whole)
    frame = "%b".join(piece.replace("%", "%%") for piece in pieces[::2])
    order = itemgetter(*map(int, pieces[1::2]))
    narrow = orjson.dumps(render(Reply(Md("-"), [part for part in marks if not _wide(part)]))).decode()
    labels = " ".join([button.label for part in marks if isinstance(part, Buttons) for button in part.buttons])
    layout.drawn = drawing = Drawing(frame.encode(), order, _numbers(narrow), _numbers(labels))
    return drawing


def _wide(part: Part) -> bool:
    """A paragraph takes whatever there is of texts, each once."""
    return isinstance(part, Section) and len(_numbers(part.text)) == len(_MARKED.findall(part.text))


def _numbers(text: str) -> Sequence[int]:
    return sorted({int(number) for number in _MARKED.findall(text)})
