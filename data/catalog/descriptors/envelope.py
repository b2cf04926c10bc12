"""What every entity must look like, whatever its kind: the envelope of Backstage's catalog model."""

from collections.abc import Callable, Iterator
from typing import Any

from data.catalog.descriptors import formats
from data.catalog.descriptors.flaws import Flaw, broken, missing
from data.documents.values import Path

ROOT_KEYS = ("apiVersion", "kind", "metadata", "spec", "relations", "status")

_MAPPING = "a mapping of keys to values"
_RELATION_KEYS = {"type", "target", "targetRef"}
_STATUS_LEVELS = ("info", "warning", "error")
Rule = tuple[str, formats.Test, str]  # key, test, code of the problem
_REQUIRED: tuple[Rule, ...] = (
    ("apiVersion", formats.is_api_version, "envelope"),
    ("kind", formats.is_kind, "kind"),
)
_METADATA: tuple[Rule, ...] = (
    ("namespace", formats.is_dns_label, "namespace"),
    ("uid", formats.is_not_empty, "envelope"),
    ("etag", formats.is_not_empty, "envelope"),
    ("title", formats.is_not_empty, "envelope"),
    ("description", formats.is_annotation_value, "envelope"),
)
_LINK: tuple[Rule, ...] = (
    ("title", formats.is_text, "link"),
    ("icon", formats.is_name, "link"),
    ("type", formats.is_not_empty, "link"),
)


def flaws(document: object) -> list[Flaw]:
    """Everything that Backstage's envelope checks refuse in a document; empty when it would be taken.

    The facts are those of catalog-model 1.10.1. A null value is not the same as an absent key.
    """
    if not isinstance(document, dict):
        return [broken((), "envelope", document, _MAPPING)]
    return [
        *_root_flaws(document),
        *_metadata_flaws(document.get("metadata"), "metadata" in document),
        *_optional_mapping(document, "spec"),
        *_relation_flaws(document),
        *_status_flaws(document),
    ]


def identity_flaws(document: dict[str, Any]) -> Iterator[Flaw]:
    """The flaws of an entity that is none of ours: of what all kinds share, and whose metadata is a mapping."""
    for key, test, code in _REQUIRED:
        yield from _required(document, (), key, test, code)
    yield from _inner_flaws(document["metadata"])


def _inner_flaws(metadata: dict[str, Any]) -> Iterator[Flaw]:
    yield from _required(metadata, ("metadata",), "name", formats.is_name, "name")
    for rule in _METADATA:
        yield from _optional(metadata, ("metadata",), rule)
    yield from _pair_flaws(metadata, "labels", formats.is_label_value)
    yield from _pair_flaws(metadata, "annotations", formats.is_annotation_value)
    yield from _each(metadata, "tags", _tag_flaws)
    yield from _each(metadata, "links", _link_flaws)


def _root_flaws(document: dict[str, Any]) -> Iterator[Flaw]:
    for key, test, code in _REQUIRED:
        yield from _required(document, (), key, test, code)
    for key in document:
        if key not in ROOT_KEYS:
            yield Flaw((key,), "field", f"{key} is not a key of an entity.", "one of " + ", ".join(ROOT_KEYS))


def _metadata_flaws(metadata: object, present: bool) -> Iterator[Flaw]:
    if not present:
        yield missing(("metadata",), "envelope", _MAPPING)
    elif isinstance(metadata, dict):
        yield from _inner_flaws(metadata)
    else:
        yield broken(("metadata",), "envelope", metadata, _MAPPING)


def _required(holder: dict[str, Any], path: Path, key: str, test: formats.Test, code: str) -> Iterator[Flaw]:
    if key not in holder:
        yield missing((*path, key), code, formats.EXPECTED[test])
    elif not test(holder[key]):
        yield broken((*path, key), code, holder[key], formats.EXPECTED[test])


def _optional(holder: dict[str, Any], path: Path, rule: Rule) -> Iterator[Flaw]:
    key, test, code = rule
    if key in holder and not test(holder[key]):
        yield broken((*path, key), code, holder[key], formats.EXPECTED.get(test, "text"))


def _optional_mapping(holder: dict[str, Any], key: str) -> Iterator[Flaw]:
    if key in holder and not isinstance(holder[key], dict):
        yield broken((key,), "envelope", holder[key], _MAPPING)


def _pair_flaws(metadata: dict[str, Any], field: str, test: formats.Test) -> Iterator[Flaw]:
    if field not in metadata:
        return
    pairs, path, code = metadata[field], ("metadata", field), field.removesuffix("s")
    if not isinstance(pairs, dict):
        yield broken(path, code, pairs, _MAPPING)
        return
    for key, value in pairs.items():
        if not formats.is_key(key):
            yield Flaw(
                (*path, key), code, f"The {code} key “{key[:80]}” is odd.", formats.EXPECTED[formats.is_key]
            )
        if not test(value):
            yield broken((*path, key), code, value, formats.EXPECTED[test])


def _each(
    metadata: dict[str, Any], field: str, flaws_of: Callable[[object, Path], Iterator[Flaw]]
) -> Iterator[Flaw]:
    if field not in metadata:
        return
    if not isinstance(metadata[field], list):
        yield broken(("metadata", field), field.removesuffix("s"), metadata[field], "a list")
        return
    for index, item in enumerate(metadata[field]):
        yield from flaws_of(item, ("metadata", field, index))


def _tag_flaws(tag: object, path: Path) -> Iterator[Flaw]:
    if not formats.is_tag(tag):
        yield broken(path, "tag", tag, formats.EXPECTED[formats.is_tag])


def _link_flaws(link: object, path: Path) -> Iterator[Flaw]:
    if not isinstance(link, dict):
        yield broken(path, "link", link, "a mapping with a url")
        return
    yield from _required(link, path, "url", formats.is_url, "link")
    for rule in _LINK:
        yield from _optional(link, path, rule)


def _relation_flaws(document: dict[str, Any]) -> Iterator[Flaw]:
    relations = document.get("relations", [])
    if not isinstance(relations, list):
        yield broken(("relations",), "envelope", relations, "a list")
        return
    for index, item in enumerate(relations):
        if not _is_relation(item):
            yield broken(("relations", index), "envelope", item, "a mapping with type and targetRef")


def _is_relation(item: object) -> bool:
    if not isinstance(item, dict) or not item.keys() <= _RELATION_KEYS:
        return False
    kind, target = item.get("type"), item.get("targetRef")
    if not isinstance(kind, str) or not kind.replace("_", "a").isalnum() or not kind.isascii():
        return False
    return isinstance(target, str) and target != "" and ("target" not in item or _is_reference(item["target"]))


def _is_reference(target: object) -> bool:
    parts = {"kind", "namespace", "name"}
    return isinstance(target, dict) and target.keys() == parts and all(map(formats.is_not_empty, target.values()))


def _status_flaws(document: dict[str, Any]) -> Iterator[Flaw]:
    yield from _optional_mapping(document, "status")
    status = document.get("status")
    items = status.get("items", []) if isinstance(status, dict) else []
    if not isinstance(items, list) or not all(map(_is_status, items)):
        yield broken(("status", "items"), "envelope", items, "a list of mappings with type, level and message")


def _is_status(item: object) -> bool:
    if (
        not isinstance(item, dict)
        or not formats.is_not_empty(item.get("type"))
        or not isinstance(item.get("message"), str)
    ):
        return False
    error = item.get("error", {"name": "x", "message": ""})
    sound = (
        isinstance(error, dict)
        and formats.is_not_empty(error.get("name"))
        and isinstance(error.get("message"), str)
    )
    return sound and item.get("level") in _STATUS_LEVELS
