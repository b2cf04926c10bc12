"""A run that waits for what happens outside: told in words to go on, or to stop there."""

from typing import Literal

from commands.parts.acts import Act
from commands.parts.ask import Ask
from commands.parts.reply import Note, Reply, code, md
from commands.parts.requests.lists import one_request
from commands.parts.requests.run_parts import waits
from commands.parts.typed.numbers import the_number
from data.errors import Conflict
from data.store import requests


def waiting_told(ask: Ask, verb: Literal["goon", "stophere"], doing: str) -> Reply:
    """The deed, where it is said what is waited for; else the card, and the words that do it.

    Words may be carried out twice, after a crash: without what they are about, the second time would do the same
    to what is waited for next. Raises NotFound, and Conflict when that is not waited for.
    """
    number = the_number(ask)
    shown = one_request(ask, number)
    mark = _mark(ask, number)
    if len(ask.words) > 1:
        said = ask.words[-1]
        if said != mark:
            raise Conflict(f"Request {number} does not wait for {said} any more.", f"It waits for {mark}.")
        return Reply(md("{} #{}.", doing, number), act=Act(verb, number, words=(mark,)))
    text = md("Press a button, or say what it waits for: {}", code(f"/idp {ask.verb} {number} {mark}"))
    return Reply(text, [Note(text), *shown.parts], shown.data)


def _mark(ask: Ask, number: int) -> str:
    with ask.idp.database.reading() as store:
        step = next((each for each in requests.steps(store, number) if waits(each)), None)
    if step is None:
        raise Conflict(
            f"Request {number} waits for nothing that could be told to go on.", f"See /idp runs {number}"
        )
    return str(step.result["mark"])
