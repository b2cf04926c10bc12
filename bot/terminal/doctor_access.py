"""What `idp doctor` says of the system that gives production access: it is asked for what it has given."""

from collections.abc import Iterator

from bot.terminal.finding import Finding
from commands.parts.texts.labels import plural
from data import unconnected
from data.errors import UserError
from data.idp import Idp


def access_findings(idp: Idp) -> Iterator[Finding]:
    """Whether it answers; listing changes nothing there. Found out here, not when somebody's request is agreed."""
    if isinstance(idp.access, unconnected.Access):
        return
    try:
        given = len(idp.access.list())
    except UserError as error:
        hint = error.hint or "Until it answers no access can be given or taken."
        yield Finding("error", f"Access: {error.message}", hint)
        return
    yield Finding("ok", f"Access: {idp.access.name} answers; {plural(given, 'grant')} in force")
