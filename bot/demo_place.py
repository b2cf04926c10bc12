"""Where the demo keeps what is its own: configuration, catalog, rota, repositories and database in one folder.

The files that ship are put there at each start, so that everything in idp.yaml stands beside it, a changed file is
seen by the next sync as in earnest, and nothing is ever written where the program is installed.
"""

import os
from pathlib import Path
from typing import Final

SHIPPED: Final = ("idp.yaml", "rota.yaml", "catalog", "ci")
PLACE: Final = Path("var/demo")  # in the current folder


def settle(shipped: Path, place: Path = PLACE) -> Path:
    """Put the files of `shipped` into `place`; files that are there beside them stay. Gives the configuration."""
    for name in SHIPPED:
        source = shipped / name
        for file in [source] if source.is_file() else source.rglob("*"):
            if file.is_file():
                _put(file, place / file.relative_to(shipped))
    return place / "idp.yaml"


def _put(file: Path, target: Path) -> None:
    """Whole or not at all, and only when it differs: another demo may be reading there."""
    content = file.read_bytes()
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(target)
