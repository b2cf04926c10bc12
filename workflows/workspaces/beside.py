"""The workspaces for a service, for its card."""

from data.idp import Idp
from data.store import workspaces
from data.store.workspaces import Workspace


def of_service(idp: Idp, target: str) -> list[Workspace]:
    """The living workspaces for a service, newest first; none where no system is connected."""
    if not idp.workspaces:
        return []
    with idp.database.reading() as store:
        return workspaces.find(store, target=target)
