"""What people do with their workspaces by pressing; the values of buttons are no authority."""

from collections.abc import Callable, Mapping

from commands.parts.reply import Md, Reply, md
from commands.parts.texts.refs import moment
from data.durations import LONGEST
from data.idp import Idp
from data.store.workspaces import Workspace
from workflows.journal import Actor
from workflows.workspaces import deeds

WorkspacePress = Callable[[Idp, int, str, Actor], Reply]


def _extended(idp: Idp, id: int, rest: str, actor: Actor) -> Reply:
    """`rest` is the end that the button showed (seconds since the epoch), or the seconds that were typed."""
    number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 12 else 0
    shown = number if number > LONGEST else 0
    row = deeds.extend(idp, id, actor, due_was=shown, seconds=0 if shown else number)
    return Reply(md("{} now stops {}.", row.name, moment(row.due_at) if row.due_at else Md("later")))


def _saying(deed: Callable[[Idp, int, Actor], Workspace], said: str) -> WorkspacePress:
    def press(idp: Idp, id: int, _rest: str, actor: Actor) -> Reply:
        row = deed(idp, id, actor)
        return Reply(md("{} {} Its message shows how far it is.", row.name, Md(said)))

    return press


WORKSPACE_PRESSES: Mapping[str, WorkspacePress] = {
    "workspace-start": _saying(deeds.start, "is being started."),
    "workspace-again": _saying(deeds.again, "is tried again."),
    "workspace-stop": _saying(deeds.stop, "is being stopped."),
    "workspace-delete": _saying(deeds.delete, "is being deleted."),
    "workspace-extend": _extended,
}
