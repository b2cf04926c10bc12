"""A new version is merged into what people have made of a project: theirs is never lost, and doubts are marked."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from data.errors import Invalid, NotFound
from data.golden_paths.scan import scan
from data.golden_paths.updating import Update, answers_in, merge
from data.ports.golden_paths import Rendered

LINES = "".join(f"line {number}\n" for number in range(1, 10))


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir()
    for path, said in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(said if isinstance(said, bytes) else said.encode())
    return folder


def merged(
    tmp_path: Path, ours: Mapping[str, str | bytes], old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]
) -> Update:
    sides = []
    for name, files in (("old", old), ("new", new)):
        folder = written(tmp_path / name, {"keep": "", **files})
        sides.append(Rendered(folder, name, name, scan(folder)))
    project = written(tmp_path / "project", {"keep": "", **ours})
    return merge(project, sides[0], sides[1], ("orders", "demo v2"))


def said(update: Update, path: str) -> str:
    change = update.changes[path]
    assert change is not None
    return change.content.decode()


def test_what_nobody_touched_follows(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": "1\n", "gone": "x"}, {"a": "1\n", "gone": "x"}, {"a": "2\n", "b": "new\n"})
    assert said(found, "a") == "2\n"
    assert said(found, "b") == "new\n"
    assert found.changes["gone"] is None
    assert (found.conflicts, found.edited) == ((), ())


def test_changes_in_different_places_are_both_kept(tmp_path: Path) -> None:
    ours = LINES.replace("line 2", "ours")
    found = merged(tmp_path, {"a": ours}, {"a": LINES}, {"a": LINES.replace("line 8", "theirs")})
    assert "ours\n" in said(found, "a")
    assert "theirs\n" in said(found, "a")
    assert (found.conflicts, found.edited) == ((), ("a",))


def test_changes_in_the_same_place_are_marked(tmp_path: Path) -> None:
    ours, theirs = LINES.replace("line 5", "ours"), LINES.replace("line 5", "theirs")
    found = merged(tmp_path, {"a": ours}, {"a": LINES}, {"a": theirs})
    assert "<<<<<<< orders\nours\n=======\ntheirs\n>>>>>>> demo v2\n" in said(found, "a")
    assert found.conflicts == ("a",)


def test_what_people_deleted_stays_deleted(tmp_path: Path) -> None:
    found = merged(tmp_path, {}, {"a": "1"}, {"a": "2"})
    assert (dict(found.changes), found.conflicts, found.edited) == ({}, (), ("a",))


def test_a_new_file_does_not_overwrite_one_of_theirs(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": "ours\n"}, {}, {"a": "theirs\n"})
    assert found.conflicts == ("a",)
    assert "ours" in said(found, "a")


def test_a_file_that_goes_away_stays_where_people_changed_it(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": "ours"}, {"a": "1"}, {})
    assert (dict(found.changes), found.conflicts) == ({}, ("a",))


def test_the_same_change_on_both_sides_is_nothing_to_do(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": "2"}, {"a": "1"}, {"a": "2"})
    assert (dict(found.changes), found.conflicts) == ({}, ())


def test_what_is_no_text_is_left_and_named(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": b"\0ours"}, {"a": b"\0one"}, {"a": b"\0two"})
    assert (dict(found.changes), found.conflicts) == ({}, ("a",))


def test_answers_are_the_new_ones(tmp_path: Path) -> None:
    answers = ".copier-answers.yml"
    found = merged(
        tmp_path, {answers: "_commit: v1\n# touched\n"}, {answers: "_commit: v1\n"}, {answers: "_commit: v2\n"}
    )
    assert said(found, answers) == "_commit: v2\n"
    assert (found.conflicts, found.edited) == ((), ())


def test_nothing_is_read_over_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "project"
    sides = []
    for name in ("1", "2"):
        made = written(tmp_path / name, {"a": name})
        sides.append(Rendered(made, name, name, scan(made)))
    folder.mkdir()
    (folder / "a").symlink_to(tmp_path / "secret")
    found = merge(folder, sides[0], sides[1], ("x", "y"))
    assert "secret" not in repr(found)


def test_answers_that_say_nothing_are_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no"):
        answers_in(tmp_path)
    for text in ("[]", "name: x", "a: [", "\x00"):
        (tmp_path / ".copier-answers.yml").write_text(text)
        with pytest.raises(Invalid):
            answers_in(tmp_path)
    (tmp_path / ".copier-answers.yml").write_text("_commit: v1\nday: 2026-01-02\n")
    assert answers_in(tmp_path) == {"_commit": "v1", "day": "2026-01-02"}
