"""Which entity a person's words mean."""

from collections.abc import Collection

from commands.parts.ask import Ask, Unclear
from commands.parts.reply import Md, escape, md
from commands.parts.typed.nowhere import not_found
from data.catalog.entity import Entity
from data.errors import Invalid

MOST_NAMES = 4  # in one question that are told apart
EXACT = frozenset(("ref", "name", "title", "alias", "repository", "email", "channel"))


def the_entity(ask: Ask, kinds: Collection[str] = (), words: str = "") -> Entity:
    """The entity that the words name, kinds such as "Group" preferred. What was assumed goes to `ask`.

    Raises Invalid without words, Unclear if nothing or several things fit.
    """
    words = words or ask.subject
    entity = None if kinds else ask.snapshot.named(words)
    return entity or resolved(ask, words, kinds)


def resolved(ask: Ask, words: str, kinds: Collection[str] = ()) -> Entity:
    """`the_entity` of words that are no plain name of one."""
    if not words:
        raise Invalid(f"Which one? Say its name after {ask.verb}.", f"Such as: /idp {ask.verb} checkout")
    match = ask.snapshot.resolve(words, kinds)
    if match.entity is None:
        raise _unclear(ask, words, _several(ask, words, kinds) or match.candidates)
    if match.how not in EXACT:
        if several := _several(ask, words, kinds):
            found = tuple(dict.fromkeys((*several, match.entity)))
            raise Unclear(f"“{words}” may be several things.", candidates=found, verb=ask.verb)
        ask.assumed.append(Md(f"I took “{escape(words)}” for *{escape(match.entity.name)}*."))
    elif len(match.candidates) > 1:
        others = ", ".join(other.ref for other in match.candidates[1:4])
        ask.remarks.append(md("This is {}; the same name has {}.", match.entity.ref, others))
    return match.entity


def _several(ask: Ask, words: str, kinds: Collection[str]) -> list[Entity]:
    """What is named where each word is a name of its own: one that has them all is then no better guess."""
    each = words.split()
    if not 1 < len(each) <= MOST_NAMES:
        return []
    found = [ask.snapshot.resolve(word, kinds) for word in each]
    named = {one.entity for one in found if one.entity and one.how in EXACT}
    return [one.entity for one in found if one.entity] if len(named) == len(each) else []


def _unclear(ask: Ask, words: str, candidates: Collection[Entity]) -> Unclear:
    if candidates:
        return Unclear(f"“{words}” may be several things.", candidates=tuple(candidates), verb=ask.verb)
    word = words.split(maxsplit=1)[0]
    found = ask.snapshot.search(word, 1).hits
    return Unclear(*not_found(ask, words), verb=ask.verb, asked=word if found else "")
