"""Facts out of files that pipelines leave behind, one for each entity: `ci/{name}/coverage.xml`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.catalog.entity import Entity
from data.errors import Invalid, Unavailable
from data.ports.facts import Collected, Fact, Known, Value

LARGEST: Final = 64 << 20  # bytes of one file

Read = Callable[[bytes, datetime], tuple[Mapping[str, Value], datetime]]
"""The facts in a file, and when they were so, from its content and the time it was written. Raises Invalid."""


class FileFacts:
    """One kind of file. `path` holds {name} and perhaps {namespace}; what it names must lie inside `base`."""

    every = 300

    def __init__(self, name: str, base: Path, path: str, read: Read) -> None:
        self.name = name
        self._base, self._path, self._read = base, path, read
        self._known: dict[Path, tuple[tuple[int, int], list[tuple[str, Value, datetime]]]] = {}

    def collect(self, known: Known) -> Collected:
        """A file that does not read costs its own entity's facts only, and those stay as they were."""
        if not self._base.is_dir():
            raise Unavailable(f"There is no folder {self._base}.", "Set `path` under `facts` in idp.yaml.")
        told: list[Fact] = []
        problems: list[str] = []
        unread: set[str] = set()
        for entity, file in self._files(known):
            try:
                facts = self._facts(file)
            except (Invalid, OSError) as fault:
                said = fault.message if isinstance(fault, Invalid) else str(fault.strerror)
                problems.append(f"{file.name} of {entity.name}: {said}")
                unread.add(entity.ref)
                continue
            told += [Fact(entity.ref, name, value, self.name, at) for name, value, at in facts]
        return Collected(told, tuple(problems), lambda entity, _name: entity in unread)

    def _files(self, known: Known) -> Iterator[tuple[Entity, Path]]:
        base = self._base.resolve()
        for entity in known.snapshot:
            if entity.kind == "Component":
                path = self._path.replace("{name}", entity.name).replace("{namespace}", entity.namespace)
                file = (base / path).resolve()
                if file.is_relative_to(base) and file.is_file():
                    yield entity, file

    def _facts(self, file: Path) -> list[tuple[str, Value, datetime]]:
        """Read again only when the file has changed."""
        state = file.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._known.get(file)
        if known is not None and known[0] == stamp:
            return known[1]
        if state.st_size > LARGEST:
            raise Invalid(f"it is larger than {LARGEST >> 20} MiB")
        values, at = self._read(file.read_bytes(), datetime.fromtimestamp(state.st_mtime, UTC))
        facts = [(name, value, at) for name, value in values.items()]
        self._known[file] = (stamp, facts)
        return facts
