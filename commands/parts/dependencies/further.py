"""What was reached, line by line, nearest first: what a tree or a short answer had no room for."""

from collections.abc import Sequence

from commands.parts.ask import Ask
from commands.parts.reply import Button, Md, Note, Part, Reply, Section, escape, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import owner_word
from commands.parts.texts.paging import FROM, begin, page
from data.catalog.entity import Entity, short
from data.catalog.graph import Spread
from data.catalog.walk import Reached
from data.errors import Invalid

MOST = 40  # lines of one page
KEPT = ("depth", "kind")  # flags that say what was reached


def further(ask: Ask, entity: Entity, spreads: Sequence[Spread], said: str) -> Reply:
    """The lines from --from on; `said` is what was reached in a few words. Raises Invalid for two ways at once."""
    if len(spreads) > 1:
        raise Invalid(
            f"--{FROM.name} needs one way: --up or --down.", f"Such as: /idp deps {entity.name} --up --from 21"
        )
    head, seen = Section(md("*{}* {}", entity.name, Md(said))), begin(ask)
    parts: list[Part] = [head, *lines_of(ask, spreads[0]), Note(source_note(ask, entity))]
    page_said = f", from {seen + 1:,} on" if seen else ""
    return Reply(Md(f"{escape(entity.name)}: {said}{page_said}"), parts)


def lines_of(ask: Ask, spread: Spread) -> list[Part]:
    """A page of what was reached, from --from on, with a button for the next."""
    lines = [_line(ask, reached) for reached in spread.nearest(begin(ask), MOST)]
    return page(ask, lines, spread.total)


def more_button(ask: Ask, entity: Entity, spread: Spread, shown: int) -> Button:
    """Asks for those after the first `shown`."""
    flags = "".join(f" --{name} {ask.flags[name]}" for name in KEPT if name in ask.flags)
    words = f"deps {entity.ref} --{spread.direction}{flags} --{FROM.name} {shown + 1}"
    return Button(f"Show more ({spread.total - shown:,})", words)


def tier_of(entity: Entity | None) -> str:
    """The label `tier`, "" where nothing is stated."""
    return str(entity.details().get("labels", {}).get("tier", "")) if entity else ""


def _line(ask: Ask, reached: Reached) -> Md:
    """One thing: how many hops away, name, through what, owner."""
    entity, via = reached.entity, short(reached.via)
    if entity is None:
        return md("`{}` {} (not in the catalog) via {}", reached.hop, short(reached.ref), via)
    tier = tier_of(entity)
    owner = owner_word(ask.snapshot.content, entity) or "no owner stated"
    said = md("`{}` *{}* ({}) via {} · {}", reached.hop, entity.name, entity.kind.lower(), via, owner)
    return md("{} · tier {}", said, tier) if tier else said
