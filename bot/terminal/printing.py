"""A Reply in a terminal: rich text there, plain text in a pipe, JSON on request."""

import json
import re
import shlex
import sys
from collections.abc import Callable
from typing import Any, Final

import orjson
from rich.console import Console
from rich.text import Text

from commands.parts.reply import Button, Buttons, Fields, Note, Pre, Reply, Rows, Section, one_line

_TOKEN: Final = re.compile(r"<(?P<link>[^<>|]*)(?:\|(?P<label>[^<>]*))?>|(?P<mark>[*_~`])|(?P<plain>[^<*_~`]+|<)")
_STYLES: Final = {"*": "bold", "_": "italic", "~": "strike", "`": "cyan"}
_SIGNS: Final = {":warning:": "⚠", ":x:": "✗"}  # the emoji that our own answers use
_BESIDE: Final = re.compile(r"\w")
_BEYOND_ASCII: Final = re.compile("[\x7f-\U0010ffff]")


def show(reply: Reply, console: Console) -> None:
    """Print an answer for a person: a paragraph for each part; in a pipe no line is broken or cut."""
    for part in reply.parts or [Section(reply.text)]:
        for line in _RENDERERS[type(part)](part):
            console.print(line, soft_wrap=not console.is_terminal)
        if not isinstance(part, Note | Buttons):
            console.print()
    if reply.picture is not None:
        console.print(Text(f"The picture “{reply.picture.title}” is shown in Slack only.", style="dim"))


def show_json(reply: Reply) -> None:
    """Print an answer for a machine: `ok`, `text` and the command's own `data`; no sign acts on a terminal."""
    said = {"ok": reply.ok, "text": _plain(reply.text), "data": dict(reply.data)}
    text = orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    sys.stdout.write(_BEYOND_ASCII.sub(_seen, text))


def _seen(sign: re.Match[str]) -> str:
    return sign[0] if sign[0].isprintable() else json.dumps(sign[0])[1:-1]


def styled(mrkdwn: str) -> Text:
    """Slack's mrkdwn, as far as our answers use it, with the terminal's own styles."""
    for code, sign in _SIGNS.items():
        mrkdwn = mrkdwn.replace(code, sign)
    text = Text()
    on: dict[str, bool] = {}
    for match in _TOKEN.finditer(mrkdwn):
        mark = match["mark"]
        if mark and _toggles(mrkdwn, match, on):
            on[mark] = not on.get(mark, False)
            continue
        style = " ".join(_STYLES[each] for each, active in on.items() if active)
        if match["link"] is not None:
            label = match["label"] or match["link"]
            text.append(_unescaped(label), f"{style} link {_unescaped(match['link'])}".strip())
        else:
            text.append(_unescaped(match[0]), style)
    return text


def _toggles(mrkdwn: str, match: re.Match[str], on: dict[str, bool]) -> bool:
    """A mark formats only at the edge of a word, and inside code only the mark that ends it counts."""
    mark = match[0]
    if on.get("`") and mark != "`":
        return False
    before = bool(_BESIDE.match(mrkdwn[match.start() - 1 : match.start()]))
    after = bool(_BESIDE.match(mrkdwn[match.end() : match.end() + 1]))
    return not (before and after)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\u2060", "")


def _plain(mrkdwn: str) -> str:
    return styled(mrkdwn).plain


def _section(part: Section) -> list[Text]:
    return [styled(part.text)]


def _note(part: Note) -> list[Text]:
    text = styled(part.text)
    text.stylize("dim")
    return [text]


def _fields(part: Fields) -> list[Text]:
    widest = max((len(label) for label, _ in part.pairs), default=0)
    indent = "\n" + " " * (widest + 2)
    return [
        Text.assemble((f"{label:<{widest}}  ", "dim"), styled(value.replace("\n", indent)))
        for label, value in part.pairs
    ]


def _rows(part: Rows) -> list[Text]:
    """All lines: a terminal scrolls."""
    lines = [styled(line) for line in part.lines]
    if part.left_out:
        more = f": {_typed(part.more)}" if part.more else ""
        lines.append(Text(f"…and {part.left_out:,} more{more}", style="italic"))
    return lines


def _pre(part: Pre) -> list[Text]:
    return [Text(f"  {one_line(line)}", no_wrap=True) for line in part.text.splitlines()]


def _buttons(part: Buttons) -> list[Text]:
    """What a button would ask, to be typed; those that do something are Slack's, where it is known who presses."""
    hints = [_hint(button) for button in part.buttons if not button.deed]
    deeds = [button.label for button in part.buttons if button.deed]
    return [*hints, Text(one_line(f"In Slack: {', '.join(deeds)}"), style="dim")] if deeds else hints


def _hint(button: Button) -> Text:
    return Text(one_line(f"{button.label}: {button.url or _typed(button.words)}"), style="dim")


def _typed(words: str) -> str:
    """The command that asks these words, whatever a shell would make of them."""
    return f"idp ask {shlex.quote(words)}"


_RENDERERS: Final[dict[type[Any], Callable[[Any], list[Text]]]] = {
    Section: _section,
    Note: _note,
    Fields: _fields,
    Rows: _rows,
    Pre: _pre,
    Buttons: _buttons,
}
