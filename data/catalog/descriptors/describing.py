"""A document that is an entity, as the read model holds it."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from data.catalog.descriptors.definitions import summary
from data.catalog.descriptors.formats import is_url
from data.catalog.descriptors.relations import Declared
from data.catalog.descriptors.specs import ANYWHERE, POINTERS
from data.catalog.entity import DEFAULT_NAMESPACE, Entity, Ref
from data.documents.values import Document

ALIASES = "idp/aliases"
_LONGEST_TEXT = 4_000
_LONGEST_FIELD = 300
_MOST = 50  # annotations, labels, links and fields of spec each; nobody reads more on a card
_ELSEWHERE = {"type", "lifecycle", "definition", "profile", "steps", "parameters", "output"}


def identity(value: Mapping[str, Any]) -> Ref:
    """The reference of an entity: its name on one line, the default for a namespace that cannot be one."""
    metadata = value["metadata"]
    namespace = text(metadata.get("namespace")).strip()
    if not namespace or "/" in namespace or ":" in namespace:
        namespace = DEFAULT_NAMESPACE
    return Ref(text(value["kind"]), namespace, " ".join(text(metadata["name"]).split()))


def entity_of(
    ref: Ref,
    document: Document,
    value: Mapping[str, Any],
    relations: list[Declared],
    *,
    source: str,
    path: str,
    url: str,
) -> Entity:
    """The entity of a document whose placeholders are filled in `value`, with the relations that it declares."""
    metadata, spec = value["metadata"], _mapping(value.get("spec"))
    lines = _lines(document, relations)
    targets = {
        one.path[1]: one.target for one in reversed(relations)
    }  # the first, where a field wrongly has several
    return Entity(
        ref=str(ref),
        kind=ref.kind,
        namespace=ref.namespace,
        name=ref.name,
        title=text(metadata.get("title"))[:_LONGEST_FIELD],
        description=text(metadata.get("description"))[:_LONGEST_TEXT],
        owner=targets.get("owner", ""),
        type=text(spec.get("type"))[:_LONGEST_FIELD],
        lifecycle=text(spec.get("lifecycle"))[:_LONGEST_FIELD],
        system=targets.get("system", ""),
        tags=" ".join("-".join(tag.split()) for tag in _texts(metadata.get("tags"))),
        source=source,
        path=path,
        line=document.line,
        stale=False,
        relations=orjson.dumps([(*pair, line) for pair, line in lines.items()]).decode() if lines else "",
        detail=_detail(ref.kind.lower(), metadata, spec, url),
    )


def _lines(document: Document, relations: list[Declared]) -> dict[tuple[str, str], int]:
    """The line of each relation; of one that is declared twice, the last."""
    spec = document.value.get("spec")
    fields = document.lines.of(spec)
    lines = {}
    for kind, target, path in relations:
        line = fields.get(path[1], document.line)
        if len(path) > 2 and path[1] in fields:
            line = document.lines.of(spec[path[1]]).get(path[2], line)
        lines[kind, target] = line
    return lines


def text(value: object) -> str:
    """A scalar as text, "" for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else ""


def _detail(kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any], url: str) -> str:
    detail: dict[str, Any] = {
        "url": url,  # first, see Entity.url
        "annotations": _pairs(metadata.get("annotations")),
        "labels": _pairs(metadata.get("labels")),
        "links": _links(metadata.get("links")),
        "profile": _pairs(spec.get("profile")),
        "spec": _small_fields(kind, spec),
    }
    if aliases := detail["annotations"].get(ALIASES):
        detail["aliases"] = [alias.strip() for alias in aliases.split(",") if alias.strip()][:_MOST]
    if kind == "template":
        detail["parameters"] = list(islice(_parameters(spec.get("parameters")), _MOST))
    if kind == "api":
        detail["api"] = summary(text(spec.get("type")), text(spec.get("definition")))
    stated = {key: value for key, value in detail.items() if value}
    return orjson.dumps(stated).decode() if stated else ""


def _parameters(pages: object) -> Iterator[str]:
    """What a Backstage template asks for, by title: its parameters are one JSON Schema, or one for each page."""
    for page in pages if isinstance(pages, list) else [pages]:
        asked = page.get("properties") if isinstance(page, dict) else None
        for name, schema in asked.items() if isinstance(asked, dict) else ():
            title = schema.get("title") if isinstance(schema, dict) else None
            yield (text(title) or str(name))[:_LONGEST_FIELD]


def _small_fields(kind: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """What the spec says beyond the fields that an entity has, as far as it fits on a card."""
    known = POINTERS.get(kind, ANYWHERE)
    further = [key for key in spec if key not in _ELSEWHERE and key not in known][:_MOST]
    pairs = ((key, _small(spec[key])) for key in further)
    return {key: value for key, value in pairs if value}


def _small(value: Any) -> Any:
    small = _texts(value[:_MOST]) if isinstance(value, list) else value if text(value) else None
    return small if len(str(small)) <= _LONGEST_FIELD * 4 else None


def _pairs(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    pairs = value if len(value) <= _MOST else dict(list(value.items())[:_MOST])
    return {key: said[:_LONGEST_TEXT] for key, inner in pairs.items() if (said := text(inner))}


def _links(value: object) -> list[dict[str, str]]:
    links = value[:_MOST] if isinstance(value, list) else []
    pairs = (_pairs(link) for link in links)
    return [link for link in pairs if is_url(link.get("url"))]


def _texts(value: object) -> list[str]:
    return [text(item) for item in value if text(item)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
