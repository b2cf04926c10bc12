"""The entries of idp.yaml for on-call systems that are asked over the network: their shape, and what they make."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.settings.source_entries import ApiUrl, Variable
from data.catalog.entity import parse_ref
from data.errors import Invalid

if TYPE_CHECKING:  # they bring an HTTP client along, which most installs do not need
    from data.catalog.live import Catalog
    from data.integrations.incident_io import IncidentIo
    from data.integrations.pager_fake import FakePager
    from data.integrations.pagerduty import PagerDuty


def covered(value: str) -> str:
    """What something of the on-call system answers for: a group unless another kind is named."""
    try:
        parse_ref(value, "group")
    except Invalid as error:
        raise ValueError(f"a reference such as group:team-payments. {error.message}") from None
    return value


Covers = dict[Annotated[str, Field(min_length=1)], list[Annotated[str, AfterValidator(covered)]]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PagerDutyEntry(_Entry):
    """One PagerDuty account; `covers` is keyed by the id of a service, an escalation policy or a schedule."""

    type: Literal["pagerduty"]
    url: ApiUrl = "https://api.pagerduty.com"
    events_url: ApiUrl = "https://events.pagerduty.com"
    token_env: Variable = "PAGERDUTY_TOKEN"  # noqa: S105  # the name of the variable, not the token
    covers: Covers = Field(default_factory=dict)

    def connect(self, catalog: "Catalog", now: Callable[[], datetime]) -> "PagerDuty":
        """What it makes; the token is read from the environment now, nothing is asked yet."""
        from data.integrations.annotated import Annotated as Entities
        from data.integrations.pagerduty import PagerDuty
        from data.integrations.pagerduty_api import KEYS, connect

        api = connect(self.url, self.events_url, os.environ.get(self.token_env, ""), self.token_env)
        return PagerDuty(api, Entities(lambda: catalog.snapshot, KEYS), self.covers, now)


class IncidentIoEntry(_Entry):
    """One incident.io account; `covers` is keyed by the id of a schedule or an escalation path."""

    type: Literal["incident-io"]
    url: ApiUrl = "https://api.incident.io"
    token_env: Variable = "INCIDENT_IO_TOKEN"  # noqa: S105  # the name of the variable, not the token
    covers: Covers = Field(default_factory=dict)

    def connect(self, catalog: "Catalog", now: Callable[[], datetime]) -> "IncidentIo":
        """What it makes; the token is read from the environment now, nothing is asked yet."""
        from data.integrations.annotated import Annotated as Entities
        from data.integrations.incident_io import IncidentIo
        from data.integrations.incident_io_api import KEYS, connect

        api = connect(self.url, os.environ.get(self.token_env, ""), self.token_env)
        return IncidentIo(api, Entities(lambda: catalog.snapshot, KEYS), self.covers, now)


class FakePagerEntry(_Entry):
    """A pager that calls nobody, for trying things out; `services` names what each reference would page."""

    type: Literal["fake"]
    services: dict[Annotated[str, AfterValidator(covered)], str] = Field(min_length=1)

    def pager(self, now: Callable[[], datetime]) -> "FakePager":
        """What it makes."""
        from data.integrations.pager_fake import FakePager

        return FakePager(now, {str(parse_ref(ref, "group")): name for ref, name in self.services.items()})
