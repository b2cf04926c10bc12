"""A Reply as a Slack message: pure, and within Slack's limits whatever the size of the answer.

What does not fit is counted and said, never lost silently. Everything from outside was escaped where the Reply was
made; here text is only cut, in a way that leaves no half link and no half escape behind.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from commands.reply import Button, Buttons, Fields, Note, Part, Pre, Reply, Rows, Section, md

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
URL: Final = 3000
FALLBACK: Final = 3000
ROOM: Final = 12_000
ROWS: Final = 60  # lines of one list


def render(reply: Reply) -> Message:
    """`{"text", "blocks"}` for any way of posting; `text` is the notification and what is read aloud."""
    text = cut(reply.text, FALLBACK)
    if not reply.parts:
        return {"text": text, "blocks": [_section(cut(reply.text, SECTION_TEXT))]}
    return {"text": text, "blocks": blocks(reply.parts)}


def blocks(parts: Sequence[Part], limit: int = BLOCKS) -> list[Block]:
    """At most `limit` blocks; says how many parts did not fit."""
    made: list[Block] = []
    room = ROOM
    for index, part in enumerate(parts):
        new = _RENDERERS[type(part)](part, index, room)
        left = len(parts) - index
        if len(made) + len(new) > limit - (left > 1) or room <= 0:
            return [*made[: limit - 1], _left_out(left)]
        made += new
        room -= _size(part)
    return made or [_section("(nothing to show)")]


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, marked with … when cut, never inside a link or an escape."""
    if len(text) <= limit:
        return text or " "
    head = text[: limit - 1]
    opened = head.rfind("<")
    if opened > head.rfind(">"):
        head = head[:opened]
    escaped = head.rfind("&", len(head) - 5 if len(head) > 5 else 0)
    if escaped >= 0 and ";" not in head[escaped:]:
        head = head[:escaped]
    return head + "…"


def _size(part: Part) -> int:
    match part:
        case Section(text) | Note(text) | Pre(text):
            return len(text)
        case Fields(pairs):
            return sum(len(label) + len(value) for label, value in pairs[:FIELDS])
        case Rows(lines):
            return min(sum(len(line) + 1 for line in lines[:ROWS]), SECTION_TEXT)
        case Buttons():
            return 0


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _left_out(count: int) -> Block:
    what = "part that does" if count == 1 else "parts that do"
    return _context(f"…and {count} more {what} not fit here; ask for less at once.")


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, CONTEXT_TEXT)}]}


def _section_part(part: Section, _index: int, _room: int) -> list[Block]:
    return [_section(cut(part.text, SECTION_TEXT))]


def _note_part(part: Note, _index: int, _room: int) -> list[Block]:
    return [_context(part.text)]


def _fields_part(part: Fields, _index: int, _room: int) -> list[Block]:
    pairs = part.pairs
    made = []
    for start in range(0, len(pairs), FIELDS):
        texts = [cut(f"*{label}*\n{value}", FIELD_TEXT) for label, value in pairs[start : start + FIELDS]]
        made.append({"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in texts]})
    return made


def _rows_part(part: Rows, _index: int, room: int) -> list[Block]:
    """Whole lines, as many as fit; the rest is counted, with the command that shows it."""
    budget = max(min(SECTION_TEXT - 200, room), 200)
    shown: list[str] = []
    for line in part.lines[:ROWS]:
        line_text = cut(line, 500)
        if shown and len(line_text) + 1 > budget:
            break
        shown.append(line_text)
        budget -= len(line_text) + 1
    left = len(part.lines) - len(shown) + part.left_out
    if left:
        shown.append(_more(left, part.more))
    return [_section("\n".join(shown))] if shown else []


def _more(left: int, command: str) -> str:
    return f"_…and {left:,} more_" + (md(": `/idp {}`", cut(command, 200)) if command else "")


def _pre_part(part: Pre, _index: int, room: int) -> list[Block]:
    budget = max(min(SECTION_TEXT - 100, room), 200)
    lines = _plain(part.text).splitlines()
    shown: list[str] = []
    for line in lines:
        line_text = cut(line, 400)
        if shown and len(line_text) + 1 > budget:
            break
        shown.append(line_text)
        budget -= len(line_text) + 1
    left = len(lines) - len(shown)
    tail = f"\n_…and {left:,} more {'line' if left == 1 else 'lines'}_" if left else ""
    return [_section("```\n" + "\n".join(shown) + "\n```" + tail)]


def _plain(text: str) -> str:
    """For a preformatted block: nothing in it can mention, link, or end the block."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("```", "ˋˋˋ")


def _buttons_part(part: Buttons, index: int, _room: int) -> list[Block]:
    elements = [_button(button, f"{index}:{at}") for at, button in enumerate(part.buttons[:ACTIONS])]
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(button: Button, where: str) -> Block:
    label = {"type": "plain_text", "text": cut(button.label, LABEL)}
    made: Block = {"type": "button", "text": label}
    if button.url:
        made |= {"action_id": f"open:{where}", "url": button.url[:URL]}
    elif button.deed:
        made |= {"action_id": f"do:{button.deed}:{where}", "value": button.about[:VALUE]}
    else:
        made |= {"action_id": f"ask:{where}", "value": button.words[:VALUE]}
    if button.style:
        made["style"] = button.style
    if button.confirm:
        made["confirm"] = _confirm(button)
    return made


def _confirm(button: Button) -> Block:
    def plain(text: str, limit: int) -> Block:
        return {"type": "plain_text", "text": cut(text, limit)}

    asked = {"title": plain("Are you sure?", 100), "text": plain(button.confirm, 300)}
    return {**asked, "confirm": plain(button.label, 30), "deny": plain("Not now", 30)}


_RENDERERS: dict[type[Any], Callable[[Any, int, int], list[Block]]] = {
    Section: _section_part,
    Note: _note_part,
    Fields: _fields_part,
    Rows: _rows_part,
    Pre: _pre_part,
    Buttons: _buttons_part,
}


def sentence(message: str, hint: str = "") -> Reply:
    """A short answer made of a sentence and what to do next."""
    parts: list[Part] = [Section(md("{}", message))]
    if hint:
        parts.append(Note(md("{}", hint)))
    return Reply(md("{} {}" if hint else "{}", message, hint), parts, ok=False)
