"""People who are mentioned in a question, by their account, become the persons of the catalog."""

import re
from collections.abc import Callable

from data.catalog.snapshot import Snapshot

_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>")
MENTION = "<@"  # text without it mentions nobody
MOST = 5  # mentions that are looked up; a question needs one


def with_people(text: str, snapshot: Snapshot, email_of: Callable[[str], str]) -> str:
    """The text with references in place of accounts whose confirmed address one User has; others stay."""

    def name(found: re.Match[str]) -> str:
        address = email_of(found[1])
        match = snapshot.resolve(address, ("User",)) if address else None
        return match.entity.ref if match and match.entity and match.how == "email" else found[0]

    return _MENTION.sub(name, text, count=MOST)
