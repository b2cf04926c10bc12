"""A board that is a folder: one file a note. Real enough to practise on, and to be looked at from outside."""

import re
from pathlib import Path

import orjson

from data.errors import Conflict, Invalid, Unavailable

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,100}")


class FolderBoard:
    """Implements the port `data.ports.Board`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, name: str) -> str | None:
        try:
            return str(orjson.loads(self._file(name).read_bytes())["marker"])
        except FileNotFoundError:
            return None
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise Unavailable(f"The note {name} cannot be read.") from error

    def put(self, name: str, marker: str, text: str) -> None:
        """The file appears whole or not at all."""
        file = self._file(name)
        note = file.with_name(f".{file.name}.{marker}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            note.write_bytes(orjson.dumps({"marker": marker, "text": text}))
            file.hardlink_to(note)
        except FileExistsError:
            raise Conflict(f"There is a note {name} already.") from None
        except OSError as error:
            raise Unavailable(f"The note {name} cannot be written.") from error
        finally:
            note.unlink(missing_ok=True)

    def remove(self, name: str, marker: str) -> None:
        if self.find(name) == marker:
            self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise Invalid(f"{name[:40]!r} is not a name for a note.")
        return self._folder / f"{name}.json"
