"""Policies as they are written in the configuration. `workflows.policy` applies them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from data.documents import Document
from data.durations import SECONDS, Duration

ON_CALL_LEVELS = (1, 2)
WAITING = 8 * SECONDS["h"]

Name = Annotated[str, Field(min_length=1, max_length=200)]


def _listed(value: object) -> object:
    """One value may stand for a list of one."""
    return value if isinstance(value, list) else [value]


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Who(_Config):
    """Groups of the catalog by name or reference; "*" is everybody whom the catalog knows."""

    groups: list[Name] = Field(min_length=1)


class BreakGlass(Who):
    """Who may help themselves in an emergency, and for how long."""

    duration: Duration


class When(_Config):
    """What must hold for a rule to apply; nothing stated always holds."""

    requester: Literal["on-call", "owner"] | None = None
    levels: list[Annotated[int, Field(ge=1, le=9)]] = Field(default=list(ON_CALL_LEVELS), min_length=1)
    groups: list[Name] | None = Field(default=None, min_length=1)
    environment: Annotated[list[Name], BeforeValidator(_listed), Field(min_length=1)] | None = None
    tier: Annotated[list[int], BeforeValidator(_listed), Field(min_length=1)] | None = None
    template: Annotated[list[Name], BeforeValidator(_listed), Field(min_length=1)] | None = None
    up_to: Duration | None = None


class Ask(_Config):
    """Whose agreement is needed: so many people out of these groups; "owners" are the owners of the target."""

    approvals: int = Field(default=1, ge=1, le=10)
    from_: list[Name] = Field(alias="from", min_length=1)
    distinct_teams: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> "Ask":
        if len(set(self.from_)) != len(self.from_):
            raise ValueError("a group is named twice in `from`")
        if self.distinct_teams and self.approvals > len(self.from_):
            raise ValueError(f"{self.approvals} distinct teams cannot come from {len(self.from_)} named in `from`")
        return self


class Refuse(_Config):
    """No, with the sentence that says why."""

    refuse: Annotated[str, Field(min_length=1, max_length=300)]


def _form_of(then: object) -> str:
    if isinstance(then, str):
        return "word"
    return "refuse" if isinstance(then, Refuse) or (isinstance(then, dict) and "refuse" in then) else "ask"


class Rule(_Config):
    """The first rule whose `when` holds decides."""

    when: When = When()
    then: Annotated[
        Annotated[Literal["allow", "refuse"], Tag("word")]
        | Annotated[Ask, Tag("ask")]
        | Annotated[Refuse, Tag("refuse")],
        Discriminator(_form_of),
    ]


class Quota(Who):
    """How many at a time somebody of these groups may have."""

    most: int = Field(ge=0, le=1000)


def _quotas(value: object) -> object:
    """A number alone is everybody's."""
    return [{"groups": ["*"], "most": value}] if isinstance(value, int) else value


class PolicyConfig(_Config):
    """One policy. Durations are in seconds once read."""

    request: Who = Who(groups=["*"])
    environments: list[Name] | None = Field(default=None, min_length=1)
    durations: list[Duration] = []
    rules: list[Rule] = Field(min_length=1)
    break_glass: BreakGlass | None = None
    pending_expires: Duration = WAITING
    escalate_after: Duration | None = None
    quota: Annotated[list[Quota], BeforeValidator(_quotas)] = []  # the first whose groups hold counts
    longest: Duration | None = None  # at a stretch, extensions included


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, its name, and where each of its rules is written ("idp.yaml:14")."""

    name: str
    config: PolicyConfig
    places: Sequence[str] = ()

    @property
    def environments(self) -> tuple[str, ...]:
        """What may be asked for: as stated, else every environment that a rule names, else prod."""
        stated = self.config.environments
        named = [name for rule in self.config.rules for name in rule.when.environment or ()]
        return tuple(dict.fromkeys(stated or named or ["prod"]))

    @property
    def words(self) -> tuple[str, ...]:
        """Every group that is named in a `from`."""
        asks = [rule.then for rule in self.config.rules if isinstance(rule.then, Ask)]
        return tuple(dict.fromkeys(word for ask in asks for word in ask.from_))

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that is named as who may ask, who is favoured, or who may break the glass."""
        glass = self.config.break_glass
        whens = [name for rule in self.config.rules for name in rule.when.groups or ()]
        limited = [name for quota in self.config.quota for name in quota.groups]
        named = [*self.config.request.groups, *whens, *limited, *(glass.groups if glass else ())]
        return tuple(dict.fromkeys(named))

    def place(self, index: int) -> str:
        """Where a rule is written, for people."""
        where = self.places[index] if index < len(self.places) else ""
        return f"rule {index + 1} of {self.name}" + (f" ({where})" if where else "")


class PoliciesFile(_Config):
    """A file of its own that idp.yaml names: `policies: policies.yaml`. The same block stands in it."""

    policies: dict[Name, PolicyConfig]


def locate(configs: Mapping[str, PolicyConfig], document: Document, file: str) -> dict[str, Policy]:
    """Name the policies that stand under `policies:`, and note where in `file` each rule is written."""
    return {name: Policy(name, config, _places(name, config, document, file)) for name, config in configs.items()}


def _places(name: str, config: PolicyConfig, document: Document, file: str) -> tuple[str, ...]:
    rules = range(len(config.rules))
    return tuple(f"{file}:{document.lines.nearest(('policies', name, 'rules', i), document.line)}" for i in rules)
