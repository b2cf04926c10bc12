"""A Backstage catalog that keeps entities and hands them out as the published description says."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.fakes.api import Answer, Call, FakeApi

Entity = dict[str, Any]


def ref_of(entity: Entity) -> str:
    metadata = entity["metadata"]
    return f"{entity['kind']}:{metadata.get('namespace', 'default')}/{metadata['name']}".lower()


@dataclass
class FakeBackstage:
    """`old` has no `by-query` and no `by-refs`, as releases of years ago."""

    token: str = "backstage-token"
    entities: dict[str, Entity] = field(default_factory=dict)
    old: bool = False
    hides: int = 0  # entities that are counted but never handed out
    server: FakeApi = field(init=False)

    def __post_init__(self) -> None:
        self.server = FakeApi(respond=self._answer).start()

    @property
    def url(self) -> str:
        return self.server.url

    def put(self, entity: Entity) -> None:
        """Keep an entity; it gets an etag of its content."""
        etag = hashlib.sha1(orjson.dumps(entity)).hexdigest()
        metadata = {"namespace": "default", **entity["metadata"], "uid": f"uid-{ref_of(entity)}", "etag": etag}
        self.entities[ref_of(entity)] = {**entity, "metadata": metadata}

    def remove(self, ref: str) -> None:
        del self.entities[ref]

    def _answer(self, call: Call) -> Answer:
        problem = self._refused(call)
        if problem:
            return problem
        path = call.path.removeprefix("/api/catalog")
        if path == "/entities/by-query" and not self.old:
            return self._by_query(call)
        if path == "/entities/by-refs" and not self.old and call.method == "POST":
            asked = call.json["entityRefs"]
            return Answer(200, {"items": [self.entities.get(ref.lower()) for ref in asked]})
        if path == "/entities":
            return self._all(call)
        return _error(call, 404, "NotFoundError", "Not Found")

    def _refused(self, call: Call) -> Answer | None:
        given = call.headers.get("authorization", "")
        if given == f"Bearer {self.token}":
            return None
        return _error(call, 401, "AuthenticationError", "Illegal token" if given else "Missing credentials")

    def _by_query(self, call: Call) -> Answer:
        if cursor := call.one("cursor"):
            try:
                state = orjson.loads(base64.b64decode(cursor))
            except ValueError as error:
                return _error(call, 400, "InputError", f"Malformed cursor: {error}")
        else:
            state = {"from": 0, "filter": call.query.get("filter", [])}
        found = self._filtered(state["filter"])
        limit = int(call.one("limit", "20"))
        items = found[state["from"] : state["from"] + limit]
        more = state["from"] + limit < len(found)
        following = base64.b64encode(orjson.dumps({**state, "from": state["from"] + limit})).decode()
        info = {"nextCursor": following} if more else {}
        total = len(found) + self.hides
        return Answer(200, {"items": _fields(items, call.one("fields")), "totalItems": total, "pageInfo": info})

    def _all(self, call: Call) -> Answer:
        found = self._filtered(call.query.get("filter", []))
        start, limit = int(call.one("after", "0")), int(call.one("limit", "20"))
        headers = {}
        if start + limit < len(found):
            headers["link"] = f'</entities?limit={limit}&after={start + limit}>; rel="next"'
        return Answer(200, _fields(found[start : start + limit], call.one("fields")), headers)

    def _filtered(self, filters: list[str]) -> list[Entity]:
        found = list(self.entities.values())
        return [each for each in found if not filters or any(_fits(each, one) for one in filters)]


def _fits(entity: Entity, text: str) -> bool:
    for pair in text.split(","):
        key, _, value = pair.partition("=")
        at: Any = entity
        for step in key.split("."):
            at = at.get(step) if isinstance(at, dict) else None
        if at is None or (value and str(at).lower() != value.lower()):
            return False
    return True


def _fields(items: list[Entity], fields: str) -> list[Entity]:
    if not fields:
        return items
    cut = []
    for item in items:
        small: Entity = {}
        for name in fields.split(","):
            head, _, rest = name.partition(".")
            if head in item:
                small[head] = {**small.get(head, {}), rest: item[head].get(rest)} if rest else item[head]
        cut.append(small)
    return cut


def _error(call: Call, status: int, name: str, message: str) -> Answer:
    return Answer(
        status,
        {
            "error": {"name": name, "message": message},
            "request": {"method": call.method, "url": call.path.removeprefix("/api/catalog")},
            "response": {"statusCode": status},
        },
    )
