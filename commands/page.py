"""/idp page: call whoever is on call, after one look at what will happen."""

from commands.parts.acts import Act
from commands.parts.ask import Ask, Flag, command
from commands.parts.owners.duty import on_duty
from commands.parts.reply import Button, Buttons, Fields, Note, Reply, Section, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import label, named
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity
from data.errors import Invalid
from data.ports.oncall import Page
from workflows.paging import LONGEST, prepare


@command(
    "page",
    group="ACT",
    order=3,
    usage="page <name> <reason>",
    example='page checkout "orders fail since 10:00"',
    acts=True,
    flags=(Flag("confirm", "the number that the preview shows; without it nobody is paged", "number"),),
)
def page(ask: Ask) -> Reply:
    """Page whoever is on call for an entity, else for its owner. It shows first who that is; one press sends it.

    Pressed twice it is still one page. A preview older than ten minutes is not sent.
    The audit keeps who paged and why.
    --json: ref, system, reason, key of the preview.
    """
    if not ask.words:
        raise Invalid("Page for what, and why?", 'Such as: /idp page checkout "orders fail since 10:00"')
    entity = the_entity(ask, ("Component",), ask.words[0])
    reason = " ".join(" ".join(ask.words[1:]).split())[:LONGEST]
    if not reason:
        raise Invalid("Why? Whoever is woken up wants to know.", f'Such as: /idp page {entity.name} "orders fail"')
    return _confirmed(ask, entity, reason) if "confirm" in ask.flags else _preview(ask, entity, reason)


def _preview(ask: Ask, entity: Entity, reason: str) -> Reply:
    owner = ask.snapshot.owner(entity)
    ready = prepare(ask.idp, (entity.ref, owner.ref), reason, _asker(ask))
    if ready.ref != entity.ref:
        reason = f"{entity.name}: {reason}"[:LONGEST]
    _, on_call = on_duty(ask, entity, owner.ref)
    quoted = reason.replace('"', "'")
    again = f'page {ready.ref} "{quoted}" --confirm {ready.key}'
    text = md("Page for {}? Nobody is paged yet. By {}; on call: {}", label(entity), ready.system, on_call)
    paged = ask.snapshot.get(ready.ref)
    facts = [
        ("For", named(paged) if paged else md("{}", ready.ref)),
        ("By", md("{}", ready.system)),
        ("On call", on_call),
        ("Reason", md("{}", reason)),
    ]
    return Reply(
        text,
        [
            Section(md("*Page for {}?* Nobody is paged yet.", label(entity))),
            Fields(facts),
            Buttons([Button("Page now", again, style="danger"), Button("On call", f"oncall {entity.ref}")]),
            Note(source_note(ask, entity)),
        ],
        {"ref": ready.ref, "system": ready.system, "reason": reason, "key": ready.key},
    )


def _confirmed(ask: Ask, entity: Entity, reason: str) -> Reply:
    by, key = _asker(ask), ask.flags["confirm"]
    call = Page(entity.ref, f"{by} pages for {label(entity)}: {reason}", reason, by, key)
    return Reply(md("Paging for {}: {}", label(entity), reason), act=Act("page", person=_pager(ask), page=call))


def _pager(ask: Ask) -> str:
    """Who pages, as the audit names people; whom the catalog does not know may page too."""
    match = ask.snapshot.resolve(ask.asker.email, ("User",)) if ask.asker.email else None
    known = match.entity if match and match.how == "email" else None
    return known.ref if known else _asker(ask)


def _asker(ask: Ask) -> str:
    """Who pages, as it stands in the page: the confirmed address if there is one."""
    return ask.asker.email or ask.asker.name
