"""Which card tells of a workspace: drawn from its row and its request at the moment of delivery."""

from data.idp import Idp
from data.ports.chat import Card
from data.store import workspaces
from data.store.database import Store
from data.store.requests import RunView
from data.store.workspaces import Workspace
from workflows.telling.cards import RequestCard, WorkspaceCard
from workflows.workspaces.launching import WORKSPACE
from workflows.workspaces.limits import extended


def workspace_card(idp: Idp, row: Workspace | None, ending: bool = False) -> Card | None:
    """The card of a row; None when there is none."""
    return WorkspaceCard(row, extend_to=extended(idp, row), ending=ending) if row else None


def request_card(idp: Idp, store: Store, view: RunView, viewer: str) -> Card:
    """The card of a request: its requester sees what it has made as soon as that is there."""
    request = view.request
    if request.action != WORKSPACE.name or viewer != request.requester:
        return RequestCard(view, viewer)
    row = workspaces.of_request(store, request.id)
    if row is None:
        begun = request.state in {"approved", "running"}
        return WorkspaceCard(None, request) if begun else RequestCard(view, viewer)
    stopped = request.state in {"failed", "undoing"} and not row.remote
    return RequestCard(view, viewer) if stopped else WorkspaceCard(row, request, extended(idp, row))
