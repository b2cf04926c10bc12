"""Plain values from parser events: no recursion, no tree in between, and counted while they are built.

About half the time of `yaml.load(…, CSafeLoader)`, lines included.
"""

from collections.abc import Callable, Iterator
from typing import Any

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from data.documents.anchors import Anchors
from data.documents.scalars import MAYBE_SPECIAL, Scalar, resolve, resolve_tagged
from data.documents.values import Document, Fault, Limits, Lines, Refused, Step

_MOST_NOTED = 20  # of one document
_CONTAINER_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


def build(chunk: bytes, offset: int, limits: Limits) -> Iterator[Document]:
    """The documents of a chunk whose first line is `offset`, without the empty ones.

    Raises Refused, and yaml.YAMLError from the parser.
    """
    next_event = CParser(chunk).get_event
    while type(event := next_event()) is not StreamEndEvent:
        if type(event) is DocumentStartEvent:
            document = _document(next_event, offset, limits)
            if document.value is not None:
                yield document


# One loop over local variables: with a method for each kind of event it took 0.60 of CSafeLoader's time, not 0.50.
def _document(next_event: Callable[[], Any], offset: int, limits: Limits) -> Document:  # noqa: C901, PLR0912
    anchors, noted, root = Anchors(limits), list[Fault](), list[Any]()
    stack: list[tuple[Any, dict[Step, int], bool]] = []
    all_marks: dict[int, dict[Step, int]] = {}
    marks: dict[Step, int] = {}
    top: Any = root
    is_map, wants_key, key = False, False, ""
    for _ in range(limits.events):
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            value: Any = event.value
            if wants_key:
                if value in top or value == "<<" or event.anchor is not None or not event.implicit[0]:
                    _check_key(event, marks, anchors, noted, offset)
                marks[value] = event.start_mark.line + offset
                key, wants_key = value, False
                continue
            if not event.implicit[0]:
                value = _unplain(event, offset)
            elif not value or value[0] in MAYBE_SPECIAL:
                value = resolve(value, event.start_mark.line + offset)
            if event.anchor is not None:
                anchors.name(event.anchor, value)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            top, marks, is_map = stack.pop()
            wants_key = is_map
            continue
        elif kind is DocumentEndEvent:
            anchors.weigh_root(root[0], marks[0])
            return Document(root[0], marks[0], Lines(root[0], all_marks), noted)
        elif kind is AliasEvent:
            value = anchors.value(
                event.anchor, [*(frame[0] for frame in stack), top], event.start_mark.line + offset
            )
            if wants_key:
                raise Refused(event.start_mark.line + offset, "yaml", "An alias stands as a key.", "a plain key")
        else:
            value = {} if kind is MappingStartEvent else []
            if wants_key or len(stack) >= limits.depth or event.tag is not None:
                _check_start(event, wants_key, len(stack), limits, offset)
            if event.anchor is not None:
                anchors.name(event.anchor, value)
        # a value has come: a scalar, what an alias stands for, or a container that is filled from here on
        if is_map:
            top[key], wants_key = value, True
        else:
            marks[len(top)] = event.start_mark.line + offset
            top.append(value)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append((top, marks, is_map))
            top, is_map, wants_key = value, kind is MappingStartEvent, kind is MappingStartEvent
            marks = all_marks[id(value)] = {}
    raise Refused(offset, "limit", "The document has too many values.", f"at most about {limits.events:,}")


def _unplain(event: Any, offset: int) -> Scalar:
    """The value of a scalar with quotes or a tag, or in a block."""
    line = event.start_mark.line + offset
    if "\0" in event.value:
        raise Refused(line, "scalar", "This text holds the character U+0000.", "text without it")
    return event.value if event.tag is None else resolve_tagged(event.value, event.tag, line)


def _check_key(event: Any, marks: dict[Step, int], anchors: Anchors, noted: list[Fault], offset: int) -> None:
    """The rare keys: notes those that stand twice; raises Refused for those that are not plain text."""
    key, line, (plain, _) = event.value, event.start_mark.line + offset, event.implicit
    if key == "<<" and plain:
        raise Refused(line, "merge", "Merge keys (<<) are not read.", "the keys themselves, written out")
    if key in marks and len(noted) < _MOST_NOTED:
        message = f"The key {key!r} stands here and in line {marks[key]}; the last one counts."
        noted.append(Fault(line, "duplicate-key", message, "each key once"))
    _unplain(event, offset)
    if event.anchor is not None:
        anchors.name(event.anchor, key)


def _check_start(event: Any, wants_key: bool, depth: int, limits: Limits, offset: int) -> None:
    line = event.start_mark.line + offset
    if depth >= limits.depth:
        raise Refused(line, "limit", "The document is nested too deep.", f"at most {limits.depth} levels")
    if wants_key:
        raise Refused(line, "yaml", "A list or mapping stands where a key is needed.", "a plain key")
    if event.tag not in _CONTAINER_TAGS:
        raise Refused(line, "tag", f"The tag {event.tag} is not read.", "plain YAML without tags")
