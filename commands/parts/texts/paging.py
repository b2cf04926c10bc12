"""Long lists, a page at a time: as many lines as one message takes, and a button for those after them."""

from collections.abc import Sequence
from typing import NamedTuple

from commands.parts.ask import Ask, Flag
from commands.parts.reply import Button, Buttons, Md, Part, Rows
from commands.parts.words import Quoted
from data.errors import Invalid

FROM = Flag("from", "from which line on, such as 21", "number")
ROOM = 2600  # characters of one list in a message
LINE = 1000  # characters that are shown of one line
MOST = 50  # lines


def begin(ask: Ask) -> int:
    """How many lines were seen already. Raises Invalid for what is no number."""
    if FROM.name not in ask.flags:
        return 0
    stated = ask.flags[FROM.name]
    if not (stated.isascii() and stated.isdigit() and 0 < int(stated[:9]) == int(stated)):
        raise Invalid("--from needs the number of a line, such as --from 21.")
    return int(stated) - 1


class Page(NamedTuple):
    """What one message shows of a list."""

    lines: Sequence[Md]
    left: str  # how many come after them, as it is said; "" for none
    following: str  # asks for those


def cut_page(ask: Ask, lines: Sequence[Md], seen: int, total: int) -> Page:
    """Of the lines after the `seen` ones as many as fit into a message."""
    if not lines and seen:
        only = f"There are only {total:,}." if total else "There is nothing to list."
        raise Invalid(only, f"Such as: /idp {again(ask, 1)}" if total else "")
    shown = _fitting(lines)
    end = seen + len(shown)
    return Page(shown, f"{total - end:,}", again(ask, end + 1)) if end < total else Page(shown, "", "")


def page_parts(page: Page) -> list[Part]:
    """The lines; what they do not hold is one press away."""
    if not page.left:
        return [Rows(page.lines)]
    more = Buttons([Button(f"Show more ({page.left})", page.following)])
    return [Rows([*page.lines, Md(f"_…and {page.left} more_")]), more]


def page(ask: Ask, lines: Sequence[Md], total: int) -> list[Part]:
    """The lines from `begin` on, of `total`."""
    return page_parts(cut_page(ask, lines, begin(ask), total))


def again(ask: Ask, line: int) -> str:
    """The same question from another line on."""
    flags = [f"--{name} {value}".rstrip() for name, value in ask.flags.items() if name != FROM.name]
    return " ".join([ask.verb, *map(requoted, ask.words), *flags, f"--{FROM.name} {line}"])


def requoted(word: str) -> str:
    """As it was typed: what stood in quotes stands in quotes again."""
    if type(word) is Quoted:
        return f'"{word}"'
    head, colon, value = word.partition(":")
    return f'{head}:"{value}"' if colon and " " in value else word


def _fitting(lines: Sequence[Md]) -> Sequence[Md]:
    lines = lines[:MOST]
    if sum(map(len, lines)) + len(lines) <= ROOM:
        return lines  # nearly always
    room, count = ROOM, 0
    for line in lines:
        room -= min(len(line), LINE) + 1
        if room < 0 and count:
            break
        count += 1
    return lines[:count]
