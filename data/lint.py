"""Files checked before they are merged: catalog files, rotas, policies, scorecards, golden paths.

What a file is, its content says; a golden path is a folder with a copier.yml.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from data.catalog.descriptors.reading import read_file
from data.catalog.entity import Entity, Problem
from data.catalog.sources.files import FilesSource
from data.catalog.sources.tree import NAMES
from data.documents import Document, Fault, check, load_documents
from data.errors import UserError
from data.integrations.rota import read_rota
from data.policies import PoliciesFile
from data.ports.catalog import Checkout, Known, SourceFile
from data.scorecards.loading import load_scorecards

LARGEST: Final = 8 << 20  # bytes of a file that is looked at to see what it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that its author should mend; `line` from 1, 0 for the whole file. Only an error fails a check."""

    file: str
    line: int
    level: Literal["error", "warning"]
    message: str
    expected: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.level}: {self.message}" + (f" Expected: {self.expected}" if self.expected else "")


@dataclass(frozen=True, slots=True)
class Held:
    """What was read along the way, for what is compared across files: entities, and documents with policies."""

    entities: list[Entity] = field(default_factory=list)
    policies: list[tuple[Path, Document]] = field(default_factory=list)


Lint = Callable[[Path, Held], list[Finding]]


def lint_path(path: Path, held: Held) -> list[Finding]:
    """A file of any known kind, or all catalog files and golden paths below a folder."""
    if path.is_dir():
        return lint_folder(path, held)
    if not path.is_file():
        return [Finding(str(path), 0, "error", "There is no such file.", "a file or a folder")]
    if path.name in COPIER:
        return lint_golden_path(path)
    return _by_content(path)(path, held)


def lint_folder(path: Path, held: Held) -> list[Finding]:
    """All catalog files and golden paths below; a folder without either is doubtful."""
    known = len(held.entities)
    golden = list(_golden_paths(path))
    found = [*lint_catalog(path, held), *(each for file in golden for each in lint_golden_path(file))]
    if found or golden or len(held.entities) > known:
        return found
    return [Finding(str(path), 0, "warning", "Nothing in it is checked.", "a catalog-info.yaml or copier.yml")]


def lint_catalog(path: Path, held: Held) -> list[Finding]:
    """Catalog files, and those that their Locations lead to."""
    found: list[Finding] = []
    folder = path if path.is_dir() else path.parent
    try:
        checkout = FilesSource("lint", path.absolute()).open()
    except UserError as error:
        return [Finding(str(path), 0, "error", error.message, error.hint)]
    try:
        for file in _all_files(checkout, found, folder):
            found += _catalog_file(checkout, file, folder, held)
    finally:
        checkout.close()
    return found


def _all_files(checkout: Checkout, found: list[Finding], folder: Path) -> Iterator[SourceFile]:
    """The files found by name, then those that are named in others."""
    nothing = Known({})
    files = list(checkout.files(nothing))
    while files:
        files = [file for file in files if file.form != "companion"]  # a text beside a service, without entities
        yield from files
        for file in files:
            for target in _targets(checkout, file):
                found += [_found(problem, folder) for problem in checkout.want(file.path, target)]
        files = list(checkout.wanted(nothing))


def _targets(checkout: Checkout, file: SourceFile) -> Sequence[str]:
    return read_file(file.content, file.path, "lint", _fetch(checkout, file)).targets if file.content else ()


def _catalog_file(checkout: Checkout, file: SourceFile, folder: Path, held: Held) -> list[Finding]:
    if file.problem is not None:
        return [_found(file.problem, folder)]
    reading = read_file(file.content or b"", file.path, "lint", _fetch(checkout, file))
    held.entities.extend(row.entity for row in reading.rows)
    return [_found(problem, folder) for problem in reading.problems]


def _fetch(checkout: Checkout, file: SourceFile) -> Callable[[str], bytes]:
    return lambda target: checkout.read(file.path, target)


def _found(problem: Problem, folder: Path) -> Finding:
    return Finding(str(folder / problem.path), problem.line, problem.level, problem.message, problem.expected)


def lint_rota(path: Path, _held: Held) -> list[Finding]:
    """A rota.yaml."""
    read = read_rota(path.read_bytes())
    return _faults(path, read) if isinstance(read, list) else []


def lint_scorecards(path: Path, _held: Held) -> list[Finding]:
    """A file of scorecards."""
    _, misread = load_scorecards([path])
    return [found for file, fault in misread for found in _faults(file, [fault])]


def lint_policies(path: Path, held: Held) -> list[Finding]:
    """A file of policies."""
    return [found for document in _documents(path) for found in _policies(path, document, held)]


def _policies(path: Path, document: Document | Fault, held: Held) -> list[Finding]:
    if isinstance(document, Fault):
        return _faults(path, [document])
    held.policies.append((path, document))
    read = check(PoliciesFile, document)
    return _faults(path, read) if isinstance(read, list) else []


COPIER: Final = frozenset({"copier.yml", "copier.yaml"})


def _golden_paths(folder: Path) -> Iterator[Path]:
    """The copier.yml of templates below, those inside of templates left out."""
    for name in sorted(COPIER):
        yield from (
            file for file in sorted(folder.rglob(name)) if "template" not in file.relative_to(folder).parts
        )


def lint_golden_path(path: Path) -> list[Finding]:
    """The copier.yml of a template: one mapping; each question a mapping with a type that copier knows."""
    found: list[Finding] = []
    for document in _documents(path):
        if isinstance(document, Fault):
            found += _faults(path, [document])
        elif not isinstance(document.value, Mapping):
            found.append(Finding(str(path), document.line, "error", "This is no mapping.", "questions by name"))
        else:
            found += _questions(path, document)
    return found


QUESTION_TYPES: Final = ("bool", "float", "int", "json", "path", "str", "yaml")


def _questions(path: Path, document: Document) -> Iterator[Finding]:
    for name, question in document.value.items():
        type_ = question.get("type", "str") if isinstance(question, Mapping) else "str"
        if not str(name).startswith("_") and type_ not in QUESTION_TYPES:
            line = document.lines.nearest((name, "type"), document.line)
            expected = "one of " + ", ".join(QUESTION_TYPES)
            yield Finding(
                str(path), line, "error", f"{name}.type is {type_!r}, which copier does not know.", expected
            )


KINDS: Final[Mapping[str, Lint]] = {
    "schedules": lint_rota,
    "scorecards": lint_scorecards,
    "policies": lint_policies,
    "apiVersion": lint_catalog,
    "kind": lint_catalog,
}
"""What a file is, by a key at its top."""


def _by_content(path: Path) -> Lint:
    if path.name in NAMES:
        return lint_catalog
    first = next((each for each in _documents(path) if isinstance(each, Document)), None)
    keys = first.value if first is not None and isinstance(first.value, Mapping) else {}
    return next((lint for key, lint in KINDS.items() if key in keys), _nothing_known)


def _nothing_known(path: Path, _held: Held) -> list[Finding]:
    faults = [each for each in _documents(path) if isinstance(each, Fault)]
    expected = "a catalog file, a rota, policies, scorecards or the copier.yml of a golden path"
    return _faults(path, faults) or [
        Finding(str(path), 1, "error", "It is not known what this file is.", expected)
    ]


def _documents(path: Path) -> list[Document | Fault]:
    if path.stat().st_size > LARGEST:
        return [Fault(0, "limit", "The file is too large.", f"at most {LARGEST >> 20} MiB")]
    return load_documents(path.read_bytes())


def _faults(path: Path, faults: Sequence[Fault]) -> list[Finding]:
    return [Finding(str(path), fault.line, "error", fault.message, fault.expected) for fault in faults]
