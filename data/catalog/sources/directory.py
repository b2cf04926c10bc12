"""What sources of people share: persons and groups as entities, and the refusal to believe that most are gone.

Rights hang on these entities. A directory that answers with nothing, or with so much less than before that an
error is more likely than a decision, changes nothing at all until a person says that it is meant.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

import orjson

from data.catalog.entity import DEFAULT_NAMESPACE, Problem
from data.errors import Invalid, Unavailable
from data.ports.catalog import Known, SourceFile

HOLD_SHARE: Final = 0.20  # of the people or of the memberships
HOLD_COUNT: Final = 5  # fewer may go at once, unless none would be left

_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_STAMP = re.compile(r"[0-9a-f]{32}\.(\d+)")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a directory tells them. `groups` are references of what they belong to."""

    name: str
    email: str
    title: str
    groups: Sequence[str] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Team:
    """A group as a directory tells it. `members` are references, for directories that do not tell people."""

    name: str
    title: str
    description: str
    type: str
    members: Sequence[str] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)


def entity_name(text: str) -> str:
    """A name that the catalog takes: other signs become dashes; "" when nothing is left."""
    return _ODD.sub("-", text.strip()).strip("-_.")[:63].rstrip("-_.")


def told(
    people: Iterable[Person],
    teams: Iterable[Team],
    problems: Iterable[Problem],
    known: Mapping[str, str],
    namespace: str = DEFAULT_NAMESPACE,
) -> Iterator[SourceFile]:
    """The files of a directory, one an entity; raises Unavailable instead of telling that most are gone."""
    files = [_file("User", one.name, namespace, _user(one), len(one.groups)) for one in people]
    files += [_file("Group", one.name, namespace, _group(one), len(one.members)) for one in teams]
    believe(files, known)
    for file in files:
        yield file._replace(content=None) if known.get(file.path) == file.stamp else file
    yield from (SourceFile(one.path, "", None, problem=one) for one in problems)


def believe(files: Sequence[SourceFile], known: Mapping[str, str]) -> None:
    """Raise Unavailable when people or memberships are gone in numbers that nobody decides on in one go."""
    there = {file.path for file in files}
    people = [path for path in known if path.startswith("user/")]
    _hold("people", len(people), sum(path not in there for path in people))
    before = sum(map(_memberships, known.values()))
    after = sum(_memberships(file.stamp) for file in files)
    _hold("memberships", before, before - after)


def _hold(what: str, before: int, gone: int) -> None:
    if gone == before > 0 or HOLD_COUNT <= gone > HOLD_SHARE * before:
        raise Unavailable(
            f"{gone:,} of {before:,} {what} are gone at once; nothing is taken over.",
            "If that is meant: idp sync <source> --allow-removals.",
        )


def _memberships(stamp: str) -> int:
    found = _STAMP.fullmatch(stamp)
    return int(found[1]) if found else 0


def _file(kind: str, name: str, namespace: str, entity: Mapping[str, Any], memberships: int) -> SourceFile:
    metadata = {"name": name, "namespace": namespace, **entity.get("metadata", {})}
    whole = {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": entity["spec"]}
    content = orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)
    stamp = f"{blake2b(content, digest_size=16).hexdigest()}.{memberships}"
    return SourceFile(f"{kind}/{namespace}/{name}".lower(), stamp, content, form="entity")


def _user(person: Person) -> Mapping[str, Any]:
    profile = {"displayName": person.title, "email": person.email}
    return {
        "metadata": {"annotations": dict(person.annotations)},
        "spec": {
            "profile": {key: value for key, value in profile.items() if value},
            "memberOf": list(person.groups),
        },
    }


def _group(team: Team) -> Mapping[str, Any]:
    metadata = {"title": team.title, "description": team.description, "annotations": dict(team.annotations)}
    spec = {"type": team.type, "children": [], "members": list(team.members)}
    return {"metadata": {key: value for key, value in metadata.items() if value}, "spec": spec}


class DirectoryCheckout:
    """What a directory says, asked for when the files are: `tell` gives them, as differences to what is known."""

    def __init__(self, tell: Callable[[Mapping[str, str]], Iterator[SourceFile]]) -> None:
        self._tell = tell

    def files(self, known: Known) -> Iterator[SourceFile]:
        return self._tell(known.stamps)

    def wanted(self, known: Known) -> Iterator[SourceFile]:  # noqa: ARG002  # nothing is followed
        return iter(())

    def stamp(self, path: str, target: str) -> str:  # noqa: ARG002  # nothing is read
        return ""

    def notes(self) -> str:
        return ""

    def want(self, path: str, target: str) -> Iterable[Problem]:  # noqa: ARG002  # directories name no Locations
        return ()

    def read(self, path: str, target: str) -> bytes:
        raise Invalid(f"{target} is not read: a directory has no placeholders.", path)

    def close(self) -> None:
        """Nothing stays open."""
