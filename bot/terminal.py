"""A Reply in a terminal: rich text there, plain text in a pipe, JSON on request. And the progress of long work."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import orjson
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from commands.reply import Button, Buttons, Fields, Note, Pre, Reply, Rows, Section

_TOKEN: Final = re.compile(r"<(?P<link>[^<>|]*)(?:\|(?P<label>[^<>]*))?>|(?P<mark>[*_~`])|(?P<plain>[^<*_~`]+|<)")
_STYLES: Final = {"*": "bold", "_": "italic", "~": "strike", "`": "cyan"}
_BESIDE: Final = re.compile(r"\w")


def show(reply: Reply, console: Console) -> None:
    """Print an answer for a person."""
    parts = reply.parts or [Section(reply.text)]
    console.print(Group(*[_RENDERERS[type(part)](part) for part in parts]), soft_wrap=not console.is_terminal)
    if reply.picture is not None:
        console.print(Text(f"The picture “{reply.picture.title}” is shown in Slack only.", style="dim"))


def show_json(reply: Reply) -> None:
    """Print an answer for a machine: `ok`, `text` and the command's own `data`."""
    said = {"ok": reply.ok, "text": _plain(reply.text), "data": dict(reply.data)}
    sys.stdout.write(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())


def styled(mrkdwn: str) -> Text:
    """Slack's mrkdwn, as far as our answers use it, with the terminal's own styles."""
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


def _section(part: Section) -> RenderableType:
    return Padding(styled(part.text), (0, 0, 1, 0))


def _note(part: Note) -> RenderableType:
    text = styled(part.text)
    text.stylize("dim")
    return text


def _fields(part: Fields) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for label, value in part.pairs:
        table.add_row(Text(label, style="dim"), styled(value))
    return Padding(table, (0, 0, 1, 0))


def _rows(part: Rows) -> RenderableType:
    """All lines: a terminal scrolls."""
    lines = [styled(line) for line in part.lines]
    if part.left_out:
        more = f": idp ask {part.more!r}" if part.more else ""
        lines.append(Text(f"…and {part.left_out:,} more{more}", style="italic"))
    return Padding(Group(*lines), (0, 0, 1, 0))


def _pre(part: Pre) -> RenderableType:
    return Padding(Text(part.text), (0, 0, 1, 2))


def _buttons(part: Buttons) -> RenderableType:
    """What a button would ask, to be typed."""
    return Group(*[_hint(button) for button in part.buttons])


def _hint(button: Button) -> Text:
    if button.url:
        return Text(f"{button.label}: {button.url}", style="dim")
    return Text(f'{button.label}: idp ask "{button.words}"', style="dim")


_RENDERERS: Final[dict[type[Any], Callable[[Any], RenderableType]]] = {
    Section: _section,
    Note: _note,
    Fields: _fields,
    Rows: _rows,
    Pre: _pre,
    Buttons: _buttons,
}


@contextmanager
def progress(title: str, console: Console) -> Iterator[Callable[[str, int], None]]:
    """Something that moves while long work runs: `(what, count)`; plain lines when nobody watches a terminal."""
    if not console.is_terminal:
        yield lambda what, count: console.print(f"{title}: {what} {count:,}" if count else f"{title}: {what}")
        return
    with console.status(title) as status:
        yield lambda what, count: status.update(f"{title}: {what} {count:,}" if count else f"{title}: {what}")


def show_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """A small table, or lines of text in a pipe."""
    if not console.is_terminal:
        for row in rows:
            console.print("\t".join(row), soft_wrap=True)
        return
    table = Table(title=title, title_justify="left")
    for head in heads:
        table.add_column(head)
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    console.print(table)
