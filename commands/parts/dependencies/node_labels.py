"""How nodes are called in trees and lists: by the numbers they have in a snapshot's content."""

from collections.abc import Sequence
from typing import Final

from commands.parts.reply import HARMLESS, PLAIN, escape
from commands.parts.texts.labels import cut
from commands.parts.texts.lines import LONGEST
from data.catalog.indexes.called import KIND_ENDS, NAME_ENDS, Called

_KNOWN: Final = PLAIN + f"{NAME_ENDS}{KIND_ENDS}".encode()
_BETWEEN: Final = "\n*\v"  # no record has such a sign


def plain(called: Called, node: int) -> str:
    """For a tree: "checkout-db · resource · team-payments"."""
    return called.records((node,))[0].decode().replace(NAME_ENDS, " · ").replace(KIND_ENDS, " · ")


def marked(called: Called, some: Sequence[int], others: Sequence[int]) -> tuple[str, str]:
    """Likewise, two lists of lines that are safe as mrkdwn, each after a line feed.

    One look at all of them tells that they are; only where it does not, each is looked at.
    """
    records, count = called.records((*some, *others)), len(some)
    if b"".join(records).translate(None, _KNOWN) not in HARMLESS or max(map(len, records), default=0) > LONGEST:
        safe = [_marked(*record.decode().split(NAME_ENDS)) for record in records]
        return "".join(safe[:count]), "".join(safe[count:])
    lines = b"\n*".join((b"", *records[:count], b"\v", *records[count:])).decode()
    said = lines.replace(NAME_ENDS, "* · ").replace(KIND_ENDS, " · ")
    first, _, second = said.partition(_BETWEEN)
    return first, second


def _marked(name: str, end: str) -> str:
    facts = " · ".join([escape(cut(fact, LONGEST)) for fact in end.split(KIND_ENDS)])
    return f"\n*{escape(cut(name, LONGEST))}* · {facts}"
