"""What tests of on-call systems ask alike: who is on call, of entities that name their schedule."""

from datetime import datetime

import orjson

from data.catalog.entity import Entity
from data.ports.oncall import Rotas


def component(system: str, name: str, **notes: str) -> Entity:
    """A component with annotations of a system such as `pagerduty.com`; service_id="P1" is its service-id."""
    annotations = {f"{system}/{key.replace('_', '-')}": value for key, value in notes.items()}
    detail = orjson.dumps({"annotations": annotations}).decode()
    blank = dict.fromkeys(Entity._fields, "")
    named = {"ref": f"component:default/{name}", "kind": "Component", "namespace": "default", "name": name}
    return Entity._make((blank | named | {"source": "acme", "line": 1, "stale": False, "detail": detail}).values())


def on_call(rotas: Rotas, source: str, schedule: str, at: datetime) -> list[tuple[int, str]]:
    """(level, person) of everybody who is on call in a schedule."""
    shifts = rotas.by_schedule[source, schedule]
    return sorted((one.level, one.person) for one in shifts if one.start <= at < one.end)
