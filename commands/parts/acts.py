"""What a command wants done in the asker's name. Commands change nothing: `bot` carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from data.ports.oncall import Page

WorkspaceVerb = Literal["workspace-start", "workspace-stop", "workspace-extend", "workspace-delete"]
CheckVerb = Literal["claim", "unclaim", "snooze", "unexempt"]
RequestVerb = Literal[
    "cancel", "extend", "done", "retry", "undo", "handover", "goon", "stophere", "delegate", "undelegate"
]
Verb = RequestVerb | CheckVerb | WorkspaceVerb | Literal["digest", "page"]


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open the form of an action, with what is known filled in; the person sends it, nothing else does."""

    action: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One deed: `request` is the number it is about (0 for none), `person` a reference or Slack id.

    `until` is an aware time in ISO form, `seconds` a length, `check` a reference and the name of a rule behind it.
    What the verb does not need is empty.
    """

    verb: Verb
    request: int = 0
    seconds: int = 0
    person: str = ""
    until: str = ""
    about: str = ""  # a canonical reference
    words: tuple[str, ...] = ()  # what the verb needs besides
    check: str = ""
    page: Page | None = None  # a call for help; `person` is then who makes it, as the audit names them
