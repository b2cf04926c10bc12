"""Numbers, lengths and people as they are typed in commands that act."""

import re

from commands.parts.ask import Ask
from commands.parts.typed.naming import EXACT
from data.durations import parse_duration
from data.errors import Invalid, NotFound

_ACCOUNT = re.compile(r"@([UW][A-Z0-9]{2,20})")


def the_number(ask: Ask, word: str = "") -> int:
    """The number of a request or grant: 12 or #12. Raises Invalid."""
    text = (word or (ask.words[0] if ask.words else "")).lstrip("#")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Invalid(f"Which one? Say its number after {ask.verb}.", f"Such as: /idp {ask.verb} 12")
    return int(text)


def duration_in(word: str) -> int:
    """Seconds of a word such as 1h, 0 when it is not a duration."""
    try:
        return parse_duration(word)
    except Invalid:
        return 0


def the_colleague(ask: Ask, word: str) -> str:
    """A person: the reference of a User, or "@U…" for an account that only the chat can tell."""
    account = _ACCOUNT.fullmatch(word)
    if account:
        return word
    match = ask.snapshot.resolve(word.lstrip("@"), ("User",))
    if match.entity is None or match.entity.kind != "User" or match.how not in EXACT:
        raise NotFound(f"I do not know who {word} is.", "Mention them with @, or say their e-mail address.")
    return match.entity.ref
