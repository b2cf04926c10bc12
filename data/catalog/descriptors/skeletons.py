"""Files that are templates of catalog files: their entities exist only when somebody fills them in."""

import re
from typing import Any

_MARK = re.compile(r"\{\{|\{%|<%|\$\{")
_AROUND = 3  # lines before a fault in which a mark explains it


def may_be_skeleton(content: bytes, path: str) -> bool:
    """Whether it is worth looking closer at the documents of this file."""
    # single bytes first: most files have none of them, and looking for pairs takes ten times as long
    braced = b"{" in content and (b"{{" in content or b"{%" in content or b"${" in content)
    return braced or (b"%" in content and b"<%" in content) or is_skeleton_path(path)


def is_skeleton_path(path: str) -> bool:
    """Whether the path itself is to be filled in, such as `${{ values.name }}/catalog-info.yaml`."""
    return _MARK.search(path) is not None


def is_skeleton(path: str, value: object) -> bool:
    """Whether the path or the identity of the entity is to be filled in; other texts may hold marks."""
    return isinstance(value, dict) and (is_skeleton_path(path) or _has_open_identity(value))


def _has_open_identity(value: dict[str, Any]) -> bool:
    metadata = value.get("metadata")
    named = (metadata.get("name"), metadata.get("namespace")) if isinstance(metadata, dict) else (None,)
    parts = (value.get("kind"), value.get("apiVersion"), *named)
    return any(_is_marked(part) for part in parts)


def explains_fault(path: str, content: bytes, line: int) -> bool:
    """Whether a document cannot be read because of such a mark in its path or near the line, from 1."""
    lines = content.split(b"\n", line)[max(0, line - _AROUND) : line]
    return is_skeleton_path(path) or any(_MARK.search(one.decode(errors="replace")) for one in lines)


def _is_marked(part: object) -> bool:
    if isinstance(part, str):
        return _MARK.search(part) is not None
    return isinstance(part, dict)  # `name: {{ name }}` reads as a mapping
