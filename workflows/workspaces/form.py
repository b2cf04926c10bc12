"""The form that asks for a workspace: its menus come from the system, its fields grow with the template."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.errors import NotFound
from data.idp import Idp
from data.ports.workspaces import Template
from workflows.action import Form
from workflows.fields import FromCatalog, Menu, Option, Redraws, Values
from workflows.workspaces.limits import lives
from workflows.workspaces.naming import LONGEST
from workflows.workspaces.parameters import grown
from workflows.workspaces.services import template_of
from workflows.workspaces.systems import launching


def _templates(idp: Idp, snapshot: Snapshot, _person: str, values: Values) -> Sequence[Option]:
    system, entity = launching(idp), snapshot.get(str(values.get("target") or ""))
    meant = template_of(snapshot, entity) if entity else ""
    offered = [one for one in system.templates() if not one.deprecated or one.name == meant]
    offered.sort(key=lambda one: (one.name != meant, one.name))
    return [Option(one.name, one.title or one.name, one.hint[:75]) for one in offered]


def _presets(idp: Idp, _snapshot: Snapshot, _person: str, values: Values) -> Sequence[Option]:
    template = _template(idp, values)
    return [Option(one.id, one.name, one.hint[:75]) for one in (template.presets if template else ())]


def _lives(idp: Idp, _snapshot: Snapshot, _person: str, values: Values) -> Sequence[Option]:
    template = _template(idp, values)
    offered = lives(idp, template.life if template else 0)
    return [Option(say_duration(seconds), _life(seconds)) for seconds in offered]


def _life(seconds: int) -> str:
    return say_duration(seconds) if seconds else "never"


def _template(idp: Idp, values: Values) -> Template | None:
    """The template that is chosen, with its parameters; None when there is none (yet)."""
    name = str(values.get("template") or "")
    try:
        return launching(idp).template(name) if name else None
    except NotFound:
        return None


class WorkspaceForm(Form):
    """For which service, what it is made of, and how long it runs; the template's parameters follow."""

    target: Annotated[str, FromCatalog(("Component",)), Redraws(), Field(title="Service")]
    template: Annotated[str, Menu(_templates, depends=("target",)), Redraws(), Field(title="Template")]
    name: Annotated[str, Field(title="Name", min_length=1, max_length=LONGEST)]
    life: Annotated[str, Menu(_lives, depends=("template",)), Field(title="Stops by itself after")] = ""
    preset: Annotated[
        str,
        Menu(_presets, depends=("template",)),
        Redraws(),
        Field(title="Preset", description="Fills in what follows."),
    ] = ""


def form_for(idp: Idp, _snapshot: Snapshot, _person: str, values: Mapping[str, Any]) -> type[Form]:
    """The form with the parameters of the chosen template. A system that does not answer is Unavailable."""
    template = _template(idp, values)
    return grown(WorkspaceForm, template, str(values.get("preset") or "")) if template else WorkspaceForm
