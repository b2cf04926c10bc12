"""What is open for an entity, in one line of its card."""

from typing import Any

from commands.parts.ask import Ask
from commands.parts.reply import Md, link, md, prose
from commands.parts.texts.facts import age
from commands.parts.texts.labels import cut, plural
from data.catalog.entity import Entity
from data.ports.oncall import Incident

MOST = 3


def incidents_md(ask: Ask, entity: Entity) -> Md | None:
    """The open incidents, with their age when it is old; None when no system knows the entity."""
    told = ask.idp.pager.incidents(entity.ref)
    if told is None:
        return None
    if told.as_of is None:
        return md("not known ({})", prose(told.failures[0])) if told.failures else Md("being read, ask again")
    count = len(told.incidents)
    said = [_named(ask, one) for one in told.incidents[:MOST]]
    more = [Md(f"…and {count - MOST} more")] if count > MOST else []
    old = [md(":warning: {} Read {}.", prose(told.failures[0]), age(ask.now, told.as_of))] if told.failures else []
    head = Md(f"{plural(count, 'open incident')}:") if count else Md("none open")
    return Md("\n".join([head, *said, *more, *old]))


def incidents_data(ask: Ask, entity: Entity) -> list[dict[str, Any]]:
    """The same for machines: title, status, since, url, source."""
    told = ask.idp.pager.incidents(entity.ref)
    return [
        {
            "title": one.title,
            "status": one.status,
            "since": one.since.isoformat(),
            "url": one.url,
            "source": one.source,
        }
        for one in (told.incidents if told else ())
    ]


def _named(ask: Ask, one: Incident) -> Md:
    return md("{} ({}, {})", link(one.url, cut(one.title, 80)), one.status, age(ask.now, one.since))
