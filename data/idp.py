"""The frozen context: everything that a command or a workflow may use, passed as first argument everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from data import unconnected
from data.digests import DigestConfig
from data.golden_paths.unconnected import NoGoldenPaths, NoRepoHost
from data.integrations.pager import AllPagers
from data.scorecards.rules import Scorecards
from data.scorecards.standings import Standings

if TYPE_CHECKING:  # types only: importing the context must not import the database
    from data.catalog.live import Catalog
    from data.policies import Policy
    from data.ports.access import Access
    from data.ports.board import Board
    from data.ports.catalog import CatalogSource
    from data.ports.chat import Chat, Desk, Files
    from data.ports.engine import Engine
    from data.ports.facts import Collector
    from data.ports.gitops import GitOps
    from data.ports.golden_paths import GoldenPaths
    from data.ports.oncall import OnCall, OnCallSystem, Pager
    from data.ports.repo_host import RepoHost
    from data.ports.workspaces import Workspaces
    from data.store.database import Database


@dataclass(frozen=True)
class Idp:
    """What the house has, built once in `bot.wiring`. Tests change one thing with `dataclasses.replace`.

    `now` gives aware UTC. `request_sync(source)` asks for a sync of one source, or of all with None, off the
    request path; it returns at once with a sentence of what will happen, and raises UserError if nothing will.
    """

    database: Database
    catalog: Catalog
    oncall: OnCall
    sources: tuple[CatalogSource, ...]
    now: Callable[[], datetime]
    request_sync: Callable[[str | None], str]
    version: str
    config_path: str  # where idp.yaml lies, for people
    platform_owner: str = ""  # reference of the group that runs the platform, "" if not stated
    platform_channel: str = ""  # channel where people get help, such as #platform
    pager: Pager = field(default_factory=AllPagers)
    oncall_systems: tuple[OnCallSystem, ...] = ()  # those behind the network
    policies: Mapping[str, Policy] = field(default_factory=dict)  # by name, as configured
    engine: Engine = field(default_factory=unconnected.Engine)
    access: Access = field(default_factory=unconnected.Access)
    chat: Chat = field(default_factory=unconnected.Chat)
    files: Files = field(default_factory=unconnected.Files)
    desk: Desk = field(default_factory=unconnected.Desk)
    digests: DigestConfig = field(default_factory=DigestConfig)
    workspaces: tuple[Workspaces, ...] = ()  # the first that launches is where new ones are made
    board: Board = field(default_factory=unconnected.Board)
    scorecards: Scorecards = field(default_factory=Scorecards)
    standings: Standings = field(default_factory=Standings)
    collectors: tuple[Collector, ...] = ()  # of facts
    groups_age: timedelta = timedelta(seconds=60)  # older knowledge of a directory's groups gives nobody a right
    audit_channel: str = ""  # where the head of the audit is posted every five minutes, "" for nowhere
    audit_readers: tuple[str, ...] = ("*",)  # groups whose members may read the audit in chat
    audit_file: str = ""  # the file it is appended to, "" for none
    golden_paths: GoldenPaths = field(default_factory=NoGoldenPaths)
    repo_host: RepoHost = field(default_factory=NoRepoHost)
    gitops: GitOps | None = None  # where manifests of new services are proposed, None for nowhere
    runs: Path = field(default_factory=lambda: Path("var/runs"))  # what runs render, until they are done
