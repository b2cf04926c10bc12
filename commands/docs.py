"""/idp docs: where the documentation, the runbook and the dashboards are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commands.parts.ask import Ask, Unclear, command
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, link, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import contact, cut
from commands.parts.typed.naming import EXACT, the_entity
from data.catalog.entity import Entity
from data.catalog.repos.repositories import README

MOST_PAGES = 20  # of the documentation in a repository
RUNBOOK = ("runbook", "runbooks", "playbook")


@command(
    "docs",
    group="ASK",
    order=10,
    usage="docs <name> [runbook|words]",
    example="docs checkout",
    aliases=("doc", "documentation", "runbook"),
)
def docs(ask: Ask) -> Reply:
    """Where its documentation, runbook, dashboards and other pages are: linked by its file, or in its repository.

    Words after the name choose pages by title and address; what stands in the pages is not searched.
    --json: entity, links [{title, url, type}], source_of_docs (annotation or "").
    """
    words = [word for word in ask.words if word.lower() not in RUNBOOK] or list(ask.words)
    only_runbook = len(words) < len(ask.words)
    entity, wanted = _entity_and_rest(ask, " ".join(words).rstrip("?! "))
    details = entity.details()
    pages_of_it = (*_pages(details), *_repository_pages(ask, entity))
    found = _wanted(ask, [each for each in pages_of_it if not only_runbook or _is_runbook(each)], wanted)
    techdocs = str(details.get("annotations", {}).get("backstage.io/techdocs-ref", ""))
    data = {"entity": entity.ref, "links": found, "source_of_docs": techdocs}
    what = "runbook" if only_runbook else "documentation"
    if not found:
        return _nothing(ask, entity, what, data)
    lines = [md("{}{}", link(each["url"], each["title"]), _type(each)) for each in found]
    pages = [
        Button(cut(each["title"], 40), url=each["url"]) for each in found[:4] if each["url"].startswith("https://")
    ]
    parts: list[Part] = [
        Section(md("*{} of {}*", what.capitalize(), entity.label)),
        Rows(lines),
        *_built_from(techdocs),
        Note(source_note(ask, entity)),
        Buttons([*pages, Button("Card", f"show {entity.ref}")]),
    ]
    names = ", ".join(f"{each['title']} {each['url']}" for each in found[:3])
    return Reply(md("{} of {}: {}", what.capitalize(), entity.name, names), parts, data)


def _type(page: Mapping[str, str]) -> str:
    """What sort of page it is, unless its title begins with that: Runbook, Documentation (docs)."""
    said = page["title"].lower().startswith(page["type"].removesuffix("s").lower())
    return "" if said else f" ({page['type']})"


def _built_from(techdocs: str) -> list[Part]:
    """Where pages are built from that are made elsewhere; "dir:." says no more than: its own repository."""
    url = techdocs.removeprefix("url:")
    return [Note(md("Built from {}", link(url, url)))] if url.startswith("https://") else []


def _entity_and_rest(ask: Ask, words: str) -> tuple[Entity, list[str]]:
    """The entity that all the words name, else the one that the first of them name for certain, and the others."""
    try:
        return the_entity(ask, words=words), []
    except Unclear:
        first, _, rest = words.partition(" ")
        match = ask.snapshot.resolve(first)
        if not rest or match.entity is None or match.how not in EXACT:
            raise
        return match.entity, rest.lower().split()


def _wanted(ask: Ask, pages: list[dict[str, str]], words: Sequence[str]) -> list[dict[str, str]]:
    """Those whose title or address has one of the words; all of them, and that this is so, where none has."""
    chosen = [each for each in pages if any(word in f"{each['title']} {each['url']}".lower() for word in words)]
    if words and pages and not chosen:
        ask.remarks.append(
            md("No page is called “{}”, so here are all. I do not read inside pages.", " ".join(words))
        )
    return chosen or pages


def _pages(details: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for each in details.get("links", ()):
        url = str(each.get("url", ""))
        if url:
            yield {"title": str(each.get("title") or url), "url": url, "type": str(each.get("type") or "")}


def _repository_pages(ask: Ask, entity: Entity) -> Iterator[dict[str, str]]:
    """README and documentation of the repository that is this entity's alone."""
    repository, folder = ask.snapshot.repositories.of(entity) or (None, "")
    if repository is None or folder:
        return
    for path in (*((README,) if repository.readme else ()), *repository.docs[:MOST_PAGES]):
        if page := repository.page(path):
            yield {"title": path, "url": page, "type": "repository"}


def _is_runbook(page: Mapping[str, str]) -> bool:
    return any(word in f"{page['title']} {page['type']} {page['url']}".lower() for word in RUNBOOK)


def _nothing(ask: Ask, entity: Entity, what: str, data: dict[str, Any]) -> Reply:
    """Not known is an answer: who to ask, and how to make it known."""
    owner = ask.snapshot.owner(entity)
    reach = contact(owner.entity) if owner.entity else None
    whom = (
        md(" Ask {} in {}.", owner.entity.label, reach.channel_md)
        if owner.entity and reach and reach.channel
        else Md("")
    )
    text = md("No {} of {} is linked in the catalog.{}", what, entity.name, whom)
    tip = md("Add it under metadata.links in {}.", entity.path)
    buttons = [Button("Owner", f"who-owns {entity.ref}"), Button("Card", f"show {entity.ref}")]
    return Reply(text, [Section(text), Note(tip), Note(source_note(ask, entity)), Buttons(buttons)], data)
