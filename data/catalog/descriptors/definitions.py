"""What an API definition says of itself, read line by line: cheap at any size, and enough for a card."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from data.documents import Document, load_documents

MOST_ENDPOINTS = 50
_DEEPEST = 8  # levels that are looked at
_SMALL = 64 * 1024  # characters of a definition that is read as YAML when its lines tell nothing
_LONGEST = 200  # characters of a title, a version or an endpoint
_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"))
# Every repetition is bounded or runs once over a line, so that no text can make them slow.
_LINE = re.compile(
    r"""^( *)(?:- +)?(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([^\s"'#\[{:][^\n]{0,200}?)):(?=[ \r\n]|\Z)([^\n]*)""",
    re.MULTILINE,
)
_GRAPHQL = re.compile(
    r"^[ \t]*(?:extend[ \t]+)?type[ \t]+(Query|Mutation|Subscription)\b[^{}]{0,300}\{([^}]{0,20000})", re.MULTILINE
)
_FIELD = re.compile(r"^[ \t]*([A-Za-z_]\w{0,200})[ \t]*(?:\([^)]{0,500}\))?[ \t]*:", re.MULTILINE)
_SERVICE = re.compile(
    r"^[ \t]*(?:service[ \t]+(\w{1,200})|rpc[ \t]+(\w{1,200})|package[ \t]+([\w.]{1,200}))", re.MULTILINE
)
_SPECIFICATIONS = ("openapi", "swagger", "asyncapi")

Summary = dict[str, Any]


def summary(kind: str, definition: str) -> Summary:
    """{format, title, version, endpoints}, each only where it is known; `kind` is the API's spec.type."""
    text = definition.lstrip()
    if text.startswith("{"):
        found = _from_json(text)
    elif kind == "graphql" or _GRAPHQL.search(text):
        found = {"format": "graphql", "endpoints": list(islice(_graphql(text), MOST_ENDPOINTS))}
    elif kind == "grpc" or text.startswith(("syntax", "package ")):
        found = _grpc(text)
    else:
        found = _from_lines(text)
        if not found["endpoints"] and "{" in text and len(text) <= _SMALL:
            found |= _from_yaml(text)
    found.setdefault("format", kind)
    return {key: value for key, value in found.items() if value}


def _from_json(text: str) -> Summary:
    try:
        return _from_document(orjson.loads(text))
    except orjson.JSONDecodeError:
        return {}


def _from_yaml(text: str) -> Summary:
    """A small definition in brackets, which its lines do not tell."""
    read = load_documents(text.encode("utf-8", "replace"))
    values = [each.value for each in read if isinstance(each, Document) and isinstance(each.value, dict)]
    return _from_document(values[0]) if values else {}


def _from_document(document: Mapping[str, Any]) -> Summary:
    info = _mapping(document.get("info"))
    found: Summary = {key: str(info[key])[:_LONGEST] for key in ("title", "version") if info.get(key)}
    for name in _SPECIFICATIONS:
        if name in document:
            found["format"] = f"{name} {document[name]}"[:_LONGEST]
    found["endpoints"] = list(islice(_operations(document), MOST_ENDPOINTS))
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    for path, item in _mapping(document.get("paths")).items():
        methods = [method for method in _mapping(item) if method in _METHODS]
        yield from (f"{method.upper()} {path}"[:_LONGEST] for method in methods)
    yield from (channel[:_LONGEST] for channel in _mapping(document.get("channels")))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _from_lines(text: str) -> Summary:
    """The same of YAML, by the indentation of its keys; block text that looks like keys may add an endpoint."""
    found: Summary = {}
    endpoints: list[str] = []
    for section, depth, parent, key, value in _keys(text):
        if depth == 0 and key in _SPECIFICATIONS and value:
            found["format"] = f"{key} {value}"[:_LONGEST]
        elif (section, depth) == ("info", 1) and key in ("title", "version") and value:
            found[key] = value[:_LONGEST]
        elif (section, depth) == ("paths", 2) and key in _METHODS:
            endpoints.append(f"{key.upper()} {parent}"[:_LONGEST])
        elif (section, depth) == ("channels", 1):
            endpoints.append(key[:_LONGEST])
        if len(endpoints) == MOST_ENDPOINTS:
            break
    return found | {"endpoints": endpoints}


def _keys(text: str) -> Iterator[tuple[str, int, str, str, str]]:
    """(section, depth, parent, key, value) of each line that looks like a key."""
    above: list[tuple[int, str]] = []  # (indentation, key) of the keys that this line is inside of
    for match in _LINE.finditer(text):
        indent, key = len(match[1]), match[2] or match[3] or match[4]
        above = [level for level in above if level[0] < indent][:_DEEPEST]
        parent = above[-1][1] if above else ""
        yield (above[0][1] if above else key), len(above), parent, key, _plain(match[5])
        above.append((indent, key))


def _plain(value: str) -> str:
    return value.strip().strip("\"'")


def _graphql(text: str) -> Iterator[str]:
    for block in _GRAPHQL.finditer(text):
        yield from (f"{block[1].lower()} {field[1]}" for field in _FIELD.finditer(block[2]))


def _grpc(text: str) -> Summary:
    service, title, endpoints = "", "", list[str]()
    for match in _SERVICE.finditer(text):
        service = match[1] or service
        title = title or match[3] or match[1] or ""
        if match[2] and len(endpoints) < MOST_ENDPOINTS:
            endpoints.append(f"{service}/{match[2]}".removeprefix("/"))
    return {"format": "grpc", "title": title, "endpoints": endpoints}
