"""What `idp doctor` says of the audit: whether its heads can be written outside the database."""

from collections.abc import Iterator
from pathlib import Path

from bot.terminal.finding import Finding, unwritable
from data.idp import Idp


def audit_findings(idp: Idp) -> Iterator[Finding]:
    """Only the file: the channel is looked at with Slack. That there is neither is a choice, and is said."""
    if not idp.audit_file:
        if not idp.audit_channel and idp.policies:
            hint = "Name audit.channel or audit.file in idp.yaml: without, an audit written anew would not show."
            yield Finding("warning", "Audit: its heads are posted nowhere", hint)
        return
    if why := unwritable(Path(idp.audit_file)):
        yield Finding(
            "error", f"Audit: audit.file cannot be written: {why}", "Correct it, or the rights of the folder."
        )
        return
    yield Finding("ok", f"Audit: its heads go to {idp.audit_file}")
