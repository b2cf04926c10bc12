"""A development workspace for a service: what is checked, and who may."""

from data.catalog.snapshot import Snapshot
from data.durations import parse_duration, say_duration
from data.errors import Invalid, NotFound
from data.idp import Idp
from data.ports.workspaces import Template, Workspaces
from data.store import workspaces
from workflows.action import Action, Draft, FormFaults
from workflows.authority import email, judge
from workflows.decision import Decision
from workflows.workspaces.credits import credit_points
from workflows.workspaces.form import WorkspaceForm, form_for
from workflows.workspaces.limits import POLICY, lives, longest
from workflows.workspaces.making import STEPS
from workflows.workspaces.naming import is_name
from workflows.workspaces.systems import launching


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: WorkspaceForm) -> Draft:
    entity, system = snapshot.get(form.target), launching(idp)
    if entity is None:
        raise NotFound(f"{form.target} is not in the catalog.")
    address = email(snapshot, requester)
    if not address:
        raise Invalid("The catalog knows no e-mail address of you.", "Add spec.profile.email to your User.")
    template = system.template(form.template)
    if template.deprecated:
        raise FormFaults({"template": template.deprecated})
    _free(idp, system, address, form.name)
    seconds = _seconds(idp, template, form.life)
    ends = f"stops by itself {say_duration(seconds)} after it is ready" if seconds else "does not stop by itself"
    made_of = f"template {template.title or template.name}"
    return Draft(
        title=f"Workspace {form.name} for {entity.name}",
        target=entity.ref,
        beneficiary=requester,
        duration=seconds,
        email=address,
        points=(
            made_of,
            ends,
            f"through {system.name}",
            *credit_points(idp, system, address, template.name),
        ),
    )


def _free(idp: Idp, system: Workspaces, address: str, name: str) -> None:
    """The name may be used. Raises FormFaults."""
    if not is_name(name):
        raise FormFaults({"name": "Letters and digits, with single dashes between them."})
    with idp.database.reading() as store:
        known = workspaces.named(store, system.key, address, name)
    if known is not None:
        raise FormFaults(
            {"name": f"You have a workspace {known.name} already ({known.state}). Take another name."}
        )


def _seconds(idp: Idp, template: Template, life: str) -> int:
    offered, most = lives(idp, template.life), longest(idp)
    seconds = parse_duration(life) if life and life != "0s" else offered[-1]
    if most and not 0 < seconds <= most:
        raise FormFaults({"life": f"At most {say_duration(most)} are allowed."})
    return seconds


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    written = idp.policies.get(POLICY)
    with idp.database.reading() as store:
        held = len(workspaces.counted(store, requester))
    return judge(
        idp,
        snapshot,
        policy=POLICY,
        requester=requester,
        target=draft.target,
        duration=draft.duration if written and written.config.durations else 0,
        template=str(draft.parameters.get("template") or ""),
        held=held,
        escalated=escalated,
    )


WORKSPACE = Action(
    "workspace",
    "Launch a workspace",
    WorkspaceForm,
    _draft,
    _policy,
    POLICY,
    STEPS,
    grow=form_for,
    reason="development",
    quiet=True,
)
