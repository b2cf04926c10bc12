"""The section `catalog` of idp.yaml: the sources, and what may come out of which."""

from typing import Annotated, Final, Literal

from pydantic import Field, Tag, model_validator

from bot.settings.people_entries import OktaEntry, SlackGroupsEntry, is_directory
from bot.settings.shapes import Duration, Entry, SourceName, Text, one_of
from bot.settings.source_entries import BackstageEntry, GitHubEntry

OLDEST: Final = 900  # seconds that knowledge of a directory may be old and still give rights


class FilesEntry(Entry):
    """A folder that is searched, a file, or a glob; relative to idp.yaml."""

    name: SourceName
    type: Literal["files"]
    path: Text


class GitEntry(Entry):
    """A repository by https, ssh or as a local folder."""

    name: SourceName
    type: Literal["git"]
    url: Text
    ref: str = ""
    path: Text = "."


Files = Annotated[FilesEntry, Tag("files")]
Git = Annotated[GitEntry, Tag("git")]
Backstage = Annotated[BackstageEntry, Tag("backstage")]
GitHub = Annotated[GitHubEntry, Tag("github")]
Okta = Annotated[OktaEntry, Tag("okta")]
SlackGroups = Annotated[SlackGroupsEntry, Tag("slack-groups")]
SourceEntry = FilesEntry | GitEntry | BackstageEntry | GitHubEntry | OktaEntry | SlackGroupsEntry


class CatalogSection(Entry):
    """Where entities come from; the order is the precedence when two sources name the same entity.

    `groups_max_age` (seconds): knowledge of a directory that is older gives nobody a right or a voice.
    """

    sources: list[
        Annotated[
            Files | Git | Backstage | GitHub | Okta | SlackGroups,
            one_of("files", "git", "backstage", "github", "okta", "slack-groups"),
        ]
    ] = Field(min_length=1)
    takeovers: Literal["hold", "take"] = "hold"
    sync_every: Duration = 600
    groups_max_age: Annotated[Duration, Field(ge=60, le=OLDEST)] = 60
    people_from: list[SourceName] | None = None

    @model_validator(mode="after")
    def _known(self) -> "CatalogSection":
        for name in self.people_from or ():
            if name not in {source.name for source in self.sources}:
                raise ValueError(f"people_from names {name}, which is no source")
        return self

    @property
    def tellers(self) -> frozenset[str]:
        """The sources whose users and memberships count.

        Those that `people_from` names; else, where a directory is configured, the directories alone; else all.
        """
        if self.people_from is not None:
            return frozenset(self.people_from)
        directories = {source.name for source in self.sources if is_directory(source)}
        groups = {source.name for source in self.sources if isinstance(source, SlackGroupsEntry)}
        return frozenset(directories | groups if directories else {source.name for source in self.sources})
