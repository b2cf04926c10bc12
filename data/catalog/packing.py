"""Details in less room: an entity's own name is left blank, so that those who state the same share one text.

Slugs, addresses and file names repeat the name; what is left differs little from one service to the next.
"""

from typing import Final

BLANK: Final = "\x01"  # never unescaped in JSON
LOOKED_FOR: Final = '{"url":" claimed_owner'  # in packed texts: a name that is part of this stays where it is


def packed(text: str, name: str) -> str:
    """The JSON text about an entity of that name; `unpacked` gives it back."""
    return text if name in LOOKED_FOR else text.replace(name, BLANK)


def unpacked(text: str, name: str) -> str:
    """The JSON text again; one that was never packed stays as it is."""
    return text.replace(BLANK, name)
