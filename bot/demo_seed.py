"""What the demo's golden paths need: templates as repositories with versions, and the repository of deployments.

It is made beside everything else, so that the demo answers at once; what is there already stays.
"""

import logging
import multiprocessing
import os
import tempfile
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Final

from bot.demo_services import seed_services
from bot.processes.lifeline import die_with
from bot.settings.config import Settings
from data.errors import UserError
from data.ports.repo_host import RepoHost

log = logging.getLogger("idp")

MARKER: Final = "demo"
README: Final = "# Deployments\n\nWhat runs where at Acme, a company that exists only in the demo.\n"


def seed_soon(settings: Settings, shipped: Path, seeded: Event) -> None:
    """Make it in a process of its own, which ends when this one does, or when it is done: `seeded` is set.

    It is no thread: the web worker is forked while this goes on, and would for ever keep every lock taken that the
    thread holds at that moment, and every pipe to a git open.
    """
    child = multiprocessing.get_context("fork").Process(
        target=_seed, args=(settings, shipped, seeded, os.getpid()), name="seed", daemon=True
    )
    child.start()


def _seed(settings: Settings, shipped: Path, seeded: Event, parent: int) -> None:
    die_with(parent)
    try:
        seed(settings, shipped)
    except (UserError, OSError) as error:
        log.warning("the demo's repositories could not be made: %s", error)
    finally:
        seeded.set()  # nobody waits any longer for what could not be made


def seed(settings: Settings, shipped: Path) -> None:
    """The services that follow a golden path, the templates of `shipped` where the registry looks for them, and
    the GitOps repository."""
    from data.golden_paths.publishing import publish  # git, which the demo's first answers do not need

    entries, entry = settings.config.golden_paths, settings.config.repo_host
    host = entry.host(settings.beside_config) if entry else None
    if host:  # first: once the templates are there, the services that follow them are looked into
        seed_services(host, shipped, shipped.parent / "catalog", MARKER)
    if entries:
        publish(shipped, settings.beside_config(entries[0].source).parent)
    if host and settings.config.gitops:
        _begin(host, settings.config.gitops.repository)


def _begin(host: RepoHost, repository: str) -> None:
    made = host.create(repository, MARKER, "What runs where")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "README.md").write_text(README)
        host.first_commit(made, MARKER, Path(folder), "Begin")
