"""/idp who-owns: the question asked most."""

from typing import Any, Final

from commands.parts.ask import Ask, Unclear, command
from commands.parts.board import Told
from commands.parts.board_now import board_of
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.owners.duty import on_call_now, shift_data
from commands.parts.owners.opinion import (
    CLAIMED,
    Opinion,
    by_codeowners_alone,
    claim_on,
    opinion_data,
    opinion_of,
    path_asked,
    said_of_path,
    second_opinion,
)
from commands.parts.owners.owned import told_of_covered, told_of_itself, told_of_owner
from commands.parts.reply import Button, Buttons, Later, Md, Note, Reply, Section, escape, md
from commands.parts.texts.facts import source_data, source_facts
from commands.parts.texts.labels import contact, label
from commands.parts.typed.naming import resolved
from data.catalog.entity import Entity
from data.catalog.snapshot import Owner

NAME, TOLD, SOURCE, PLACE, AGE, REF = BLANKS[:6]
CARD, ON_CALL, DEPENDENCIES = (
    Button("Card", f"show {REF}"),
    Button("On call", f"oncall {REF}"),
    Button("Dependencies", f"deps {REF}"),
)
SAID = (Section(Md(f"*{NAME}* {TOLD}")), Note(Md(f"{SOURCE} · {PLACE} · {AGE}")))
OWNED: Final = Layout(*SAID, Buttons((CARD, ON_CALL, DEPENDENCIES)))
ITSELF: Final = Layout(*SAID, Buttons((CARD, ON_CALL)))  # a group or person


@command(
    "who-owns",
    group="ASK",
    order=1,
    usage="who-owns <name>",
    example="who-owns checkout",
    aliases=("who", "owner", "owns", "whoowns", "who-own"),
)
def who_owns(ask: Ask) -> Reply:
    """Who owns it: the team, its channel and lead, who is on call now, and how sure that is.

    The name may be a reference, title, alias, repository (also its URL), or nearly right. Works for components,
    APIs, resources, systems, domains, groups and people. For the address of a file or a folder in a repository,
    CODEOWNERS answers beside the catalog; where the two differ, both are said.
    --json: entity, name, owner (reference or null), owner_name, certainty, channel, lead, on_call [shift], source,
    codeowners ({repository, path, owners, groups, file} or null).
    """
    subject = ask.subject
    entity = ask.snapshot.named(subject)
    if entity is not None:
        return _answer(ask, entity, None)
    asked = path_asked(ask) if "/" in subject else None
    try:
        return _answer(ask, resolved(ask, subject), asked)
    except Unclear:
        if asked is None:
            raise
        return by_codeowners_alone(asked)


def _answer(ask: Ask, entity: Entity, asked: Opinion | None) -> Reply:
    told = _told(ask, entity)
    if told.owner.certainty == "probably":
        ask.remarks.append(_why_probably(entity, told.owner))
    if CLAIMED in entity.detail:  # packing leaves it readable
        ask.remarks.append(claim_on(entity))
    if asked is not None:
        ask.remarks.append(said_of_path(asked))
    elif ask.snapshot.repositories.known and (opinion := second_opinion(ask, entity, told.owner)):
        ask.remarks.append(opinion)
    ref = entity.ref
    layout, name = (ITSELF, label(entity)) if told.owner.ref == ref else (OWNED, entity.name)
    name = escape(name)
    values = (name, told.section, *source_facts(ask, entity), ref)
    return Reply(Md(f"{name} {told.text}"), Filled(layout, values), Later(_data, ask, entity, told, asked))


def _told(ask: Ask, entity: Entity) -> Told:
    """What is said of an entity after its name: the same of all that its owner owns, as long as it is so."""
    board = board_of(ask)
    if entity.kind in ("Group", "User"):
        return told_of_itself(ask, entity)
    if entity.ref in board.covering:
        return told_of_covered(ask, entity)
    return board.told.get(entity.owner) or told_of_owner(ask, entity.owner)


def _why_probably(entity: Entity, owner: Owner) -> Md:
    return md("Its file says {}, which is not in the catalog; only {} has that name.", entity.owner, owner.ref)


def _data(ask: Ask, entity: Entity, told: Told, asked: Opinion | None) -> dict[str, Any]:
    owner, duty = told.owner, told.duty
    reach = contact(owner.entity) if owner.entity else None
    return {
        "entity": entity.ref,
        "name": entity.name,
        "owner": owner.ref or None,
        "owner_name": owner.entity.label if owner.entity else "",
        "certainty": owner.certainty,
        "channel": reach.channel if reach else "",
        "lead": reach.lead if reach else "",
        "on_call": [shift_data(ask, shift) for shift in on_call_now(ask, duty)],
        "source": source_data(entity),
        "codeowners": opinion_data(asked or opinion_of(ask, entity)),
    }
