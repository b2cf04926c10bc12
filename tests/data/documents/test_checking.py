"""A configuration is told all its faults at once, each with its line and what was expected."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from data.documents import Document, Fault, check, load_documents, one


class Files(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["files"]
    name: str
    path: str


class Git(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["git"]
    name: str
    url: str


class Catalog(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sources: list[Files | Git] = []
    sync_every: int = 10


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    catalog: Catalog


def checked(text: str) -> Settings | list[Fault]:
    (document,) = load_documents(text.encode())
    assert isinstance(document, Document)
    return check(Settings, document)


def faults(text: str) -> list[Fault]:
    found = checked(text)
    assert isinstance(found, list)
    return found


def test_a_sound_document_becomes_the_model() -> None:
    found = checked("catalog:\n  sources: [{type: files, name: a, path: .}]\n  sync_every: 3\n")
    assert isinstance(found, Settings)
    assert found.catalog.sync_every == 3


def test_all_faults_come_at_once_with_their_lines() -> None:
    found = faults("catalog:\n  sync_evry: 3\n  sync_every: soon\n  sources: none\nextra: 1\n")
    assert [(fault.line, fault.message) for fault in found] == [
        (2, "catalog.sync_evry is not a known key."),
        (3, "catalog.sync_every is “soon”."),
        (4, "catalog.sources is “none”."),
        (5, "extra is not a known key."),
    ]


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    (fault,) = faults("catalog:\n  sync_evry: 3\n")
    assert fault.expected == "did you mean sync_every?"


def test_a_key_without_a_near_one_lists_the_known_ones() -> None:
    (fault,) = faults("catalog: {}\nzzz: 1\n")
    assert fault.expected == "one of catalog"


def test_a_missing_value_is_told_where_it_should_stand() -> None:
    (fault,) = faults("# a comment\nother: 1\n")[:1]
    assert (fault.line, fault.message) == (2, "catalog is missing.")


def test_a_key_that_stands_twice_is_a_fault() -> None:
    (fault,) = faults("catalog: {}\ncatalog: {}\n")
    assert (fault.line, fault.code) == (2, "duplicate-key")


def test_the_root_must_be_a_mapping() -> None:
    (fault,) = faults("- a\n")
    assert fault.message == "The document is a list."
    assert fault.expected == "a mapping of keys to values"


@pytest.mark.parametrize(
    ("text", "line", "message", "expected"),
    [
        ("", 1, "The file is empty, or holds comments only.", "catalog:"),
        ("# todo\n", 1, "The file is empty, or holds comments only.", "catalog:"),
        ("a: 1\n---\nb: 1\n", 3, "A second document begins in line 3.", "one document, without a line of ---"),
        (
            "a:\n\tb: 1\n",
            2,
            "A tab stands where the line is indented.",
            "spaces, as YAML indents with nothing else",
        ),
        ("a:\n  - x\n \t- y\n", 3, "A tab stands where the line is indented", "spaces"),
    ],
)
def test_a_file_that_is_no_single_document_says_what_it_should_be(
    text: str, line: int, message: str, expected: str
) -> None:
    found = one(load_documents(text.encode()), "catalog:")
    assert isinstance(found, list)
    assert (found[0].line, found[0].message[: len(message)], found[0].expected[: len(expected)]) == (
        line,
        message,
        expected,
    )


class Entry(BaseModel):
    name: str = Field(default="", pattern="^[A-Z]+$")
    mode: Literal["hold", "take"] = "hold"
    most: int = Field(default=1, ge=1)


def test_what_is_expected_is_said_in_words_and_no_secret_is_repeated() -> None:
    (document,) = load_documents(b"name: https://u:pw@x\nmode: ask\nmost: 0\n")
    assert isinstance(document, Document)
    found = check(Entry, document)
    assert isinstance(found, list)
    assert [(fault.message, fault.expected) for fault in found] == [
        ("name is not valid: “https://[secret removed]@x”.", "text of the form [A-Z]+"),
        ("mode is not valid: “ask”.", "hold or take"),
        ("most is not valid: the number 0.", "at least 1"),
    ]
