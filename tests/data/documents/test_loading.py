"""Any bytes give documents or faults: never an exception, never a wait, never one document's harm to another."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.documents import Document, Fault, Limits, load_documents
from tests.waiting import soon


def values(content: bytes | str) -> list[Any]:
    raw = content.encode() if isinstance(content, str) else content
    return [found.value if isinstance(found, Document) else found.code for found in load_documents(raw)]


def document(content: str) -> Document:
    (found,) = load_documents(content.encode())
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("12:30:45", "12:30:45"),
        ("2024-13-45", "2024-13-45"),
        ("2024-01-02", "2024-01-02"),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("1_000", "1_000"),
        ("1.2.3", "1.2.3"),
        (".5", 0.5),
        ("True", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("'7'", "7"),
        ('"true"', "true"),
        ("!!str 7", "7"),
        ("!!int '7'", 7),
        ("=", "="),
        ("1234567890123456789012", 1234567890123456789012.0),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert document(f"a: {text}\nb: 1").value["a"] == value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: " + b"9" * 5_000, "scalar"),
        (b"a: 1e999", "scalar"),
        (b"a: 0x" + b"f" * 5_000, "scalar"),
        (b'a: "\\ud800"', "yaml"),
        (b'a: "\\0"', "scalar"),
        (b"a: \x00", "yaml"),
        (b"a: \xff", "yaml"),
        (b"\xff\xfea", "yaml"),
        (b"a: &x [*x]", "alias"),
        (b"a: *nobody", "alias"),
        (b"a: !Ref b", "tag"),
        (b"!Component\na: b", "tag"),
        (b"a: !!int b", "scalar"),
        (b"a: !!python/object:os.system x", "tag"),
        (b"a: &x {b: c}\nd:\n  <<: *x", "merge"),
        (b"? [a]\n: b", "yaml"),
        (b"&x a: b\n*x : c", "yaml"),
        (b"[" * 1_000_000, "limit"),
        (b"{a: " * 300_000, "limit"),
        (b"- " * 1_000_000, "limit"),
        (b"? " * 1_000_000, "yaml"),
        (b"%TAG !a! x\n" * 500_000 + b"---\na: b", "limit"),
        (b"x" * (8 << 20) + b"y", "limit"),
        (b"`", "yaml"),
    ],
)
def test_what_cannot_be_used_is_a_fault_at_once(content: bytes, code: str) -> None:
    with soon():
        assert values(content) == [code]


def test_quoted_merge_key_is_text() -> None:
    assert document('"<<": a').value == {"<<": "a"}


@pytest.mark.parametrize("levels", [12, 60])
def test_aliases_that_stand_for_too_much_are_refused(levels: int) -> None:
    bomb = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels)
    )
    with soon():
        assert values(bomb) == ["limit"]


def test_aliases_that_nest_beyond_what_can_be_written_are_refused() -> None:
    deep = "a0: &a0 x\n" + "".join(f"a{n}: &a{n} {'[' * 50}*a{n - 1}{']' * 50}\n" for n in range(1, 8))
    assert values(deep) == ["limit"]


def test_a_big_honest_file_with_anchors_is_read_quickly() -> None:
    lines = [f"key{n}: &anchor{n} [value {n}, more, and more]" for n in range(20)]
    lines += [f"key{n}: [value {n}, text of some length here, *anchor{n % 20}]" for n in range(20, 17_000)]
    content = "\n".join(lines).encode()
    assert len(content) > 900_000
    with soon():
        (found,) = load_documents(content)
    assert isinstance(found, Document)
    assert found.value["key30"] == ["value 30", "text of some length here", ["value 10", "more", "and more"]]


def test_a_broken_document_costs_no_other() -> None:
    content = "kind: A\n---\ntext: |\n  fine\n broken: [\n---\nkind: B\n---\n# nothing\n---\n`\n---\nkind: C\n"
    assert values(content) == [{"kind": "A"}, "yaml", {"kind": "B"}, "yaml", {"kind": "C"}]


def test_invalid_bytes_cost_only_their_document() -> None:
    assert values(b"a: 1\n---\nb: \xff\n---\nc: 3\n") == [{"a": 1}, "yaml", {"c": 3}]


@pytest.mark.parametrize(
    "content", ["", "---\n", "# only\n", "---\n---\n...\n", "\ufeff", "a: b\n---\n", "a: b\n...\n---\n# x\n"]
)
def test_empty_documents_are_left_out(content: str) -> None:
    assert values(content) == ([{"a": "b"}] if "a: b" in content else [])


def test_directives_belong_to_the_document_that_follows() -> None:
    content = "a: !!str 1\n...\n%TAG !y! tag:yaml.org,2002:\n---\nb: !y!str 2\n"
    assert values(content) == [{"a": "1"}, {"b": "2"}]


def test_more_directives_than_anybody_writes_are_refused_unread() -> None:
    (fault,) = load_documents(b"".join(b"\n%%TAG !a%d! b" % number for number in range(18)) + b"\n--- x\n")
    assert isinstance(fault, Fault)
    assert fault.code == "limit"


def test_a_file_may_be_as_large_as_the_limit() -> None:
    (document,) = load_documents(b"a: 1\n", Limits(content=5))
    assert isinstance(document, Document)
    (fault,) = load_documents(b"a: 12\n", Limits(content=5))
    assert isinstance(fault, Fault)


def test_a_line_that_begins_like_a_mark_is_text() -> None:
    (document,) = load_documents(b'key: "\n---BEGIN\n"\n')
    assert isinstance(document, Document)
    assert document.value == {"key": " ---BEGIN "}


def test_marks_inside_of_text_do_not_divide() -> None:
    assert values("a: |\n  ---\n  x\nb: ----\n") == [{"a": "---\nx\n", "b": "----"}]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa: b", "a: b".encode("utf-16"), b"a: b\r\n"])
def test_encodings_and_line_ends(content: bytes) -> None:
    assert values(content) == [{"a": "b"}]


def test_lines_of_keys_and_items() -> None:
    (_, second) = load_documents(
        b"x: 1\n---\n# comment\nmetadata:\n  links:\n    - url: a\n    - url: b\nspec: {}\n"
    )
    assert isinstance(second, Document)
    assert second.line == 4
    assert second.lines["metadata", "links", 1, "url"] == 7
    assert second.lines["spec",] == 8
    assert second.lines.nearest(("metadata", "links", 1, "title"), 1) == 7
    assert second.lines.nearest(("nowhere",), 3) == 3
    assert ("metadata", "name") not in second.lines
    assert dict(second.lines)[("metadata",)] == 4


def test_a_key_that_stands_twice_is_noted_with_both_lines() -> None:
    found = document("a: 1\nb: {c: 1}\na: [2]\n")
    assert found.value == {"a": [2], "b": {"c": 1}}
    (fault,) = found.noted
    assert (fault.line, fault.code) == (3, "duplicate-key")
    assert "line 1" in fault.message


def test_faults_have_the_line_in_the_file() -> None:
    found = load_documents(b"a: b\n---\nc: d\n  e: f\n---\ng: !x h\n")
    assert [fault.line for fault in found if isinstance(fault, Fault)] == [4, 6]


def test_too_many_values_are_refused() -> None:
    found = load_documents(b"[" + b"a," * 600 + b"]\n---\nb: c\n", Limits(events=500))
    assert [type(one) for one in found] == [Fault, Document]


def test_too_many_documents_are_cut() -> None:
    found = load_documents(b"--- a\n" * 50, Limits(documents=10))
    assert len(found) == 11
    assert isinstance(found[-1], Fault)


PIECES = ["- ", "? ", ": ", "&a ", "*a ", "!!str ", "!x ", "---", "...", "%YAML 1.2", "<<: ", "0x", "1e9"]
HOSTILE = st.lists(st.sampled_from([*PIECES, *"[]{}a |>'#~é\t\n\r\\\"\0\x85\u2028"])).map("".join)


@settings(max_examples=300)
@given(HOSTILE.map(str.encode) | st.binary(max_size=300))
def test_no_bytes_raise_and_what_is_read_can_be_written(content: bytes) -> None:
    limits = Limits(depth=8, events=400, aliased=1_000)
    for found in load_documents(content, limits):
        if isinstance(found, Document):
            assert len(orjson.dumps(found.value)) <= 20 * len(content) + 1_000
            assert all(line >= 1 for line in found.lines.values())
        else:
            assert found.line >= 1
            assert found.message


def plain() -> st.SearchStrategy[Any]:
    # to libyaml U+0085, U+2028 and U+2029 are ends of lines, as in YAML 1.1: between quotes they become a space
    text = st.text(st.characters(codec="utf-8", exclude_characters="\0\x85\u2028\u2029"), max_size=20)
    leaves = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False) | text
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=20
    )


@settings(max_examples=60)
@given(st.dictionaries(st.text("abc", min_size=1), plain(), min_size=1))
def test_json_reads_as_what_it_says(value: dict[str, Any]) -> None:
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return
    (found,) = load_documents(written)
    if isinstance(found, Document):
        assert found.value == orjson.loads(written)
    else:  # control characters and DEL are JSON, but not YAML
        assert found.code in ("yaml", "limit")
