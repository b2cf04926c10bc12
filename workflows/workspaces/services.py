"""What the catalog says about the workspaces of a service."""

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot

TEMPLATE = "coder.com/workspace-template"


def annotated(entity: Entity, key: str) -> str:
    """An annotation of an entity, "" for none."""
    return str(entity.details().get("annotations", {}).get(key) or "")


def template_of(snapshot: Snapshot, entity: Entity) -> str:
    """The template of a service's workspaces: its annotation's, else its golden path's; "" for none."""
    origin = snapshot.repositories.origin(entity)
    return annotated(entity, TEMPLATE) or (origin.workspace if origin else "")


def repository_of(entity: Entity) -> str:
    """Its repository on GitHub, such as acme/checkout; "" for none."""
    return annotated(entity, "github.com/project-slug")
