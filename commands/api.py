"""/idp api: the contract of an API, who provides it, who uses it."""

from typing import Any

from commands.parts.ask import Ask, Unclear, command
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Pre, Reply, Section, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import cut, owner_md
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity, short
from data.errors import NotFound

MOST_ENDPOINTS = 25


@command(
    "api",
    group="ASK",
    order=9,
    usage="api <api or its provider>",
    example="api user-service-api",
    aliases=("apis",),
)
def api(ask: Ask) -> Reply:
    """The contract of an API: version, endpoints, who provides and who consumes it.

    The name of a component that provides one API will do.
    --json: entity, type, lifecycle, owner, version, title, endpoints [text], providers, consumers [reference].
    """
    entity = _api(ask, the_entity(ask, ("API",)))
    told: dict[str, Any] = entity.details().get("api", {})
    providers, consumers = _linked(ask, entity, "apiProvidedBy"), _linked(ask, entity, "apiConsumedBy")
    endpoints = [str(each) for each in told.get("endpoints", ())]
    owner = ask.snapshot.owner(entity)
    version = str(told.get("version", ""))
    parts: list[Part] = [
        Section(_head(entity, told)),
        Fields(_facts(owner_md(owner), version, providers, consumers)),
    ]
    if endpoints:
        left = len(endpoints) - MOST_ENDPOINTS
        more = [f"…and {left} more"] if left > 0 else []
        parts.append(Pre("\n".join([*endpoints[:MOST_ENDPOINTS], *more])))
    else:
        parts.append(Note(Md("Its definition names no endpoints that I can read.")))
    parts += [Note(source_note(ask, entity)), Buttons(_next(entity))]
    text = md(
        "{}: {}{} endpoints, provided by {}, consumed by {}",
        entity.name,
        f"version {version}, " if version else "",
        len(endpoints),
        ", ".join(map(short, providers)) or "nobody known",
        ", ".join(map(short, consumers[:10])) or "nobody known",
    )
    return Reply(text, parts, _data(entity, told, owner.ref, providers, consumers))


def _api(ask: Ask, entity: Entity) -> Entity:
    """The API meant: itself, or the one that the entity provides."""
    if entity.kind == "API":
        return entity
    links = ask.snapshot.links(entity.ref)
    provided = [link.entity for link in links if link.type == "providesApi" and link.entity]
    if len(provided) == 1:
        ask.assumed.append(md("{} provides {}.", entity.name, provided[0].name))
        return provided[0]
    if provided:
        raise Unclear(f"{entity.name} provides {len(provided)} APIs.", candidates=provided, verb="api")
    raise NotFound(f"{entity.name} provides no API that the catalog knows.", f"Try /idp show {entity.name}")


def _head(entity: Entity, told: dict[str, Any]) -> Md:
    what = " · ".join(filter(None, ("API", entity.type, entity.lifecycle)))
    head = md("*{}*\n{}", entity.label, what)
    said = entity.description or str(told.get("title", ""))
    return md("{}\n{}", head, cut(said, 500)) if said else head


def _facts(owner: Md, version: str, providers: list[str], consumers: list[str]) -> list[tuple[str, Md]]:
    more = f" …and {len(consumers) - 10:,} more" if len(consumers) > 10 else ""
    return [
        ("Owner", owner),
        ("Version", md("{}", version or "not stated")),
        ("Provided by", md("{}", ", ".join(map(short, providers)) or "nobody known")),
        ("Consumed by", md("{}{}", ", ".join(map(short, consumers[:10])) or "nobody known", more)),
    ]


def _linked(ask: Ask, entity: Entity, type_: str) -> list[str]:
    return [link.ref for link in ask.snapshot.links(entity.ref) if link.type == type_]


def _next(entity: Entity) -> list[Button]:
    return [
        Button("What breaks with it?", f"deps {entity.ref} --blast-radius"),
        Button("Owner", f"who-owns {entity.ref}"),
        Button("Docs", f"docs {entity.ref}"),
    ]


def _data(
    entity: Entity, told: dict[str, Any], owner: str, providers: list[str], consumers: list[str]
) -> dict[str, Any]:
    return {
        "entity": entity.ref,
        "type": entity.type,
        "lifecycle": entity.lifecycle,
        "owner": owner or None,
        "version": told.get("version", ""),
        "title": told.get("title", ""),
        "endpoints": list(told.get("endpoints", ())),
        "providers": providers,
        "consumers": consumers,
    }
