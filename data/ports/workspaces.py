"""The systems in which development workspaces live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

RemoteState = Literal["pending", "starting", "running", "stopping", "stopped", "failed", "deleting"]
Turn = Literal["start", "stop", "delete"]
SETTLED: frozenset[str] = frozenset({"running", "stopped", "failed"})  # nothing is going on: it may be turned


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a parameter may have."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a template asks. Values are texts: a bool is "true" or "false", a list a JSON array.

    `minimum` and `maximum` bound a number; `pattern` is a regular expression of RE2's kind, `fault` what the
    template says when it does not match. What is not `mutable` is settled for the life of the workspace.
    """

    name: str
    title: str
    kind: Literal["text", "number", "bool", "list"] = "text"
    hint: str = ""
    default: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    fault: str = ""
    mutable: bool = True
    long: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """Values that somebody has put together for a template; parameters that it does not name keep theirs."""

    id: str
    name: str
    hint: str
    values: Mapping[str, str]
    default: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What workspaces are made of. `version` is the one that is built now, `life` how many seconds it runs
    until it stops by itself (0: never). `deprecated` says why it should not be used any more, "" when it may."""

    name: str
    title: str
    hint: str = ""
    version: str = ""
    life: int = 0
    deprecated: str = ""
    parameters: tuple[Parameter, ...] = ()
    presets: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """What a person may use up, in the system's own credits."""

    used: int
    budget: int


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """One that is to be made, for the person with this e-mail address; `life` as in `Template`."""

    owner: str
    name: str
    template: str
    values: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""
    life: int = 0


@dataclass(frozen=True, slots=True)
class RemoteWorkspace:
    """A workspace as its system has it now.

    `owner` is an e-mail address in lower case, or the login where the system tells no address. `running` means
    that one can work in it. `deadline` is when it stops by itself (None: never), `cost` in credits a day (None:
    not known). `ours`: it was made by the account that this program uses. `error`: one line about a failed build.
    """

    id: str
    name: str
    owner: str
    template: str
    state: RemoteState
    created_at: datetime
    deadline: datetime | None = None
    cost: int | None = None
    ours: bool = False
    error: str = ""
    web_url: str = ""
    editor_url: str = ""
    repository: str = ""  # such as acme/checkout, where the system knows it
    login: str = ""  # the owner's, in that system


class Workspaces(Protocol):
    """One system. Every call has a time limit.

    Raises Unavailable when a later try may help (it does not answer, refuses our token, counts too many calls),
    Conflict for what cannot be done at this moment and for a name that is taken, NotFound for what is not there,
    Invalid for what will never work.
    """

    @property
    def name(self) -> str:
        """What people call it, such as Coder."""
        ...

    @property
    def key(self) -> str:
        """What rows call it: coder, codespaces, fake."""
        ...

    @property
    def acts_as(self) -> str:
        """Whose rights it uses, for the audit; never a secret."""
        ...

    @property
    def launches(self) -> bool:
        """Whether `create` works; where not, people launch by themselves at `launch_url`."""
        ...

    def launch_url(self, repository: str) -> str:
        """Where a person launches one for a repository such as acme/checkout; "" where that is not possible."""
        ...

    def templates(self) -> Sequence[Template]:
        """All that may be used, without parameters and presets."""
        ...

    def template(self, name: str) -> Template:
        """One with its parameters and presets."""
        ...

    def quota(self, owner: str) -> Quota | None:
        """What the system itself grants a person; None when it limits nothing."""
        ...

    def find(self, owner: str, name: str) -> RemoteWorkspace | None:
        """The workspace of this person with this name, in whatever case."""
        ...

    def create(self, new: NewWorkspace) -> RemoteWorkspace:
        """Make one; building it goes on afterwards."""
        ...

    def get(self, id: str) -> RemoteWorkspace | None:
        """One workspace; None when it is gone."""
        ...

    def list(self) -> Sequence[RemoteWorkspace]:
        """All workspaces of everybody."""
        ...

    def turn(self, id: str, turn: Turn) -> None:
        """Begin to start, stop or delete one; Conflict while something else is being built."""
        ...

    def cancel(self, id: str) -> None:
        """Break off the build that is going on."""
        ...

    def extend(self, id: str, until: datetime) -> None:
        """Have it stop by itself later."""
        ...

    def log(self, id: str, lines: int) -> Sequence[str]:
        """The last lines of the newest build."""
        ...

    def close(self) -> None:
        """Give its connections back."""
        ...
