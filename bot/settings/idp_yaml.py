"""idp.yaml: its shape, and how it is read. An unknown key is a fault."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, PrivateAttr, Tag

from bot.settings.catalog_section import CatalogSection
from bot.settings.digest_entries import DigestsSection
from bot.settings.fault import ConfigFault
from bot.settings.golden_entries import GitHubHostEntry, GitOpsEntry, GoldenPathEntry, LocalHostEntry
from bot.settings.oncall_entries import FakePagerEntry, IncidentIoEntry, PagerDutyEntry
from bot.settings.score_entries import ALWAYS, FactsEntry, ScorecardsSection, SenderEntry, again
from bot.settings.shapes import CoveredRef, Entry, FeedUrl, Text, one_of
from bot.settings.workspace_entries import WorkspacesEntry
from data.documents import Document, Fault, check, load_documents, one
from data.integrations.access_aws import AwsConfig
from data.integrations.access_command import CommandConfig
from data.integrations.access_okta import OktaConfig
from data.policies import PoliciesFile, Policy, PolicyConfig, locate
from data.scorecards.rules import Scorecards


class RotaEntry(Entry):
    """A file with schedules; relative to idp.yaml."""

    type: Literal["rota"]
    path: Text


class IcalEntry(Entry):
    """A calendar feed, or a file of one."""

    type: Literal["ical"]
    url: FeedUrl
    name: str = ""
    covers: list[CoveredRef] = Field(default_factory=list)


Rota = Annotated[RotaEntry, Tag("rota")]
Ical = Annotated[IcalEntry, Tag("ical")]
PagerDuty = Annotated[PagerDutyEntry, Tag("pagerduty")]
IncidentIo = Annotated[IncidentIoEntry, Tag("incident-io")]
Fake = Annotated[FakePagerEntry, Tag("fake")]


class PlatformSection(Entry):
    """Who runs this: shown by `about` and `help`."""

    owner: str = ""
    channel: str = ""


class FakeEntry(Entry):
    """Access that is only remembered, for trying the bot out: in a file, beside a SQLite database by default."""

    type: Literal["fake"]
    path: str = ""


AccessEntry = Annotated[
    Annotated[FakeEntry, Tag("fake")]
    | Annotated[CommandConfig, Tag("command")]
    | Annotated[OktaConfig, Tag("okta")]
    | Annotated[AwsConfig, Tag("aws-identity-center")],
    one_of("fake", "command", "okta", "aws-identity-center"),
]


RepoHostEntry = Annotated[
    Annotated[LocalHostEntry, Tag("local")] | Annotated[GitHubHostEntry, Tag("github")],
    one_of("local", "github"),
]


class AuditSection(Entry):
    """Where the head of the audit's chain goes every five minutes, so that nobody can rewrite it unseen."""

    channel: str = ""
    file: str = ""
    readers: list[Text] = Field(default=["*"], min_length=1)


def _where_policies_stand(policies: object) -> str:
    return "file" if isinstance(policies, str) else "here"


PoliciesEntry = Annotated[
    Annotated[dict[Text, PolicyConfig], Tag("here")] | Annotated[Text, Tag("file")],
    Discriminator(_where_policies_stand),
]


class IdpYaml(Entry):
    """The whole file."""

    catalog: CatalogSection
    oncall: list[
        Annotated[
            Rota | Ical | PagerDuty | IncidentIo | Fake,
            one_of("rota", "ical", "pagerduty", "incident-io", "fake"),
        ]
    ] = Field(default_factory=list)
    platform: PlatformSection = PlatformSection()
    policies: PoliciesEntry = Field(default_factory=dict)
    access: AccessEntry | None = None
    workspaces: list[WorkspacesEntry] = Field(default_factory=list)
    audit: AuditSection = AuditSection()
    board: str = ""
    digests: DigestsSection | None = None
    scorecards: ScorecardsSection = ScorecardsSection()
    facts: list[FactsEntry] = Field(default_factory=list)
    hooks: list[SenderEntry] = Field(default_factory=list)
    golden_paths: list[GoldenPathEntry] = Field(default_factory=list, max_length=100)
    repo_host: RepoHostEntry | None = None
    gitops: GitOpsEntry | None = None
    _policies: dict[str, Policy] = PrivateAttr(default_factory=dict)
    _scorecards: Scorecards = PrivateAttr(default_factory=Scorecards)

    @property
    def located_policies(self) -> Mapping[str, Policy]:
        """The policies, wherever they stand, with the lines of their rules."""
        return self._policies

    @property
    def loaded_scorecards(self) -> Scorecards:
        """The scorecards of all files, compiled."""
        return self._scorecards


def read_idp_yaml(path: Path) -> tuple[IdpYaml | None, list[ConfigFault]]:
    """The file, or all its faults."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        hint = "a file like idp.example.yaml there, or IDP_CONFIG naming another one"
        return None, [ConfigFault(str(path), 0, "The file does not exist.", hint)]
    except OSError as error:
        return None, [ConfigFault(str(path), 0, f"The file cannot be read: {error.strerror}.", "a readable file")]
    document = one(load_documents(content), "catalog: with sources, as in idp.example.yaml")
    return (None, _faults(path, document)) if isinstance(document, list) else _checked(path, document)


def _checked(path: Path, document: Document) -> tuple[IdpYaml | None, list[ConfigFault]]:
    checked = check(IdpYaml, document)
    if isinstance(checked, list):
        return None, _faults(path, checked)
    found, faults = _located(path, checked, document)
    checked._policies = found
    checked._scorecards, misread = checked.scorecards.load(path.parent)
    faults = [*_twice(path, checked, document), *faults]
    faults += [fault for file, each in misread for fault in _faults(file, [each])]
    return (None if faults else checked), faults


def _located(path: Path, config: IdpYaml, document: Document) -> tuple[dict[str, Policy], list[ConfigFault]]:
    """The policies with their places, from the file that idp.yaml names if it names one."""
    if not isinstance(config.policies, str):
        return locate(config.policies, document, path.name), []
    beside = path.parent / config.policies
    try:
        found = one(load_documents(beside.read_bytes()), "policies: with names below it, as in docs/policies.md")
    except OSError as error:
        line = document.lines.nearest(("policies",), document.line)
        return {}, [
            ConfigFault(str(path), line, f"{beside} cannot be read: {error.strerror}.", "a file of policies")
        ]
    if isinstance(found, list):
        return {}, _faults(beside, found)
    read = check(PoliciesFile, found)
    if isinstance(read, list):
        return {}, _faults(beside, read)
    return locate(read.policies, found, beside.name), []


def _faults(path: Path, faults: Sequence[Fault]) -> list[ConfigFault]:
    return [ConfigFault(str(path), fault.line, fault.message, fault.expected) for fault in faults]


def _twice(path: Path, config: IdpYaml, document: Document) -> list[ConfigFault]:
    """Two sources of one name could not be told apart in answers, nor could two that tell facts."""
    sources = [(("catalog", "sources", at), entry.name) for at, entry in enumerate(config.catalog.sources)]
    told = [(("facts", at), entry.called) for at, entry in enumerate(config.facts)]
    told += [(("hooks", at), entry.name) for at, entry in enumerate(config.hooks)]
    return [
        ConfigFault(
            str(path),
            document.lines.get(where, document.line),
            f"Two {what} are named {name}.",
            "a name of its own",
        )
        for what, entries, taken in (("sources", sources, ()), ("sources of facts", told, ALWAYS))
        for where, name in again(entries, taken)
    ]
