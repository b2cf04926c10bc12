"""How entities are called: names and titles, aliases, repositories, e-mail addresses, channels."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from data.catalog.lazily import Rest
from data.catalog.locations import SOURCE_LOCATION
from data.catalog.packing import unpacked

Row = tuple[Any, ...]  # in Entity field order
Ids = int | tuple[int, ...]  # one row, or several: most names are of one
Index = dict[str, Ids]

# Fields of a row, by position: an Entity per row would double the time of a build.
REF, KIND, NAMESPACE, NAME, TITLE, DESCRIPTION, OWNER, TYPE, LIFECYCLE, SYSTEM, TAGS, SOURCE = range(12)
DETAIL = 16
STEP = 20  # rows between two moments at which a builder may rest
SOME = 500  # rows that are looked at together

_KINDS = ("component", "system", "api", "resource", "group", "user", "domain", "template", "location")
KIND_ORDER = {kind: order for order, kind in enumerate(_KINDS)}
KIND_WORDS = {"service": "component", "team": "group", "person": "user"}

_REPOSITORY_KEYS = ("github.com/project-slug", "gitlab.com/project-slug", "bitbucket.org/project-slug")
_LOCATION_KEYS = (SOURCE_LOCATION, "backstage.io/view-url")
# …/tree/main/services/checkout: what stands between the repository and the path inside it
_BRANCH = re.compile(r"/(?:-/)?(?:tree|blob|raw|edit|blame|src)/[^/]+(?=/|$)")
_SCHEME = re.compile(r"^(?:url:)?(?:[a-z+]+://)?(?:[^@/]*@)?", re.IGNORECASE)
_COLON = re.compile(r":(?:\d+/)?")  # git@host:owner/repository, ssh://host:22/owner/repository


def fold(text: str) -> str:
    """One spelling for "Checkout Service", checkout-service, checkout_service and CheckoutService."""
    return text.lower().replace("-", "").replace(" ", "").replace("_", "").replace(".", "")


def kind_order(kind: str) -> int:
    """Whom people mean first when kinds share a name."""
    return KIND_ORDER.get(kind.lower(), len(KIND_ORDER))


def add(index: Index, key: str, row: int) -> None:
    """Remember that `row` is called `key`."""
    known = index.setdefault(key, row)
    if known is row or known == row:
        return
    if isinstance(known, int):
        index[key] = (known, row)
    elif row not in known[-1:]:
        index[key] = (*known, row)


def ids(index: Mapping[str, Ids], key: str) -> tuple[int, ...]:
    """The rows called `key`."""
    found = index.get(key, ())
    return (found,) if isinstance(found, int) else found


def by_name(numbers: Sequence[int], rows: Sequence[Row], rest: Rest) -> Index:
    """Folded names and titles."""
    index: Index = {}
    known = index.setdefault
    for start in range(0, len(rows), SOME):
        some = rows[start : start + SOME]
        names, titles = (_folded([row[field] for row in some]) for field in (NAME, TITLE))
        for number, name, title in zip(numbers[start : start + SOME], names, titles, strict=True):
            if known(name, number) is not number:
                add(index, name, number)
            if title and title != name:
                add(index, title, number)
        rest()
    return index


def _folded(texts: Sequence[str]) -> Sequence[str]:
    """Each of them folded; together that takes a fifth of the time."""
    together = fold("\n".join(texts)).split("\n")
    return together if len(together) == len(texts) else [fold(text) for text in texts]


def repository_path(text: str) -> str:
    """`owner/repository[/path inside]` in lower case out of a slug, a clone URL or a deep link; "" if it is none.

    The host is left out: a slug has none, and a mirror is the same repository.
    """
    bare = _SCHEME.sub("", text.strip()).partition("?")[0].partition("#")[0]
    bare = _COLON.sub("/", bare, count=1)
    host, _, inside = bare.partition("/")
    if "." in host and "/" in inside:
        bare = inside
    path = _BRANCH.sub("", bare, count=1).strip("/").lower().replace(".git/", "/").removesuffix(".git")
    return path if "/" in path else ""


class Marks:
    """Other ways to name a row: by alias (folded), repository path, e-mail address, #channel."""

    def __init__(self, names: Index, numbers: Sequence[int], rows: Sequence[Row], rest: Rest) -> None:
        self._names, self._rows = names, rows
        self.aliases: Index = {}
        self._repositories: Index = {}  # without those called like the entity itself, which its name leads to
        self.emails: Index = {}
        self.channels: Index = {}
        for number, row in zip(numbers, rows, strict=True):
            if row[DETAIL]:
                self._read(number, orjson.loads(unpacked(row[DETAIL], row[NAME])))
            if not number % STEP:
                rest()

    def _read(self, number: int, detail: Mapping[str, Any]) -> None:
        for alias in detail.get("aliases", ()):
            add(self.aliases, fold(alias), number)
        email = detail.get("profile", {}).get("email", "")
        if email:
            add(self.emails, email.lower(), number)
        annotations = detail.get("annotations", {})
        for path in _repositories(annotations, detail.get("url", "")):
            if path.rpartition("/")[2] != self._rows[number][NAME].lower():
                add(self._repositories, path, number)
        for key, value in annotations.items():
            if is_channel(key):
                add(self.channels, "#" + value.strip().lstrip("#").lower(), number)

    def repository(self, text: str) -> tuple[int, ...]:
        """The rows of the repository, or of the deepest folder in it, that `text` points into."""
        path = repository_path(text)
        while "/" in path:
            found = self._called_like(path) + ids(self._repositories, path)
            if found:
                return found
            path = path.rpartition("/")[0]
        return ()

    def _called_like(self, path: str) -> tuple[int, ...]:
        """The rows with the name of the repository that state it as theirs."""
        name = path.rpartition("/")[2]
        rows = self._rows
        called = [number for number in ids(self._names, fold(name)) if rows[number][NAME].lower() == name]
        return tuple([number for number in called if path in _repositories_of(rows[number])])


def _repositories_of(row: Row) -> list[str]:
    detail = orjson.loads(unpacked(row[DETAIL], row[NAME])) if row[DETAIL] else {}
    return list(_repositories(detail.get("annotations", {}), detail.get("url", "")))


def is_channel(key: str) -> bool:
    """Whether an annotation names a chat channel, such as slack.com/channel or idp/slack-channel."""
    last = key.rpartition("/")[2]
    return last == "channel" or "slack" in last or "slack-channel" in key


def _repositories(annotations: Mapping[str, str], url: str) -> Iterator[str]:
    stated = [annotations[key] for key in (*_REPOSITORY_KEYS, *_LOCATION_KEYS) if key in annotations]
    if not stated and url:
        stated = [url.rpartition("/")[0]]  # the folder of its file
    for text in stated:
        path = repository_path(text)
        if path:
            yield path
