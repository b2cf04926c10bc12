"""A Reply as a Slack message: pure, and within Slack's limits whatever the size of the answer.

What does not fit is counted and said, never lost silently. Everything from outside was escaped where the Reply was
made; here text is only cut, in a way that leaves no half link and no half escape behind.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from commands.parts.reply import (
    Button,
    Buttons,
    Fields,
    Md,
    Note,
    Part,
    Pre,
    Reply,
    Rows,
    Section,
    call_nobody,
    is_web,
    md,
    one_line,
    prose,
)

Block = dict[str, Any]
Message = dict[str, Any]

# Slack's limits (docs.slack.dev/reference/block-kit); ROOM is ours: longer answers are not read, and Slack refuses
# messages whose blocks are very long together without saying where that begins.
BLOCKS: Final = 50
SECTION_TEXT: Final = 3000
FIELDS: Final = 10
FIELD_TEXT: Final = 2000
CONTEXT_TEXT: Final = 2000
ACTIONS: Final = 25
LABEL: Final = 75
VALUE: Final = 2000
FALLBACK: Final = 3000
ROOM: Final = 12_000
ROWS: Final = 60  # lines of one list
LINE: Final = 1000  # characters of one line


def render(reply: Reply) -> Message:
    """`{"text", "blocks"}` for any way of posting; `text` is the notification and what is read aloud."""
    text = within(reply.text, FALLBACK)
    if not reply.parts:
        return {"text": text, "blocks": [_section(within(reply.text, SECTION_TEXT))]}
    return {"text": text, "blocks": blocks(reply.parts)}


def blocks(parts: Sequence[Part], limit: int = BLOCKS) -> list[Block]:
    """At most `limit` blocks; says how many parts did not fit."""
    made: list[Block] = []
    room = ROOM
    for index, part in enumerate(parts):
        whole = len(made)
        room -= _RENDERERS[type(part)](part, index, room, made)
        if room <= 0 or len(made) >= limit:
            left = len(parts) - index
            if left > 1 or len(made) > limit:
                del made[min(whole, limit - 1) :]
                return [*made, _left_out(left)]
    return made or [_section("(nothing to show)")]


def within(text: str, limit: int) -> str:
    """Nearly every text fits; Slack takes no empty one."""
    return (text or " ") if len(text) <= limit else cut(text, limit)


def cut(text: str, limit: int) -> str:
    """The first `limit` characters of a longer text, marked with …, never cut inside a link or an escape."""
    head = text[: limit - 1]
    opened = head.rfind("<")
    if opened > head.rfind(">"):
        head = head[:opened]
    escaped = head.rfind("&", len(head) - 5 if len(head) > 5 else 0)
    if escaped >= 0 and ";" not in head[escaped:]:
        head = head[:escaped]
    return head + "…"


def _mrkdwn(text: str) -> Block:
    """Verbatim: Slack must not make links, channels or people of what only looks like them."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _left_out(count: int) -> Block:
    what = "part that does" if count == 1 else "parts that do"
    return _context(f"…and {count} more {what} not fit here; ask for less at once.")


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


# Each renderer appends the blocks of one part and gives the number of characters in them.


def _section_part(part: Section, _index: int, _room: int, made: list[Block]) -> int:
    text = within(part.text, SECTION_TEXT)
    made.append(_section(text))
    return len(text)


def _note_part(part: Note, _index: int, _room: int, made: list[Block]) -> int:
    text = within(part.text, CONTEXT_TEXT)
    made.append(_context(text))
    return len(text)


def _fields_part(part: Fields, _index: int, _room: int, made: list[Block]) -> int:
    texts = [within(f"*{label}*\n{value}", FIELD_TEXT) for label, value in part.pairs]
    for start in range(0, len(texts), FIELDS):
        made.append({"type": "section", "fields": [_mrkdwn(text) for text in texts[start : start + FIELDS]]})
    return sum(map(len, texts))


def _rows_part(part: Rows, _index: int, room: int, made: list[Block]) -> int:
    """Whole lines, as many as fit; the rest is counted, with the command that shows it."""
    shown = _fitting(part.lines[:ROWS], LINE, min(SECTION_TEXT - 300, room))
    left = len(part.lines) - len(shown) + part.left_out
    if left:
        shown.append(_more(left, part.more))
    return _section_part(Section(Md("\n".join(shown))), 0, room, made) if shown else 0


def _fitting(lines: Sequence[str], longest: int, room: int) -> list[str]:
    """The first lines, each cut at `longest`, that fit into `room`; at least one."""
    if lines and max(map(len, lines)) <= longest and sum(map(len, lines)) + len(lines) <= room:
        return list(lines)  # nearly always
    shown: list[str] = []
    for line in lines:
        shown.append(within(line, longest))
        room -= len(shown[-1]) + 1
        if room < 0 and len(shown) > 1:
            return shown[:-1]
    return shown


def _more(left: int, command: str) -> str:
    return f"_…and {left:,} more_" + (md(": `/idp {}`", within(command, 200)) if command else "")


def _pre_part(part: Pre, _index: int, room: int, made: list[Block]) -> int:
    text = _plain(part.text)
    lines = text.split("\n")
    if not text.replace("\n", "").isprintable():  # seldom
        lines = [one_line(line) for line in text.splitlines()]
    shown = _fitting(lines, LINE, min(SECTION_TEXT - 100, room))
    left = len(lines) - len(shown)
    tail = f"\n_…and {left:,} more {'line' if left == 1 else 'lines'}_" if left else ""
    made.append(_section(within("```\n" + call_nobody("\n".join(shown)) + "\n```" + tail, SECTION_TEXT)))
    return len(made[-1]["text"]["text"])


def _plain(text: str) -> str:
    """For a preformatted block: nothing in it can mention, link, or end the block."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("```", "ˋˋˋ")


def _buttons_part(part: Buttons, index: int, _room: int, made: list[Block]) -> int:
    elements = [
        _button(button, f"{index}:{at}")
        for at, button in enumerate(part.buttons[:ACTIONS])
        if not button.url or is_web(button.url)
    ]
    if elements:
        made.append({"type": "actions", "elements": elements})
    return 0


def _button(button: Button, where: str) -> Block:
    label, words, url, style, deed, about, confirm = button
    block = {"type": "button", "text": _label(label), "action_id": f"ask:{where}", "value": words[:VALUE]}
    if url:
        del block["value"]
        block |= {"action_id": f"open:{where}", "url": url}
    elif deed:
        block |= {"action_id": f"do:{deed}:{where}", "value": about[:VALUE]}
    if style:
        block["style"] = style
    if confirm:
        block["confirm"] = _confirm(button)
    return block


def _label(text: str) -> Block:
    fits = 0 < len(text) <= LABEL and text.isprintable()  # nearly always
    return {"type": "plain_text", "text": text if fits else within(one_line(text), LABEL)}


def _confirm(button: Button) -> Block:
    def plain(text: str, limit: int) -> Block:
        return {"type": "plain_text", "text": within(text, limit)}

    asked = {"title": plain("Are you sure?", 100), "text": plain(button.confirm, 300)}
    return {**asked, "confirm": plain(button.label, 30), "deny": plain("Not now", 30)}


_RENDERERS: dict[type[Any], Callable[[Any, int, int, list[Block]], int]] = {
    Section: _section_part,
    Note: _note_part,
    Fields: _fields_part,
    Rows: _rows_part,
    Pre: _pre_part,
    Buttons: _buttons_part,
}


def sentence(message: str, hint: str = "") -> Reply:
    """A short answer made of a sentence and what to do next."""
    said, then = prose(message), prose(hint)
    parts: list[Part] = [Section(said)]
    if hint:
        parts.append(Note(then))
    return Reply(md("{} {}" if hint else "{}", said, then), parts, ok=False)
