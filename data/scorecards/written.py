"""The shape of a scorecards file. What stands in it is read by `data.scorecards.loading`."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data.durations import Duration
from data.scorecards.vocabulary import FACT_NAME, FactType

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "in", "within"]
Text = Annotated[str, Field(min_length=1, max_length=300)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


def _listed(value: object) -> object:
    """One value may stand for a list of one."""
    return value if isinstance(value, list) else [value]


def _link(value: str) -> str:
    if value and not value.startswith("https://"):
        raise ValueError("an address that begins with https://")
    return value


def _fact_name(value: str) -> str:
    if not FACT_NAME.fullmatch(value):
        raise ValueError("a name such as cost.monthly: small letters, digits, _ and dots")
    return value


Words = Annotated[list[Text], BeforeValidator(_listed), Field(min_length=1)]
FactName = Annotated[str, AfterValidator(_fact_name)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Applies(_Written):
    """Which entities are meant: all that is stated must hold; of a list, one."""

    kind: Words | None = None
    type: Words | None = None
    lifecycle: Words | None = None
    tags: Words | None = None
    owner: Words | None = None
    where: str = ""


class FixEntry(_Written):
    """How a rule is satisfied."""

    text: str = Field(default="", max_length=1_000)
    link: Annotated[str, AfterValidator(_link)] = ""
    action: str = ""


def _fix(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class RuleEntry(_Written):
    """One rule: an expression in `check`, or a fact with an operator and a value."""

    title: Text
    why: Annotated[str, Field(max_length=1_000)] = ""
    fix: Annotated[FixEntry, BeforeValidator(_fix)] = FixEntry()
    level: Text
    weight: int = Field(default=1, ge=1, le=100)
    applies_to: Applies | None = None
    from_: date | None = Field(default=None, alias="from")
    check: str = ""
    fact: FactName | None = None
    operator: Operator | None = None
    value: Any = None

    @model_validator(mode="after")
    def _one_way(self) -> "RuleEntry":
        if bool(self.check) == bool(self.fact):
            raise ValueError("either `check` with an expression, or `fact` with `operator` and `value`")
        if self.operator is not None and self.fact is None:
            raise ValueError("`fact` beside `operator`")
        if (self.operator is None) != (self.value is None):
            raise ValueError("`operator` and `value` together")
        return self


class ScorecardEntry(_Written):
    """One scorecard."""

    title: Text
    levels: list[Text] = Field(default=["bronze", "silver", "gold"], min_length=1, max_length=9)
    applies_to: Applies = Applies()
    grace: Duration | None = None
    rules: dict[Name, RuleEntry] = Field(min_length=1)


class ScorecardsFile(_Written):
    """A whole file. `facts` declares those that are pushed and that the house does not know itself."""

    facts: dict[FactName, FactType] = Field(default_factory=dict)
    scorecards: dict[Name, ScorecardEntry]
