"""Access as membership of dedicated Okta groups: one group for each target and environment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.errors import Invalid, NotFound, Unavailable
from data.ports.access import Entitlement

if TYPE_CHECKING:  # the configuration is read at every start, HTTP is needed by few
    from data.integrations.okta_api import Okta


class OktaGroup(BaseModel):
    """Being in `group` (its name or id) is having access to `target` in `environment`, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str = Field(
        pattern=r"^[a-z]+:[^/\s]+/\S+$", description="a full reference, such as component:default/checkout"
    )
    environment: str = Field(min_length=1)
    group: str = Field(min_length=1)


class OktaConfig(BaseModel):
    """`access: {type: okta, url: https://acme.okta.com, token_env: OKTA_TOKEN, groups: […]}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["okta"]
    url: str = Field(pattern=r"^https://[^/\s]+/?$|^http://127\.0\.0\.1:\d+/?$")
    token_env: str = "OKTA_API_TOKEN"  # noqa: S105 - the name of the variable, not the token
    groups: list[OktaGroup] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_each(self) -> "OktaConfig":
        names = [group.group for group in self.groups]
        places = [(group.target, group.environment) for group in self.groups]
        if len(set(names)) < len(names) or len(set(places)) < len(places):
            raise ValueError("every group and every target with its environment may stand here once only")
        return self


@dataclass
class OktaAccess:
    """Puts people into groups and takes them out. The groups must not be filled by Okta's own rules."""

    config: OktaConfig
    api: "Okta"
    name: str = "Okta"
    _ids: dict[str, str] = field(default_factory=dict)  # group as configured -> id

    def grant(self, access: Entitlement) -> None:
        """Put the person into the group."""
        group = self._group(access)
        try:
            self.api.add(group, self.api.user_id(access.subject))
        except NotFound as error:
            raise Invalid(error.message) from None

    def revoke(self, access: Entitlement) -> None:
        """Take the person out; somebody whom Okta no longer has, has no access either."""
        try:
            group = self._group(access)
        except Invalid as error:  # the access may exist although its configuration is gone: never give up quietly
            raise Unavailable(error.message, error.hint) from None
        member = self._member(group, access.subject)
        if member:
            self.api.remove(group, member)

    def holds(self, access: Entitlement) -> bool:
        """Whether the person is in the group."""
        return bool(self._member(self._group(access), access.subject))

    def list(self) -> Sequence[Entitlement]:
        """The members of all configured groups."""
        found = []
        for row in self.config.groups:
            for member in self.api.members(self._id(row.group)):
                found.append(Entitlement("", _login(member), row.target, row.environment))
        return found

    def _group(self, access: Entitlement) -> str:
        for row in self.config.groups:
            if (row.target, row.environment) == (access.target, access.environment):
                return self._id(row.group)
        raise Invalid(
            f"{access.target} in {access.environment} has no group in Okta.",
            "Add it under access.groups in idp.yaml.",
        )

    def _id(self, group: str) -> str:
        if group not in self._ids:
            try:
                self._ids[group] = group if group.startswith("00g") else self.api.group_id(group)
            except NotFound as error:
                raise Unavailable(error.message) from None
        return self._ids[group]

    def _member(self, group: str, subject: str) -> str:
        """The id of the member with this login, also when the account has been suspended meanwhile."""
        return next((str(user["id"]) for user in self.api.members(group) if _login(user) == subject), "")


def _login(user: object) -> str:
    profile = user.get("profile", {}) if isinstance(user, dict) else {}
    return str(profile.get("login") or profile.get("email") or "").lower()
