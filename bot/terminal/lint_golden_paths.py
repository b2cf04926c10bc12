"""`idp lint` of golden paths: each template that idp.yaml registers, rendered aside once as `idp doctor` does.

The catalog is what the checked files say. What cannot be looked at from here is told as a warning.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from bot.settings.idp_yaml import IdpYaml
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.documents import Document, load_documents
from data.errors import Unavailable
from data.golden_paths.renderer import Renderer
from data.golden_paths.repository import is_git
from data.golden_paths.shelf import Shelf
from data.idp import Idp
from data.integrations.oncall import AllOnCall
from data.integrations.repos.local import LocalHost
from data.lint import COPIER, Finding, Held, lint_path
from data.ports.golden_paths import GoldenPath
from data.store.clock import of_this_machine
from data.store.database import Database
from workflows.golden_paths.checks import OWNER_EXISTS
from workflows.golden_paths.linting import Flaw, lint

SKIPPED: Final = "so it was not rendered; idp doctor tries again where the bot runs"
FETCH: Final = 20.0  # seconds for one template from elsewhere, and for all of them together
ALL: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One golden path of idp.yaml, and where it stands there."""

    path: GoldenPath
    file: Path
    line: int

    @property
    def is_here(self) -> bool:
        """Whether it needs no network."""
        return Path(self.path.source).is_absolute()

    def finding(self, message: str, *, stops: bool) -> Finding:
        level: Literal["error", "warning"] = "error" if stops else "warning"
        return Finding(str(self.file), self.line, level, f"{self.path.id}: {message}")


def golden_path_findings(
    config: IdpYaml, config_path: Path, held: Held, *, offline: bool = False
) -> Iterator[Finding]:
    """What is wrong with them. Templates that lie on this machine need no network; others are fetched, unless
    `offline`, and not when those before have taken too long."""
    entries = list(_entries(config, config_path))
    snapshot = Snapshot.build({entity.ref: entity for entity in held.entities}.values())
    with tempfile.TemporaryDirectory(prefix="idp-lint-") as aside:
        idp = _house(config, [entry.path for entry in entries], Path(aside))
        enough = time.monotonic() + ALL
        try:
            for entry in entries:
                if not entry.is_here and (offline or time.monotonic() > enough):
                    why = "lint stays offline" if offline else f"others took {ALL:.0f} s"
                    yield entry.finding(f"it comes from elsewhere and {why}, {SKIPPED}.", stops=False)
                    continue
                yield from _of(idp, snapshot, entry)
        finally:
            idp.golden_paths.close()
            idp.database.close()


def _entries(config: IdpYaml, config_path: Path) -> Iterator[_Entry]:
    document = next(each for each in load_documents(config_path.read_bytes()) if isinstance(each, Document))
    for at, entry in enumerate(config.golden_paths):
        path = entry.path(lambda name: config_path.absolute().parent / Path(name).expanduser())
        yield _Entry(path, config_path, document.lines.nearest(("golden_paths", at), 1))


def _of(idp: Idp, snapshot: Snapshot, entry: _Entry) -> Iterator[Finding]:
    source = Path(entry.path.source)
    if source.is_absolute() and not source.is_dir():
        yield entry.finding(f"there is no folder {source}, {SKIPPED}.", stops=False)
        return
    found = lint_path(_shown(source), Held()) if _has_files(source) else []
    yield from found
    if any(each.level == "error" for each in found):
        return
    try:
        yield from [_finding(entry, flaw) for flaw in lint(idp, snapshot, entry.path)]
    except Unavailable as error:
        yield entry.finding(f"{error.message.rstrip('.')}, {SKIPPED}.", stops=False)


def _has_files(source: Path) -> bool:
    """Whether there are files to point at: of a bare repository only what is in git counts."""
    return source.is_dir() and (not is_git(str(source)) or (source / ".git").exists())


def _shown(file: Path) -> Path:
    """As people write it, from where they are."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


def _finding(entry: _Entry, flaw: Flaw) -> Finding:
    """In the copier.yml where that is about a question and there is one to point at, else in idp.yaml."""
    if flaw.check == OWNER_EXISTS:  # a directory may tell the people
        return entry.finding("nobody in the catalog files that were checked is in its owner.", stops=False)
    files = [file for name in sorted(COPIER) if (file := Path(entry.path.source) / name).is_file()]
    if not (files and flaw.question):
        return entry.finding(flaw.text, stops=flaw.stops)
    documents = [each for each in load_documents(files[0].read_bytes()) if isinstance(each, Document)]
    line = documents[0].lines.nearest((flaw.question,), 1) if documents else 1
    return Finding(str(_shown(files[0])), line, "error" if flaw.stops else "warning", flaw.text)


def _house(config: IdpYaml, paths: Sequence[GoldenPath], aside: Path) -> Idp:
    """As much of a house as rendering needs; nothing of it outlives the check."""
    database = Database(f"sqlite:///{aside}/lint.db")
    return Idp(
        database=database,
        catalog=Catalog(database),
        oncall=AllOnCall([], of_this_machine),
        sources=(),
        now=of_this_machine,
        request_sync=lambda _source: "",
        version="",
        config_path="",
        platform_owner=config.platform.owner,
        golden_paths=Renderer(paths, Shelf(aside / "golden-paths", FETCH)),
        repo_host=LocalHost(aside / "git", config.repo_host.org if config.repo_host else "lint"),
        runs=aside / "runs",
    )
