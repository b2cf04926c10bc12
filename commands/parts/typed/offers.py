"""Which actions can be asked for, and by whom."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from commands.parts.ask import Ask
from commands.parts.typed.me import myself
from data.errors import NotAllowed, NotFound
from workflows.action import Action, actions
from workflows.eligibility import why_not


class Offer(NamedTuple):
    """An action, and why it is not for the asker: "" where it may be."""

    action: Action
    because: str


def offered(ask: Ask) -> Sequence[Offer]:
    """What a policy covers. In a terminal nobody need have said who asks: then everything may be."""
    known = [one for one in actions().values() if one.policy_name in ask.idp.policies and not one.by_house]
    if not ask.asker.email and ask.asker.surface == "terminal":
        return [Offer(one, "") for one in known]
    person = myself(ask).ref
    return [Offer(one, why_not(ask.idp, ask.snapshot, one, person)) for one in known]


def is_offered(ask: Ask, action: Action) -> bool:
    """Whether the asker may ask for it, for buttons: nobody whom the catalog does not know, but in a terminal."""
    if action.policy_name not in ask.idp.policies:
        return False
    try:
        return not why_not(ask.idp, ask.snapshot, action, myself(ask).ref)
    except NotFound:
        return not ask.asker.email and ask.asker.surface == "terminal"


def the_action(ask: Ask, name: str) -> Action:
    """The action of this name. Raises NotFound, and NotAllowed with the reason before anybody fills in a form."""
    found = {one.action.name: one for one in offered(ask)}
    offer = found.get(name.lower())
    if offer is None:
        near = get_close_matches(name.lower(), found, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0]}?" if near else "/idp actions lists them."
        raise NotFound(f"There is no action {name}.", hint)
    if offer.because:
        raise NotAllowed(f"{offer.action.title} is not for you. {offer.because}", "/idp actions lists what is.")
    return offer.action
