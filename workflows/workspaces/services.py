"""What the catalog says about the workspaces of a service."""

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp

TEMPLATE = "coder.com/workspace-template"


def annotated(entity: Entity, key: str) -> str:
    """An annotation of an entity, "" for none."""
    return str(entity.details().get("annotations", {}).get(key) or "")


def template_of(idp: Idp, snapshot: Snapshot, entity: Entity) -> str:  # noqa: ARG001  # golden paths will need them
    """The template that a service's workspaces are made of: its annotation's, "" when nothing says so."""
    return annotated(entity, TEMPLATE)


def repository_of(entity: Entity) -> str:
    """Its repository on GitHub, such as acme/checkout; "" for none."""
    return annotated(entity, "github.com/project-slug")
