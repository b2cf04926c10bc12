"""What is said of a name that the catalog does not have: who names it all the same, and what keeps it away."""

from collections.abc import Sequence

from commands.parts.ask import Ask
from commands.parts.texts.labels import cut
from data.catalog.entity import Entity, Problem
from data.catalog.indexes.names import KIND_ORDER
from data.catalog.snapshot import Link

MOST_NAMED = 3


def not_found(ask: Ask, words: str) -> tuple[str, str]:
    """(sentence, what to do next)"""
    said = f"“{words}” is not in the catalog"
    if naming := _naming(ask, words):
        return f"{said}, but {_names(naming)} it.", "Correct the reference there, or register what it names."
    if broken := _broken(ask, words):
        why = f"{broken.path}:{broken.line} could not be read: {broken.message.rstrip('.')}."
        return f"{said}. {cut(why, 300)}", "It is there once that file is mended and read again."
    if not len(ask.snapshot):
        return "The catalog is empty.", "/idp freshness says which sources were read, and when."
    return f"{said}.", _hint(ask.verb, words.split(maxsplit=1)[0])


def _naming(ask: Ask, words: str) -> Sequence[Link]:
    """Who names it in vain: a reference, or a plain name of any kind."""
    kind, colon, rest = words.lower().rpartition(":")
    name = rest if "/" in rest else f"default/{rest}"
    found = (ask.snapshot.links(f"{each}:{name}") for each in ((kind,) if colon else KIND_ORDER))
    return next(filter(None, found), ())


def _names(naming: Sequence[Link]) -> str:
    shown = [_place(each.declared_by, each.line) for each in naming[:MOST_NAMED]]
    more = len(naming) - len(shown)
    told = [*shown, f"{more:,} more"] if more else shown
    listed = " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
    return f"{listed} {'names' if len(naming) == 1 else 'name'}"


def _place(entity: Entity, line: int) -> str:
    return f"{entity.name} ({entity.path}:{line})"


def _broken(ask: Ask, words: str) -> Problem | None:
    """A file that could not be read and lies in a folder of that name."""
    name = words.lower().rpartition("/")[2].rpartition(":")[2]
    errors = (each for each in ask.snapshot.problems() if each.level == "error")
    return next((each for each in errors if name in each.path.lower().split("/")[:-1]), None)


def _hint(verb: str, word: str) -> str:
    if verb == "whois":
        return "Try the e-mail address, a mention such as @ann, or /idp find kind:user."
    if verb == "team":
        return "/idp find kind:group lists the teams."
    return f"Try /idp find {word}, or register it with a catalog-info.yaml in its repository."
