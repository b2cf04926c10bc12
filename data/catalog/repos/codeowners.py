"""CODEOWNERS files: who owns a path of a repository."""

import re
from collections.abc import Callable, Iterator, Sequence

PLACES = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", ".bitbucket/CODEOWNERS", "docs/CODEOWNERS")
"""Where such a file may be, in the order of precedence; the first one that exists counts."""

_LONGEST_PATTERN = 1_000
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?")  # of GitLab: [Name], ^[Name], [Name][2]
_FIELDS = re.compile(r"(?:\\.|[^\s\\])+")
_CHARACTERS = re.compile(r"\\.|.", re.DOTALL)
_ANY = "**"  # any number of folders
_STAR = "*"  # any number of characters of one name


def owners_of(text: str, path: str) -> Sequence[str]:
    """All owners that the last line matching the path names, as written; empty where nobody is named."""
    names = path.strip("/").split("/")
    owners: Sequence[str] = ()
    for pattern, named in _rules(text):
        if _matches_path(pattern, names):
            owners = named
    return owners


def normalise_owner(owner: str) -> str:
    """As Backstage reads owners: `@org/team` is the team, `@person` is `User:person`, an e-mail its local part."""
    if owner.startswith("@"):
        _, slash, team = owner.rpartition("/")
        return team if slash else f"User:{owner[1:]}"
    return owner.partition("@")[0]


def _rules(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    section: Sequence[str] = ()
    for line in text.splitlines():
        fields = list(_without_comment(line))
        if not fields:
            continue
        header = _SECTION.match(line.strip())
        if header:
            section = _FIELDS.findall(line.strip()[header.end() :])
        elif len(fields[0]) <= _LONGEST_PATTERN:
            yield fields[0], fields[1:] or section


def _without_comment(line: str) -> Iterator[str]:
    for field in _FIELDS.findall(line):
        if field.startswith("#"):
            return
        yield field


def _matches_path(pattern: str, names: Sequence[str]) -> bool:
    """A glob of the gitignore kind: anchored when it has a slash before its end, and a folder means all in it."""
    glob = [part for part in pattern.split("/") if part]
    if not glob:
        return False
    if "/" not in pattern.rstrip("/"):
        glob.insert(0, _ANY)
    inside = [*glob, _STAR] if glob[-1] == _ANY else [*glob, _ANY, _STAR]
    if _wild(inside, names, _ANY, _matches_name) and not (glob[-1] == _STAR and len(glob) > 1):
        return True
    return not pattern.endswith("/") and glob[-1] != _ANY and _wild(glob, names, _ANY, _matches_name)


def _matches_name(glob: str, name: str) -> bool:
    return _wild(_CHARACTERS.findall(glob), name, _STAR, _matches_character)


def _matches_character(sign: str, character: str) -> bool:
    return sign == "?" or sign[-1] == character


def _wild(glob: Sequence[str], items: Sequence[str], star: str, same: Callable[[str, str], bool]) -> bool:
    """Whether the items match, where `star` stands for any number of them; never slower than their product."""
    at = item = behind = 0
    last_star = -1
    while item < len(items):
        if at < len(glob) and glob[at] == star:
            last_star, behind, at = at, item, at + 1
        elif at < len(glob) and same(glob[at], items[item]):
            at, item = at + 1, item + 1
        elif last_star >= 0:
            behind += 1
            at, item = last_star + 1, behind
        else:
            return False
    return all(part == star for part in glob[at:])
