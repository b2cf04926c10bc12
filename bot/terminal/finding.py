"""What `idp doctor` says of one thing."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Verdict = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    what: str
    hint: str = ""


def unwritable(file: Path) -> str:
    """Why this user cannot write the file, "" when it can; nothing is made by looking."""
    if file.is_dir():
        return f"{file} is a folder."
    there = file if file.exists() else next(each for each in file.absolute().parents if each.exists())
    if there != file and not there.is_dir():
        return f"{there} is no folder."
    needed = os.W_OK if there == file else os.W_OK | os.X_OK
    return "" if os.access(there, needed, effective_ids=True) else f"this user may not write {there}."
