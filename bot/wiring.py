"""The one place that names real integrations: settings in, Idp out."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from bot.settings.catalog_section import FilesEntry, GitEntry, SourceEntry
from bot.settings.config import Settings
from bot.settings.idp_yaml import FakeEntry, IcalEntry, RotaEntry
from bot.settings.oncall_entries import FakePagerEntry, IncidentIoEntry, PagerDutyEntry
from bot.settings.people_entries import OktaEntry, SlackGroupsEntry
from bot.settings.score_entries import collectors
from bot.settings.source_entries import BackstageEntry, GitHubEntry
from data import unconnected
from data.catalog.live import Catalog
from data.catalog.sources.files import FilesSource
from data.catalog.sources.git import GitSource
from data.catalog.sources.made import MadeSource
from data.digests import DigestConfig
from data.errors import Unavailable
from data.golden_paths.renderer import Renderer
from data.golden_paths.shelf import Shelf
from data.golden_paths.unconnected import NoGoldenPaths, NoRepoHost
from data.idp import Idp
from data.integrations.access_aws import AwsAccess, AwsConfig, connect
from data.integrations.access_command import CommandAccess, CommandConfig
from data.integrations.access_fake import FakeAccess
from data.integrations.access_okta import OktaAccess, OktaConfig
from data.integrations.board import FolderBoard
from data.integrations.oncall import AllOnCall
from data.integrations.pager import AllPagers
from data.integrations.rota import Rota
from data.ports.access import Access
from data.ports.catalog import CatalogSource
from data.ports.golden_paths import GoldenPaths
from data.ports.oncall import OnCall
from data.scorecards.standings import Standings
from data.store.clock import DatabaseClock, of_this_machine
from data.store.database import Database


def build(settings: Settings) -> Idp:
    """Everything connected, nothing opened yet: the catalog is empty until its first refresh."""
    database = Database(settings.database_url)
    now = DatabaseClock(database) if database.kind == "postgresql" else of_this_machine
    catalog = Catalog(database)
    systems = tuple(
        entry.connect(catalog, now)
        for entry in settings.config.oncall
        if isinstance(entry, PagerDutyEntry | IncidentIoEntry)
    )
    pretended = [entry.pager(now) for entry in settings.config.oncall if isinstance(entry, FakePagerEntry)]
    audit_file, board = settings.config.audit.file, settings.config.board
    oncall = AllOnCall([*_near(settings, now), *systems], now)
    return Idp(
        database=database,
        catalog=catalog,
        oncall=oncall,
        sources=tuple(_sources(settings, database, now)),
        now=now,
        request_sync=_no_sync_here,
        version=version("idp"),
        config_path=str(settings.config_path),
        platform_owner=settings.config.platform.owner,
        platform_channel=settings.config.platform.channel,
        groups_age=timedelta(seconds=settings.config.catalog.groups_max_age),
        pager=AllPagers([*systems, *pretended]),
        oncall_systems=systems,
        policies=settings.config.located_policies,
        scorecards=settings.config.loaded_scorecards,
        standings=Standings(database),
        collectors=collectors(settings.config.facts, settings.config_path.parent, oncall),
        access=_access(settings, settings.config.access, database),
        workspaces=tuple(entry.connect(settings.config_path.parent, now) for entry in settings.config.workspaces),
        board=FolderBoard(settings.beside_config(board)) if board else unconnected.Board(),
        digests=settings.config.digests.config() if settings.config.digests else DigestConfig(),
        audit_readers=tuple(settings.config.audit.readers),
        audit_channel=settings.config.audit.channel,
        audit_file=str(settings.beside_config(audit_file)) if audit_file else "",
        golden_paths=_golden_paths(settings),
        repo_host=settings.config.repo_host.host(settings.beside_config)
        if settings.config.repo_host
        else NoRepoHost(),
        gitops=settings.config.gitops.place() if settings.config.gitops else None,
        runs=settings.cache.parent / "runs",
    )


def _golden_paths(settings: Settings) -> GoldenPaths:
    if not settings.config.golden_paths:
        return NoGoldenPaths()
    registry = [entry.path(settings.beside_config) for entry in settings.config.golden_paths]
    return Renderer(registry, Shelf(settings.cache.parent / "golden-paths"))


def _beside(database: Database) -> Path | None:
    """The file in which made-up access outlives a restart, as the rows about it do."""
    return Path(f"{database.location}.access.json") if database.kind == "sqlite" else None


def _access(
    settings: Settings, entry: FakeEntry | CommandConfig | OktaConfig | AwsConfig | None, database: Database
) -> Access:
    match entry:
        case None:
            return unconnected.Access()
        case FakeEntry(path=path):
            return FakeAccess(settings.beside_config(path) if path else _beside(database))
        case CommandConfig():
            return CommandAccess(entry, settings.config_path.parent)
        case OktaConfig():
            from data.integrations.okta_api import Okta  # HTTP, which most installs do not need

            return OktaAccess(entry, Okta(entry.url, os.environ.get(entry.token_env, "")))
        case AwsConfig():
            return AwsAccess(entry, *connect(entry))


def _sources(settings: Settings, database: Database, now: Callable[[], datetime]) -> Iterator[CatalogSource]:
    """Those of idp.yaml; what is made here comes last, so that every other source is believed first."""
    for entry in settings.config.catalog.sources:
        yield _source(settings, entry, database, now)
    if settings.config.golden_paths:
        yield MadeSource(database)


def _source(
    settings: Settings, entry: SourceEntry, database: Database, now: Callable[[], datetime]
) -> CatalogSource:
    match entry:
        case SlackGroupsEntry():
            return entry.source(settings.api_url, settings.bot_token, database, now)
        case BackstageEntry() | OktaEntry():
            return entry.source()
        case GitHubEntry():
            return entry.source(settings.config_path.parent)
        case FilesEntry(name=name, path=path):
            return FilesSource(name, settings.beside_config(path), path)
        case GitEntry(name=name, url=url, ref=ref, path=path):
            local = url.startswith((".", "/", "~"))
            where = str(settings.beside_config(url)) if local else url
            return GitSource(name, where, settings.cache, ref, path)


def _near(settings: Settings, now: Callable[[], datetime]) -> Iterator[OnCall]:
    """Files and feeds, which are read as a whole."""
    for entry in settings.config.oncall:
        match entry:
            case RotaEntry(path=path):
                yield Rota(settings.beside_config(path), now)
            case IcalEntry(url=url, name=name, covers=covers):
                from data.integrations.ical import Feed  # a calendar library that most installs do not need

                yield Feed(url if "://" in url else str(settings.beside_config(url)), name, covers, now)


def _no_sync_here(_source: str | None) -> str:
    raise Unavailable("This process does not sync in the background.", "Run `idp sync` in a terminal.")
