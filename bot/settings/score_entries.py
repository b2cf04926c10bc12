"""The entries of idp.yaml about scorecards: where rules stand, where facts come from, and who may push them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field

from bot.settings.source_entries import ApiUrl, Variable
from data.integrations.facts.catalog import CatalogFacts
from data.integrations.facts.coverage import read_coverage
from data.integrations.facts.files import FileFacts, Read
from data.integrations.facts.oncall import OnCallFacts
from data.integrations.facts.readme import read_readme
from data.integrations.facts.template import TemplateFacts
from data.integrations.facts.trivy import read_trivy
from data.ports.facts import Collector
from data.ports.oncall import OnCall
from data.scorecards.loading import SHIPPED, Misread, load_scorecards
from data.scorecards.rules import Scorecards

ALWAYS: Final = ("catalog", "on-call", "template")
"""Names of collectors that are always there."""

READERS: Final[dict[str, Read]] = {"coverage": read_coverage, "trivy": read_trivy, "readme": read_readme}


def template(value: str) -> str:
    """Where the file of each entity lies."""
    if "{name}" not in value or ".." in value.split("/") or value.startswith("/{"):
        raise ValueError("a path with {name} in it, such as ci/{name}/coverage.xml")
    return value


SenderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
PathTemplate = Annotated[str, AfterValidator(template)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ScorecardsSection(_Entry):
    """Files of scorecards, relative to idp.yaml, and whether the six rules that ship are among them."""

    shipped: bool = True
    files: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)

    def load(self, folder: Path) -> tuple[Scorecards, Sequence[Misread]]:
        """All of them together."""
        files = [folder / Path(file).expanduser() for file in self.files]
        return load_scorecards([SHIPPED, *files] if self.shipped else files)


class FileFactsEntry(_Entry):
    """Files that pipelines leave behind."""

    type: Literal["coverage", "trivy", "readme"]
    name: SenderName = ""
    path: PathTemplate

    @property
    def called(self) -> str:
        """What people read beside a value."""
        return self.name or self.type

    def collector(self, folder: Path) -> Collector:
        """Paths are relative to the folder of idp.yaml."""
        base, _, rest = self.path.partition("{")
        head, _, tail = base.rpartition("/")
        inside = f"{tail}{{{rest}"
        return FileFacts(
            self.called,
            (folder / Path(head or ".").expanduser()).absolute(),
            inside,
            READERS[self.type],
        )


class PrometheusEntry(_Entry):
    """A Prometheus with Sloth's series; `token_env` names the variable with a bearer token, if it needs one."""

    type: Literal["prometheus"]
    name: SenderName = "prometheus"
    url: ApiUrl
    token_env: Variable = "PROMETHEUS_TOKEN"  # noqa: S105 - the name of a variable

    @property
    def called(self) -> str:
        """What people read beside a value."""
        return self.name

    def collector(self, _folder: Path) -> Collector:
        """Nothing is asked yet."""
        from data.http.api import Api  # HTTP, which most installs do not need
        from data.integrations.facts.prometheus import PrometheusSlos

        token = os.environ.get(self.token_env, "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return PrometheusSlos(self.name, lambda: Api(self.url, headers))


class SenderEntry(_Entry):
    """Somebody who may push facts and deployments; `secret_env` names the variable with what they sign with."""

    name: SenderName
    secret_env: Variable

    @property
    def secret(self) -> bytes:
        """b"" when the variable is not set: then nothing that claims to come from them is taken."""
        return os.environ.get(self.secret_env, "").strip().encode()


FactsEntry = Annotated[FileFactsEntry | PrometheusEntry, Discriminator("type")]


def collectors(
    entries: Sequence[FileFactsEntry | PrometheusEntry], folder: Path, oncall: OnCall
) -> tuple[Collector, ...]:
    """Those that are always there, and those that are configured."""
    near: tuple[Collector, ...] = (CatalogFacts(), OnCallFacts(oncall), TemplateFacts())
    return (*near, *(entry.collector(folder) for entry in entries))


W = TypeVar("W")


def again(entries: Sequence[tuple[W, str]], taken: Sequence[str]) -> list[tuple[W, str]]:
    """Those whose name is taken, or stands further up already."""
    names = [name for _, name in entries]
    return [(where, name) for at, (where, name) in enumerate(entries) if name in taken or name in names[:at]]
