"""An answer as the JSON that Slack gets. A layout is drawn once; then only the texts of an answer are put in."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

import orjson

from bot.slack.views import Message, render
from commands.parts.layout import BLANKS, MOST, Filled, Layout
from commands.parts.reply import Buttons, Md, Reply

# Characters so far from each limit of Slack's that nothing is ever cut: of all texts together; of those that
# have many short ones, each and all together; and of what stands in the label of a button.
ROOMY: Final = 800
SHORT: Final = 300
ALL_SHORT: Final = 2_600
BRIEF: Final = 50
_TEXT: Final = BLANKS[-1]  # the blank for the text of the reply
_BETWEEN: Final = "\x7f"  # parts the texts: ASCII that JSON leaves as it is, and no text that is safe to show has
_PARTS: Final = _BETWEEN.encode()
_MARK: Final = "⟦{}⟧"  # stands for a text while a layout is drawn; our own words have no such brackets
_MARKED: Final = re.compile(_MARK.format("([0-9]+)"))


class Drawing(NamedTuple):
    """The JSON of a message as a format, and which text goes into each of its places; 0 is the reply's own.

    `labels` are those that stand in labels of buttons.
    """

    frame: bytes
    order: Callable[[Sequence[bytes]], Any]
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
        frame, order, labels = drawn if type(drawn) is Drawing else _drawing(parts.layout)
        if (len(whole) <= ROOMY or _all_short(texts, whole)) and (not labels or _all_brief(texts, labels)):
            encoded = orjson.dumps(whole)[1:-1].split(_PARTS)
            if len(encoded) == len(texts) and all(encoded):
                message: bytes = frame % order(encoded)
                return message
    return orjson.dumps(only_you(render(reply)))


def _all_short(texts: Sequence[str], whole: str) -> bool:
    return len(whole) <= ALL_SHORT and max(map(len, texts)) <= SHORT


def _all_brief(texts: Sequence[str], labels: Sequence[int]) -> bool:
    """In a label, what is not printable is shown in another way."""
    brief = [texts[number] for number in labels]
    return max(map(len, brief)) <= BRIEF and "".join(brief).isprintable()


def _drawing(layout: Layout) -> Drawing:
    """Whoever comes first draws it; two at once draw the same."""
    marks = Filled(layout, tuple([_MARK.format(number) for number in range(1, MOST)]))
    whole = orjson.dumps(only_you(render(Reply(Md(_MARK.format(0)), marks)))).decode()
    pieces = _MARKED.split(whole)
    frame = "%b".join(piece.replace("%", "%%") for piece in pieces[::2])
    order = itemgetter(*map(int, pieces[1::2]))
    labels = [button.label for part in marks if isinstance(part, Buttons) for button in part.buttons]
    in_labels = [int(number) for label in labels for number in _MARKED.findall(label)]
    layout.drawn = drawing = Drawing(frame.encode(), order, in_labels)
    return drawing
