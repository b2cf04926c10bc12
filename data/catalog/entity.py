"""An entity of the catalog, its reference, its relations, and what may be wrong with its file.

References follow Backstage: `[kind:][namespace/]name`, compared in lower case; the canonical form is
`kind:namespace/name`, all lower case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import orjson

from data.catalog.packing import unpacked
from data.errors import Invalid

DEFAULT_NAMESPACE = "default"

INVERSE = {
    "ownedBy": "ownerOf",
    "partOf": "hasPart",
    "dependsOn": "dependencyOf",
    "providesApi": "apiProvidedBy",
    "consumesApi": "apiConsumedBy",
    "childOf": "parentOf",
    "memberOf": "hasMember",
}
INVERSE |= {back: there for there, back in INVERSE.items()}


_URL = '{"url":"'


class Ref(NamedTuple):
    """A full reference, as written; `str(ref)` is the canonical lower-case form."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.namespace}/{self.name}".lower()


def parse_ref(text: object, kind: str | None = None, namespace: str | None = None) -> Ref:
    """Read `[kind:][namespace/]name`; `kind` and `namespace` are the defaults of the field it stands in.

    A colon after the first slash belongs to the name. A mapping with the keys kind, namespace and name is read
    as well. Raises Invalid with the reason.
    """
    if not text or not isinstance(text, str):  # nearly all are; asking for a Mapping takes as long as all the rest
        return _unusual_ref(text, kind, namespace)
    slash = text.find("/")
    colon = text.find(":", 0, slash if slash >= 0 else None)
    given_kind = text[:colon] if colon >= 0 else kind
    rest = text[colon + 1 :]
    head, cut, tail = rest.partition("/")
    given_namespace, name = (head, tail) if cut else (namespace or DEFAULT_NAMESPACE, head)
    if not given_namespace or not name or colon == 0:
        raise Invalid(f"The reference {text!r} has an empty part.", "Write [kind:][namespace/]name.")
    if not given_kind:
        raise Invalid(f"The reference {text!r} names no kind.", "Write kind:name, such as component:checkout.")
    return Ref(given_kind, given_namespace, name)


def _unusual_ref(value: object, kind: str | None, namespace: str | None) -> Ref:
    if isinstance(value, Mapping):
        return _compound_ref(value, kind, namespace)
    if value is None or value == "":
        raise Invalid("The reference is empty.")
    raise Invalid(f"A reference is a text, not {type(value).__name__}.")


def _compound_ref(parts: Mapping[str, object], kind: str | None, namespace: str | None) -> Ref:
    given = {"kind": kind, "namespace": namespace or DEFAULT_NAMESPACE} | dict(parts)
    for part in Ref._fields:
        if not isinstance(given.get(part), str) or not given[part]:
            raise Invalid(f"The reference has no {part}.", "Give kind, namespace and name.")
    return Ref(*(str(given[part]) for part in Ref._fields))


def short(ref: str) -> str:
    """The name of a canonical reference; with its namespace when that is not the default one."""
    namespace, _, name = ref.partition(":")[2].partition("/")
    return name if namespace == DEFAULT_NAMESPACE else f"{namespace}/{name}" if name else ref


class Relation(NamedTuple):
    """One declared relation: its type as seen from the entity that declares it, the canonical target, the line."""

    type: str
    target: str
    line: int


class Entity(NamedTuple):
    """One entity as the read model holds it: flat, small, immutable. Texts are "" where nothing is stated."""

    ref: str  # canonical
    kind: str  # as written, such as Component
    namespace: str
    name: str
    title: str
    description: str
    owner: str  # canonical reference of spec.owner
    type: str
    lifecycle: str
    system: str  # canonical reference of spec.system
    tags: str  # joined by one space
    source: str  # name of the source that told us
    path: str  # file inside the source, or its URL
    line: int  # where the document begins, from 1
    stale: bool  # the file no longer reads; this is its last good version
    relations: str  # JSON: [[type, target, line], …], declared by this entity only
    detail: str  # JSON object, in the read model packed; see `details` and `stated`

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.name

    @property
    def url(self) -> str:
        """Where the file is viewed, "" if nowhere. It stands first in `detail`: nothing else of it is decoded."""
        if not self.detail.startswith(_URL):
            return ""
        url = unpacked(self.detail[len(_URL) : self.detail.index('"', len(_URL))], self.name)
        return url if "\\" not in url else str(self.details()["url"])

    @property
    def stated(self) -> str:
        """The details as JSON, to look whether they hold a word at all."""
        return unpacked(self.detail, self.name)

    def details(self) -> dict[str, Any]:
        """The rarely needed rest, decoded.

        Keys, each present only when stated: annotations {key: text}, labels {key: text}, aliases [text],
        links [{url, title, icon, type}], profile {displayName, email, picture}, spec {field: scalar or [text]} of
        what has no field here, parameters [text] of what a template asks,
        api {title, version, endpoints: [text], format}, url (where the file is viewed).
        At most 50 of each, texts cut at 4,000 characters.
        """
        decoded: dict[str, Any] = orjson.loads(self.stated) if self.detail else {}
        return decoded

    def declared(self) -> list[Relation]:
        """The relations that this entity's own file declares."""
        return [Relation(*row) for row in orjson.loads(self.relations)] if self.relations else []


Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a catalog file that its author should know.

    `level` error: the document (or file) was not taken; warning: it was, with a doubt. `code` is a stable word
    of what it is about: of reading (yaml, limit, alias, merge, duplicate-key, scalar, tag), of the envelope
    (envelope, kind, name, namespace, field, label, annotation, link), of the spec (spec, owner, type, lifecycle,
    relation), or duplicate, template, placeholder, location.
    """

    path: str
    line: int
    level: Level
    code: str
    message: str
    expected: str = ""
    ref: str = ""
