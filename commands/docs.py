"""/idp docs: where the documentation, the runbook and the dashboards are."""

from collections.abc import Iterator, Mapping
from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.facts import source_note
from commands.parts.labels import contact, cut
from commands.parts.naming import the_entity
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, code, link, md
from data.catalog.entity import Entity
from data.catalog.repositories import README

MOST_PAGES = 20  # of the documentation in a repository
RUNBOOK = ("runbook", "runbooks", "playbook")


@command(
    "docs",
    group="ASK",
    order=10,
    usage="docs <name> [runbook]",
    example="docs checkout",
    aliases=("doc", "documentation", "runbook"),
)
def docs(ask: Ask) -> Reply:
    """Where its documentation, runbook, dashboards and other pages are: linked by its file, or in its repository.

    --json: entity, links [{title, url, type}], source_of_docs (annotation or "").
    """
    words = [word for word in ask.words if word.lower() not in RUNBOOK] or list(ask.words)
    only_runbook = len(words) < len(ask.words)
    entity = the_entity(ask, words=" ".join(words).rstrip("?! "))
    details = entity.details()
    pages_of_it = (*_pages(details), *_repository_pages(ask, entity))
    found = [each for each in pages_of_it if not only_runbook or _is_runbook(each)]
    techdocs = str(details.get("annotations", {}).get("backstage.io/techdocs-ref", ""))
    data = {"entity": entity.ref, "links": found, "source_of_docs": techdocs}
    what = "runbook" if only_runbook else "documentation"
    if not found:
        return _nothing(ask, entity, what, data)
    lines = [
        md("{}{}", link(each["url"], each["title"]), f" ({each['type']})" if each["type"] else "")
        for each in found
    ]
    notes = [Note(md("Built from {}", code(techdocs)))] if techdocs else []
    pages = [
        Button(cut(each["title"], 40), url=each["url"]) for each in found[:4] if each["url"].startswith("https://")
    ]
    parts: list[Part] = [
        Section(md("*{} of {}*", what.capitalize(), entity.label)),
        Rows(lines),
        *notes,
        Note(source_note(ask, entity)),
        Buttons([*pages, Button("Card", f"show {entity.ref}")]),
    ]
    names = ", ".join(f"{each['title']} {each['url']}" for each in found[:3])
    return Reply(md("{} of {}: {}", what.capitalize(), entity.name, names), parts, data)


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
