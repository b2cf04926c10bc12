"""What the pipelines of the demo would have pushed by now."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from data.documents import Document, load_documents
from data.ports.facts import Fact

PUSHED: Final = Path(__file__).with_name("pushed.yaml")
SENDER: Final = "acme-ci"


def pushed(now: datetime) -> list[Fact]:
    """The facts, as old as the file says."""
    told: list[Fact] = []
    for document in load_documents(PUSHED.read_bytes()):
        if isinstance(document, Document):
            for delivery in document.value:
                told += _facts(delivery, now - timedelta(hours=delivery["hours"]))
    return told


def _facts(delivery: dict[str, Any], at: datetime) -> list[Fact]:
    ref = f"component:default/{delivery['entity']}"
    deployed = {"deployment.at": at.isoformat(timespec="seconds")}
    return [Fact(ref, name, value, SENDER, at) for name, value in (deployed | delivery["facts"]).items()]
