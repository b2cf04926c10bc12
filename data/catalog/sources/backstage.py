"""A Backstage (or Roadie) as a source: the entities that it has read, filled and joined already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from data.catalog.descriptors.describing import identity
from data.catalog.descriptors.formats import is_url
from data.catalog.entity import Problem
from data.catalog.sources.backstage_api import BackstageApi, Item
from data.catalog.sources.tree import MAX_BYTES, MAX_PATH, refused
from data.errors import Invalid, Unavailable
from data.http.answers import understood
from data.http.api import Api
from data.ports.catalog import Checkout, Known, SourceFile

_ETAGS = "kind,metadata.name,metadata.namespace,metadata.etag"
_VIEW = "backstage.io/view-url"
_OF_THE_SERVER = frozenset({"uid", "etag", "generation"})  # they move without the entity changing
_OWNED_BY = "ownedBy"


@dataclass(frozen=True, slots=True)
class BackstageSource:
    """`url` is the address of Backstage itself or of its catalog, `token` a static token of its external access.

    `filters` are Backstage's own filter texts (`kind=component,spec.type=service`), of which any may fit; none
    takes everything.
    """

    name: str
    url: str
    token: str = field(repr=False, default="")
    filters: Sequence[str] = ()
    variable: str = ""  # where the token should be, for people

    @property
    def type(self) -> str:
        return "backstage"

    @property
    def location(self) -> str:
        """The address without what may be a secret in it, and the filters."""
        parts = urlsplit(self.url)
        where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        return f"{where} ({'; '.join(self.filters)})" if self.filters else where

    @property
    def base(self) -> str:
        """The address of the catalog's API."""
        url = self.url.rstrip("/")
        return url if url.endswith("/api/catalog") else f"{url}/api/catalog"

    def check(self) -> str:
        """How many entities it has."""
        with closing(self._api()) as api:
            told = api.json("GET", "/entities/by-query", params={"limit": 1, "fields": "kind"})
            with understood(api.host):
                return f"{int(told['totalItems']):,} entities"

    def open(self) -> Checkout:
        return BackstageCheckout(self, self._api())

    def _api(self) -> Api:
        if self.variable and not self.token:
            raise Unavailable(
                f"There is no token for {self.location}.", f"Set {self.variable} in the environment."
            )
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return Api(self.base, headers)


class BackstageCheckout:
    """The list of entities with their etags; only those that moved are asked for in full."""

    def __init__(self, source: BackstageSource, api: Api) -> None:
        self._source = source
        self._api = api
        self._catalog = BackstageApi(api, urlsplit(source.url).hostname or "Backstage", source.filters)

    def files(self, known: Known) -> Iterator[SourceFile]:
        """Without anything known the pages bring whole entities, else etags, and then the entities that moved."""
        fields = _ETAGS if any(known.stamps.values()) else ""
        listed = self._catalog.all(fields)
        by_reference = bool(fields) and self._catalog.can_ask_by_reference()
        if fields and not by_reference:
            listed = self._catalog.all("")
        items = {path: item for item in listed if (path := _path(item))}
        if known.stamps and not items:
            raise Unavailable(f"{self._source.location} says that its catalog is empty.", "What was known stays.")
        moved = [path for path, item in items.items() if not _stands(known.stamps.get(path), item)]
        yield from (
            SourceFile(path, known.stamps[path], None)
            for path in items
            if _stands(known.stamps.get(path), items[path])
        )
        if by_reference:
            yield from self._told(moved, self._catalog.some([_ref(path) for path in moved]))
        else:
            yield from self._told(moved, map(items.__getitem__, moved))

    def _told(self, paths: Iterable[str], items: Iterable[Item | None]) -> Iterator[SourceFile]:
        """What is gone since the list was read is left out, as if it had gone before."""
        for path, item in zip(paths, items, strict=True):
            if item is not None:
                yield self._file(path, item)

    def _file(self, path: str, item: Item) -> SourceFile:
        content = _content(item)
        if len(content) > MAX_BYTES:
            problem = refused(path, "The entity is too large.", f"at most {MAX_BYTES >> 20} MiB", code="limit")
            return SourceFile(path, "", None, problem=problem)
        return SourceFile(path, _etag(item), content, self._page(item), form="entity")

    def _page(self, item: Item) -> str:
        """Where a person can look at an entity: its file, else its page in Backstage."""
        view = _mapping(item["metadata"].get("annotations")).get(_VIEW)
        if is_url(view):
            return str(view)
        ref = identity(item)
        path = "/".join(quote(part, safe="") for part in (ref.namespace, ref.kind, ref.name))
        return f"{self._source.base.removesuffix('/api/catalog')}/catalog/{path.lower()}"

    def want(self, path: str, target: str) -> Iterable[Problem]:  # noqa: ARG002  # Backstage follows Locations itself
        return ()

    def read(self, path: str, target: str) -> bytes:
        raise Invalid(
            f"{target} is not read.", f"Backstage fills placeholders itself, but not this one in {path}."
        )

    def wanted(self, known: Known) -> Iterator[SourceFile]:  # noqa: ARG002  # nothing is followed
        return iter(())

    def stamp(self, path: str, target: str) -> str:  # noqa: ARG002  # nothing is read
        return ""

    def notes(self) -> str:
        return ""

    def close(self) -> None:
        self._api.close()


def _path(item: Item) -> str:
    """The key of an entity, kind/namespace/name in lower case; "" for what is no entity."""
    metadata = item.get("metadata") if isinstance(item, dict) else None
    if not isinstance(metadata, dict) or not metadata.get("name") or not isinstance(item.get("kind"), str):
        return ""
    ref = identity(item)
    path = f"{ref.kind}/{ref.namespace}/{ref.name}".lower()
    return path if len(path.encode(errors="replace")) <= MAX_PATH else ""


def _ref(path: str) -> str:
    kind, _, rest = path.partition("/")
    return f"{kind}:{rest}"


def _etag(item: Item) -> str:
    return str(item["metadata"].get("etag") or "")


def _stands(known: str | None, item: Item) -> bool:
    return bool(known) and known == _etag(item)


def _content(item: Item) -> bytes:
    """The entity as its author means it: without what the server adds and without what others say of it."""
    metadata = {key: value for key, value in item["metadata"].items() if key not in _OF_THE_SERVER}
    entity = {key: value for key, value in item.items() if key not in {"relations", "status"}}
    owner = "" if _mapping(item.get("spec")).get("owner") else _owner(item)
    if owner:  # told by a processor of theirs, not by the file
        entity["spec"] = {**_mapping(item.get("spec")), "owner": owner}
    return orjson.dumps(entity | {"metadata": metadata})


def _owner(item: Item) -> str:
    relations = item.get("relations") or []
    owners = (one for one in relations if isinstance(one, dict) and one.get("type") == _OWNED_BY)
    return next((str(one.get("targetRef") or "") for one in owners), "")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
