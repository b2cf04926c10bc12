"""What `idp doctor` says of golden paths and of the host where repositories are made."""

from collections.abc import Iterator

from bot.settings.config import Settings
from bot.terminal.finding import Finding
from data.errors import UserError
from data.idp import Idp
from data.ports.golden_paths import GoldenPath
from workflows.golden_paths.linting import lint
from workflows.golden_paths.new_service import POLICY


def golden_path_findings(idp: Idp, settings: Settings) -> Iterator[Finding]:
    """Each template is fetched and rendered aside; the host says who it is. Nothing is made."""
    if not settings.config.golden_paths:
        return
    try:
        idp.catalog.refresh()  # who owns things
    except UserError:
        return  # said above
    for path in idp.golden_paths.all():
        yield from _of(idp, path)
    try:
        yield Finding("ok", f"Repositories: {idp.repo_host.name}, {idp.repo_host.check()}")
    except UserError as error:
        yield Finding("error", f"Repositories: {error.message}", error.hint)
    if POLICY not in idp.policies:
        yield Finding(
            "error", f"There is no policy {POLICY}: nobody may make a service.", "Add it to `policies:`."
        )


def _of(idp: Idp, path: GoldenPath) -> Iterator[Finding]:
    """The template rendered once, with sample answers."""
    try:
        flaws = list(lint(idp, idp.catalog.snapshot, path))
    except UserError as error:
        yield Finding("error", f"Golden path {path.id}: {error.message}", error.hint)
        return
    for flaw in flaws:
        yield Finding("error" if flaw.stops else "warning", f"Golden path {path.id}: {flaw.text}")
    if not flaws:
        yield Finding("ok", f"Golden path {path.id}: {path.title}")
