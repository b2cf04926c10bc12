"""What `idp doctor` looks at of development workspaces: whether each system answers, and what the policy says."""

from collections.abc import Iterator

from bot.terminal.finding import Finding
from data.errors import UserError
from data.idp import Idp
from workflows.workspaces.limits import POLICY


def workspace_findings(idp: Idp) -> Iterator[Finding]:
    """Each system, then the policy without which nobody may launch anything."""
    for system in idp.workspaces:
        try:
            found = len(system.templates()) if system.launches else len(system.list())
            what = "templates" if system.launches else "workspaces"
            yield Finding("ok", f"Workspaces: {system.name} answers, {found} {what}")
        except UserError as error:
            yield Finding("error", f"Workspaces: {system.name}: {error.message}", error.hint)
    if any(system.launches for system in idp.workspaces) and POLICY not in idp.policies:
        hint = "Add the policy `workspace`; docs/workspaces.md has one to begin with."
        yield Finding("warning", "Workspaces: nobody may launch one, since no policy says who may", hint)
