"""The entries of idp.yaml for directories of people: their shape, and the source that each of them makes."""

import os
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.source_entries import ApiUrl, Name, Variable

if TYPE_CHECKING:  # they bring an HTTP client along, which most installs do not need
    from data.catalog.sources.okta import OktaSource


def organisation(value: str) -> str:
    """Only the host counts: the paths are Okta's."""
    if value.count("/") > 2:
        raise ValueError("expected the address of the organisation alone, such as https://acme.okta.com")
    return value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OktaEntry(_Entry):
    """An Okta organisation; `groups` are patterns of names (`team-*`), none takes all groups."""

    name: Name
    type: Literal["okta"]
    url: Annotated[ApiUrl, AfterValidator(organisation)]
    token_env: Variable = "OKTA_TOKEN"  # noqa: S105  # the name of the variable, not the token
    groups: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)

    def source(self) -> "OktaSource":
        """What it makes; the token is read from the environment now."""
        from data.catalog.sources.okta import OktaSource

        token = os.environ.get(self.token_env, "")
        return OktaSource(self.name, self.url, token, self.token_env, tuple(self.groups))
