"""An action is one file: form, policy, steps. `actions()` finds every Action in this package and below."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

import workflows
from data.catalog.snapshot import Snapshot
from data.errors import Invalid
from data.idp import Idp
from data.store.database import Store
from data.store.requests import Request
from workflows.decision import Decision


class Form(BaseModel):
    """Base of the forms: what a person fills in, frozen. Titles, hints and menus of the modal stand on the fields.

    An unknown field is a fault, and so is a number that is not finite.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)


class FormFaults(Invalid):
    """What is wrong in a form: for each field a sentence, to be shown at the field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{field}: {fault}" for field, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Draft:
    """What a filled form asks for, in facts that the server derived; nothing is what a client claimed to show.

    `target` and `beneficiary` are canonical references. `points` are short lines of the preview (what, how long,
    risk). `email` is the beneficiary's, as the catalog knows it.
    """

    title: str
    target: str
    beneficiary: str
    environment: str = ""
    duration: int = 0
    break_glass: bool = False
    email: str = ""
    points: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)  # the form's values as they are frozen


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a step is tried before a person is asked; waits between: first, first x 2, …, most (seconds)."""

    tries: int = 5
    first: float = 2.0
    most: float = 60.0

    def wait(self, tried: int) -> float:
        """Seconds until the next try after `tried` tries."""
        return float(min(self.most, self.first * 2 ** min(tried - 1, 20)))


@dataclass(frozen=True, slots=True)
class Work:
    """What a step knows: the frozen request and the results of the steps before it, by step name.

    `marker` is the same in every try and unknown outside: what a step makes carries it, so that the next try finds
    it, and so that nothing of others is ever taken for ours.
    """

    idp: Idp
    request: Request
    marker: str
    results: Mapping[str, Mapping[str, Any]]
    kept: Mapping[str, Any] = field(default_factory=dict)  # what this step wrote down when it was not yet done


class NotYet(Exception):
    """A step has done what it can and waits: it is begun again after `seconds`, which is no try that failed.

    `reason` stands on the card, `kept` (JSON) is given to the next beginning. Who asked, or the platform team, may
    have it go on, or stop there, as long as `mark` is the same: `kept["told"]` is then "go" or "stop".
    """

    def __init__(self, reason: str, seconds: float, kept: Mapping[str, Any], mark: str) -> None:
        super().__init__(reason)
        self.reason, self.seconds, self.kept, self.mark = reason, seconds, kept, mark


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `run` looks before it creates, because it may be the second time; it returns facts worth keeping.

    It raises Unavailable when trying again may help (any other UserError never will), `NotYet` while it waits, and
    it must give its own calls a time limit. `undo` takes away what this run made (by the marker), nothing else; it
    is called for steps that are done or were begun, the last one first, and must not mind if there is nothing.
    """

    name: str  # schema: it stands in the rows
    title: str
    run: Callable[[Work], Mapping[str, Any] | None]
    undo: Callable[[Work], None] | None = None
    given_up: Callable[[Idp, Store, Request], None] | None = None  # in the transaction of the failure
    retry: Retry = field(default_factory=Retry)


@dataclass(frozen=True, slots=True)
class Page:
    """One of several modals that make a form together: the fields that it asks."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paged:
    """A form of several pages, and a preview that takes a moment.

    `pages(form)` divides the grown form. `settle(idp, before, values)` fixes what goes without asking when values
    change. `check(idp, snapshot, person, values)` gives what is wrong, by field, as far as it is filled in.
    `look(idp, snapshot, values)` is what a preview shows beside the draft.
    """

    pages: Callable[[type[Form]], Sequence[Page]]
    settle: Callable[[Idp, Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
    check: Callable[[Idp, Snapshot, str, Mapping[str, Any]], Mapping[str, str]]
    look: Callable[[Idp, Snapshot, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that people ask for. The plan is frozen into the request when it is made.

    `draft(idp, snapshot, requester, form)` checks what only the server knows and raises Invalid with a sentence.
    `policy(idp, snapshot, requester, draft, escalated)` decides; it is asked again at every click. `escalated`
    says that the request has waited so long that those above may agree as well. `grow` gives the form with the
    fields that hang on what is filled in so far. `reason` stands in where a person gives none; "" demands one.
    `quiet`: where nobody is asked, nobody but the requester is told. `by_house`: nobody is offered it, the house
    asks for it by itself. `emergency`: it breaks the glass of its policy.
    """

    name: str
    title: str
    form: type[Form]
    draft: Callable[[Idp, Snapshot, str, Any], Draft]
    policy: Callable[[Idp, Snapshot, str, Draft, bool], Decision]
    policy_name: str
    steps: Sequence[Step]
    by_house: bool = False
    emergency: bool = False
    grow: Callable[[Idp, Snapshot, str, Mapping[str, Any]], type[Form]] | None = None
    reason: str = ""
    quiet: bool = False
    paged: Paged | None = None

    def form_for(self, idp: Idp, snapshot: Snapshot, person: str, values: Mapping[str, Any]) -> type[Form]:
        """The whole form for what is filled in so far."""
        return self.grow(idp, snapshot, person, values) if self.grow else self.form

    def step(self, name: str) -> Step | None:
        """The step of this name; None when this version of the program knows none."""
        return next((step for step in self.steps if step.name == name), None)


@cache
def actions() -> Mapping[str, Action]:
    """Every action by name, found in this package and those below it, in alphabetical order of the files."""
    found: dict[str, Action] = {}
    for module in sorted(info.name for info in pkgutil.walk_packages(workflows.__path__, "workflows.")):
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, Action):
                found.setdefault(value.name, value)
    return found
