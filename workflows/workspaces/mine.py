"""The workspaces of a person, for lists and the Home."""

from data.idp import Idp
from data.store import workspaces
from data.store.workspaces import Workspace


def mine(idp: Idp, person: str) -> list[Workspace]:
    """The living workspaces of a person (canonical reference), newest first; none where no system is connected."""
    if not idp.workspaces:
        return []
    with idp.database.reading() as store:
        return workspaces.find(store, owner=person)


def of_service(idp: Idp, target: str) -> list[Workspace]:
    """The living workspaces for a service, newest first."""
    if not idp.workspaces:
        return []
    with idp.database.reading() as store:
        return workspaces.find(store, target=target)
