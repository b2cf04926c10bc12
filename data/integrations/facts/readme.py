"""Whether a README has a section about what to do when it is ill."""

from collections.abc import Mapping
from datetime import datetime

from data.catalog.repos.readme import has_runbook
from data.ports.facts import Value


def read_readme(content: bytes, written: datetime) -> tuple[Mapping[str, Value], datetime]:
    """The facts of a README in Markdown or reStructuredText."""
    return {"readme.present": True, "readme.runbook": has_runbook(content.decode(errors="replace"))}, written
