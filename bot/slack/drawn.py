"""An answer as the JSON that Slack gets. A layout is drawn once; then only the texts of an answer are put in."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

import orjson

from bot.slack.views import Message, render
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.reply import Reply

ROOMY: Final = 800  # characters of all texts together: so far from each limit of Slack's that nothing is ever cut
_TEXT: Final = BLANKS[-1]  # the blank for the text of the reply
_BETWEEN: Final = "\x7f"  # parts the texts: ASCII that JSON leaves as it is, and no text that is safe to show has
_PARTS: Final = _BETWEEN.encode()
_BLANK: Final = re.compile(f"([{''.join(BLANKS)}])")


class Drawing(NamedTuple):
    """The JSON of a message as a format, and which text goes into each of its places; 0 is the reply's own."""

    frame: bytes
    order: Callable[[Sequence[bytes]], Any]


def only_you(message: Message) -> Message:
    """For the person who asked."""
    return {"response_type": "ephemeral", **message}


def json_for_you(reply: Reply) -> bytes:
    """The message for the person who asked, as JSON."""
    parts = reply.parts
    if type(parts) is Filled:
        texts = _BETWEEN.join((reply.text, *parts.values))
        if len(texts) <= ROOMY:
            drawn = parts.layout.drawn
            frame, order = drawn if type(drawn) is Drawing else _drawing(parts.layout)
            encoded = orjson.dumps(texts)[1:-1].split(_PARTS)
            if len(encoded) == len(parts.values) + 1 and all(encoded):
                message: bytes = frame % order(encoded)
                return message
    return orjson.dumps(only_you(render(reply)))


def _drawing(layout: Layout) -> Drawing:
    """Whoever comes first draws it; two at once draw the same."""
    whole = orjson.dumps(only_you(render(Reply(_TEXT, layout.parts)))).decode()
    pieces = _BLANK.split(whole)
    frame = "%b".join(piece.replace("%", "%%") for piece in pieces[::2])
    order = [0 if blank == _TEXT else BLANKS.index(blank) + 1 for blank in pieces[1::2]]
    layout.drawn = drawing = Drawing(frame.encode(), itemgetter(*order))
    return drawing
