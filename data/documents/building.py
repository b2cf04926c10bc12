"""Plain values from parser events: no recursion, no tree in between, and counted while they are built.

About half the time of `yaml.load(…, CSafeLoader)`, lines included.
"""

from collections.abc import Iterator
from typing import Any

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from data.documents.anchors import Anchors
from data.documents.scalars import MAYBE_SPECIAL, resolve, resolve_tagged
from data.documents.values import Document, Fault, Limits, Lines, Refused, Step

_MOST_NOTED = 20  # of one document
_CONTAINER_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


# One loop over local variables: with a method for each kind of event it took 0.60 of CSafeLoader's time, not 0.48.
def build(chunk: bytes, offset: int, limits: Limits) -> Iterator[Document]:  # noqa: C901, PLR0912, PLR0915
    """The documents of a chunk whose first line is `offset`, without the empty ones.

    Raises Refused, and yaml.YAMLError from the parser.
    """
    next_event = CParser(chunk).get_event
    for _ in range(2 * limits.nodes):
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
                _check_marked(event, offset)
                if event.tag is not None:
                    value = resolve_tagged(value, event.tag, event.start_mark.line + offset)
            elif not value or value[0] in MAYBE_SPECIAL:
                value = resolve(value, event.start_mark.line + offset)
            if event.anchor is not None:
                anchors.name(event.anchor, value)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            value = {} if kind is MappingStartEvent else []
            if wants_key or len(stack) >= limits.depth or event.tag is not None:
                _check_start(event, wants_key, len(stack), limits, offset)
            if event.anchor is not None:
                anchors.name(event.anchor, value)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            top, marks, is_map = stack.pop()
            wants_key = is_map
            continue
        elif kind is AliasEvent:
            line = event.start_mark.line + offset
            value = anchors.value(event.anchor, [*(frame[0] for frame in stack), top], line)
            if wants_key:
                raise Refused(line, "yaml", "An alias stands where a key is needed.", "a plain key")
        elif kind is DocumentStartEvent:
            root: list[Any] = []
            top, is_map, wants_key, key = root, False, False, ""
            stack: list[tuple[Any, dict[Step, int], bool]] = []
            marks: dict[Step, int] = {}
            all_marks: dict[int, dict[Step, int]] = {}
            anchors, noted = Anchors(limits), list[Fault]()
            continue
        elif kind is DocumentEndEvent:
            if root[0] is not None:
                anchors.weigh_root(root[0], marks[0])
                yield Document(root[0], marks[0], Lines(root[0], all_marks), noted)
            continue
        elif kind is StreamEndEvent:
            return
        else:
            continue  # StreamStartEvent
        # a value has come: a scalar, a new container or what an alias stands for
        if is_map:
            top[key] = value
            wants_key = True
        else:
            marks[len(top)] = event.start_mark.line + offset
            top.append(value)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append((top, marks, is_map))
            top, is_map, wants_key = value, kind is MappingStartEvent, kind is MappingStartEvent
            marks = all_marks[id(value)] = {}
    raise Refused(offset, "limit", "The document has too many values.", f"at most {limits.nodes:,}")


def _check_key(
    event: ScalarEvent, marks: dict[Step, int], anchors: Anchors, noted: list[Fault], offset: int
) -> None:
    """The rare keys: notes those that stand twice; raises Refused for those that are not plain text."""
    key, line, (plain, _) = event.value, event.start_mark.line + offset, event.implicit
    if key == "<<" and plain:
        raise Refused(line, "merge", "Merge keys (<<) are not read.", "the keys themselves, written out")
    if key in marks and len(noted) < _MOST_NOTED:
        message = f"The key {key!r} stands here and in line {marks[key]}; the last one counts."
        noted.append(Fault(line, "duplicate-key", message, "each key once"))
    _check_marked(event, offset)
    if event.tag is not None:
        resolve_tagged(key, event.tag, line)
    if event.anchor is not None:
        anchors.name(event.anchor, key)


def _check_marked(event: ScalarEvent, offset: int) -> None:
    if "\0" in event.value:
        line = event.start_mark.line + offset
        raise Refused(line, "scalar", "This text holds the character U+0000.", "text without it")


def _check_start(event: Event, wants_key: bool, depth: int, limits: Limits, offset: int) -> None:
    line = event.start_mark.line + offset
    if depth >= limits.depth:
        raise Refused(line, "limit", "The document is nested too deep.", f"at most {limits.depth} levels")
    if wants_key:
        raise Refused(line, "yaml", "A list or mapping stands where a key is needed.", "a plain key")
    if event.tag not in _CONTAINER_TAGS:
        raise Refused(line, "tag", f"The tag {event.tag} is not read.", "plain YAML without tags")
