"""Which system a workspace lives in, and which one makes new ones."""

from data.errors import Unavailable
from data.idp import Idp
from data.ports.workspaces import Workspaces


def launching(idp: Idp) -> Workspaces:
    """The system that makes new ones. Raises Unavailable when there is none."""
    found = next((one for one in idp.workspaces if one.launches), None)
    if found is None:
        raise Unavailable("No system makes development workspaces here.", "Set `workspaces:` in idp.yaml.")
    return found


def system_of(idp: Idp, key: str) -> Workspaces:
    """The system of a row. Raises Unavailable when it is not connected any more."""
    found = next((one for one in idp.workspaces if one.key == key), None)
    if found is None:
        raise Unavailable(f"The workspace system {key} is not connected any more.")
    return found


def called(idp: Idp, key: str) -> str:
    """What people call a system."""
    return next((one.name for one in idp.workspaces if one.key == key), key)
