"""How nodes are called in trees and lists: by the numbers they have in a snapshot's content."""

from collections.abc import Iterable
from typing import Final

from commands.parts.labels import cut
from commands.parts.lines import LONGEST
from commands.parts.reply import HARMLESS, PLAIN, escape
from data.catalog.called import KIND_ENDS, NAME_ENDS, Called

_KNOWN: Final = PLAIN + f"{NAME_ENDS}{KIND_ENDS}\n".encode()


def plain(called: Called, node: int) -> str:
    """For a tree: "checkout-db · resource · team-payments"."""
    return called.records((node,))[0].decode().replace(NAME_ENDS, " · ").replace(KIND_ENDS, " · ")


def marked(called: Called, nodes: Iterable[int]) -> str:
    """Likewise, as the lines of a list: safe as mrkdwn, as one look at all of them nearly always tells."""
    records = called.records(nodes)
    lines = b"\n".join(records)
    if lines.translate(None, _KNOWN) not in HARMLESS or max(map(len, records)) > LONGEST:
        return "\n".join([_marked(*record.decode().split(NAME_ENDS)) for record in records])
    said = lines.decode().replace("\n", "\n*").replace(NAME_ENDS, "* · ").replace(KIND_ENDS, " · ")
    return f"*{said}"


def _marked(name: str, end: str) -> str:
    facts = " · ".join([escape(cut(fact, LONGEST)) for fact in end.split(KIND_ENDS)])
    return f"*{escape(cut(name, LONGEST))}* · {facts}"
