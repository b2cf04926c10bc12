"""The app's shortcuts, as its manifest declares them."""

from dataclasses import dataclass
from typing import Literal

from data.documents import Document, load_documents


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Offered in the menu of the message box (global) or of each message."""

    name: str
    callback_id: str
    kind: Literal["global", "message"]
    description: str = ""


def shortcuts_of(manifest: bytes) -> tuple[Shortcut, ...]:
    """The shortcuts in an app manifest in YAML. Raises ValueError where it is none."""
    (document,) = load_documents(manifest)
    if not isinstance(document, Document):
        raise ValueError(f"line {document.line}: {document.message}")
    try:
        rows = document.value["features"].get("shortcuts") or ()
        return tuple(
            Shortcut(row["name"], row["callback_id"], row["type"], row.get("description", "")) for row in rows
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"shortcuts of the manifest: {fault!r} is missing or of the wrong type") from fault
