"""One catalog file in, entities and problems out. Pure: the caller brings the bytes and what placeholders name."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from data.catalog.descriptors.describing import entity_of, identity, text
from data.catalog.descriptors.doubts import MOST, doubts
from data.catalog.descriptors.flaws import Flaw
from data.catalog.descriptors.placeholders import ABSENT, Filler, may_hold_placeholder
from data.catalog.descriptors.relations import Declared, declared
from data.catalog.descriptors.skeletons import explains_fault, is_skeleton, may_be_skeleton
from data.catalog.entity import Entity, Level, Problem
from data.catalog.locations import targets_of
from data.documents.checking import described
from data.documents.loading import load_documents
from data.documents.values import Document, Fault, Lines, Path

_WANTED = "apiVersion, kind and metadata.name"
_LONGEST_NAME = 253
_KIND = re.compile(r"[^\s:/]{1,100}")  # more than Backstage allows, but a reference can be written of it


class Row(NamedTuple):
    """An entity and a hash of its whole document, which ignores where it stands."""

    entity: Entity
    digest: str


@dataclass(slots=True)
class Reading:
    """What one file says. `targets` are the files that its Locations name, as written; `documents` counts all
    that are not empty, `templates` those recognised as skeletons of a template engine."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    documents: int = 0
    templates: int = 0


def read_file(content: bytes, path: str, source: str, fetch: Callable[[str], bytes], url: str = "") -> Reading:
    """Read one file; never raises for what the file contains.

    `fetch(target)` serves `$text`, `$json` and `$yaml` and raises UserError when it may not or cannot; `url` is
    where a person can look at the file.
    """
    filler = Filler(fetch) if may_hold_placeholder(content) else None
    file = _File(content, path, source, url, filler, may_be_skeleton(content, path))
    for found in load_documents(content):
        file.reading.documents += 1
        if isinstance(found, Fault):
            file.take_fault(found)
        else:
            file.take_document(found)
    if not file.reading.documents:
        file.take_nothing()
    return file.reading


def read_entity(content: bytes, path: str, source: str, url: str = "") -> Reading:
    """Read one entity that another catalog tells as JSON: its placeholders are filled, and it has no lines."""
    file = _File(content, path, source, url, None, may_be_skeleton=False)
    file.reading.documents = 1
    try:
        value = orjson.loads(content.replace(b"\\u0000", b"\\ufffd"))  # which PostgreSQL does not keep
    except orjson.JSONDecodeError as error:
        file.take_fault(Fault(1, "yaml", f"This is not JSON: {error.msg}.", "an entity as JSON"))
    else:
        file.take_document(Document(value, 1, Lines(value, {})))
    return file.reading


@dataclass(slots=True)
class _File:
    content: bytes
    path: str
    source: str
    url: str
    filler: Filler | None
    may_be_skeleton: bool
    reading: Reading = field(default_factory=Reading)
    lines: dict[str, int] = field(default_factory=dict)  # of the references that this file has given

    def take_nothing(self) -> None:
        self._tell(1, "warning", "envelope", "The file is empty.", f"an entity: {_WANTED}")

    def take_fault(self, fault: Fault) -> None:
        if self.may_be_skeleton and explains_fault(self.path, self.content, fault.line):
            self._tell_template(fault.line)
        else:
            self._tell(fault.line, "error", fault.code, fault.message, fault.expected)

    def take_document(self, document: Document) -> None:
        value = document.value
        if self.may_be_skeleton and is_skeleton(self.path, value):
            self._tell_template(document.line)
            return
        value, left_out = self._filled(document)
        if reason := _not_an_entity(value):
            self._tell(document.line, "error", "envelope", reason, _WANTED)
            return
        try:
            body = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            self._tell(document.line, "error", "limit", "The document is nested too deep.", "fewer levels")
            return
        self._take_entity(document, value, body, left_out)

    def _take_entity(self, document: Document, value: dict[str, Any], body: bytes, left_out: set[Path]) -> None:
        ref = identity(value)
        if str(ref) in self.lines:
            message = f"{ref} stands in line {self.lines[str(ref)]} already; the first one counts."
            self._tell(document.line, "error", "duplicate", message, "each entity once", str(ref))
            return
        self.lines[str(ref)] = document.line
        found = list(declared(ref.kind, ref.namespace, value.get("spec")))
        relations = [one for one in found if isinstance(one, Declared)]
        entity = entity_of(ref, document, value, relations, source=self.source, path=self.path, url=self.url)
        # What a placeholder names is part of the content, even where it could not be had.
        content = body + orjson.dumps(document.value, option=orjson.OPT_SORT_KEYS) if left_out else body
        self.reading.rows.append(Row(entity, blake2b(content, digest_size=16).hexdigest()))
        flaws = [*doubts(value), *(one for one in found if isinstance(one, Flaw))]
        if flaws or document.noted:
            self._tell_doubts(document, flaws, left_out, entity.ref)
        if ref.kind.lower() == "location" and isinstance(value.get("spec"), dict):
            self.reading.targets.extend(targets_of(value["spec"]))

    def _filled(self, document: Document) -> tuple[Any, set[Path]]:
        """The document with its placeholders filled, and the paths that could not be had, which are told here."""
        if self.filler is None:
            return document.value, set()
        value = self.filler.fill(document.value)
        for flaw in self.filler.flaws:
            self._tell(document.lines.nearest(flaw.path, document.line), "warning", *flaw[1:])
        left_out = {flaw.path for flaw in self.filler.flaws}
        self.filler.flaws.clear()
        return None if value is ABSENT else value, left_out

    def _tell_doubts(self, document: Document, flaws: list[Flaw], left_out: set[Path], ref: str) -> None:
        for fault in _without_lost_marker(document):
            self._tell(fault.line, "warning", fault.code, fault.message, fault.expected, ref)
        told = set(left_out)
        for flaw in flaws:
            if flaw.path not in told and len(told) < MOST:
                told.add(flaw.path)
                line = document.lines.nearest(flaw.path, document.line)
                self._tell(line, "warning", flaw.code, flaw.message, flaw.expected, ref)

    def _tell_template(self, line: int) -> None:
        self.reading.templates += 1
        message = "This is a template of a catalog file, not an entity."
        self._tell(line, "warning", "template", message, "nothing to do, unless it should be in the catalog")

    def _tell(self, line: int, level: Level, code: str, message: str, expected: str, ref: str = "") -> None:  # noqa: PLR0917 - the fields of Problem, in its order
        self.reading.problems.append(Problem(self.path, line, level, code, message, expected, ref))


def _without_lost_marker(document: Document) -> Sequence[Fault]:
    """The doubled keys; one fault in their place where they are those of a second entity in the same document."""
    begin = document.lines.get(("apiVersion",), document.line)
    first = next((fault for fault in document.noted if fault.line == begin), None)
    if first is None:
        return document.noted
    message = "A second entity begins here inside of the first one; the keys of the second count."
    return [Fault(first.line, first.code, message, "a line of --- before it")]


def _not_an_entity(value: object) -> str:
    """Why the document cannot be an entity at all; "" when it can."""
    if not isinstance(value, dict):
        return f"This document is {described(value)}, not an entity."
    metadata = value.get("metadata")
    name = text(metadata.get("name")) if isinstance(metadata, dict) else ""
    kind = value.get("kind")
    absent = [*(["kind"] if not kind else []), *(["metadata.name"] if not name.strip() else [])]
    if absent:
        keys = ", ".join(list(value)[:3])
        return f"This document is not an entity: it has no {' and no '.join(absent)}; it begins with {keys[:80]}."
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        return f"This document is not an entity: its kind is {described(kind)}."
    return "" if len(name) <= _LONGEST_NAME else "The name of this entity is far too long."
