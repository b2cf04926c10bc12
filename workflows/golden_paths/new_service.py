"""The action "new-service": from a form to a repository that runs, in minutes."""

from collections.abc import Mapping
from typing import Any

from data.catalog.snapshot import Snapshot
from data.errors import NotAllowed
from data.idp import Idp
from workflows.action import Action, Draft, Form, FormFaults, Page, Paged
from workflows.authority import email, groups, judge
from workflows.decision import Decision
from workflows.golden_paths.form import ASKED, NewServiceForm, grow, may_use, name_fault
from workflows.golden_paths.looking import check_answers, look, pinned_of
from workflows.golden_paths.making import STEPS

POLICY = "new-service"
FIRST = ("path", "name", "description", "owner")
ON_PAGE = 8
REFERENCES = {"owner": "group", "system": "system", "consumes_apis": "api"}


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: Any) -> Draft:
    values = form.model_dump(mode="json")
    path = idp.golden_paths.get(form.path)
    if not may_use(snapshot, path, groups(snapshot, requester)):
        raise NotAllowed(f"{path.title} is for {', '.join(path.groups)} only.")
    pinned = pinned_of(idp, values)
    faults = check(idp, snapshot, requester, values)
    if faults:
        raise FormFaults(faults)
    return Draft(
        title=f"New service {form.name} from {path.title} {pinned.version}",
        target=form.owner,
        beneficiary=requester,
        email=email(snapshot, requester),
        points=(
            f"{idp.repo_host.org}/{form.name} on {idp.repo_host.name}, private until it is done",
            f"rendered from commit {pinned.commit[:12]}, the one of this preview",
        ),
    )


def check(idp: Idp, snapshot: Snapshot, _person: str, values: Mapping[str, Any]) -> dict[str, str]:
    """What only the server can see: names that are taken, references that are not there, the template's own."""
    name = str(values.get("name") or "")
    faults = {"name": name_fault(idp, snapshot, name) if name else ""}
    for field, kind in REFERENCES.items():
        given = values.get(field) or ()
        gone = [ref for ref in ([given] if isinstance(given, str) else given) if not _is(snapshot, ref, kind)]
        faults[field] = f"{gone[0]} is no {kind} of the catalog." if gone else ""
    if values.get("path"):
        faults = _of_template(idp, values) | {field: fault for field, fault in faults.items() if fault}
    return {field: fault for field, fault in faults.items() if fault}


def _of_template(idp: Idp, values: Mapping[str, Any]) -> dict[str, str]:
    """What the template finds wrong, at our fields where it is answered by them."""
    pinned = pinned_of(idp, values)
    found = {}
    for question, fault in check_answers(idp, pinned, values).items():
        ours = pinned.path.fields.get(question, question)
        found[ours if ours in NewServiceForm.model_fields else f"{ASKED}{question}"] = fault
    return found


def _is(snapshot: Snapshot, ref: str, kind: str) -> bool:
    entity = snapshot.get(ref)
    return entity is not None and entity.kind.lower() == kind


def pages(form: type[Form]) -> list[Page]:
    """What it is, then everything else, so many fields on a page."""
    rest = [name for name in form.model_fields if name not in {*FIRST, "commit"}]
    chunks = [tuple(rest[start : start + ON_PAGE]) for start in range(0, len(rest), ON_PAGE)]
    return [Page("New service", FIRST), *(Page("New service: more", chunk) for chunk in chunks)]


def settle(idp: Idp, before: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the commit of the template, from the moment it is chosen."""
    same = values.get("path") == before.get("path")
    if not values.get("path") or (same and values.get("commit")):
        return values
    return {**values, "commit": pinned_of(idp, {"path": values["path"]}).commit}


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(
        idp,
        snapshot,
        policy=POLICY,
        requester=requester,
        target=draft.target,
        escalated=escalated,
        template=str(draft.parameters.get("path", "")),
    )


NEW_SERVICE = Action(
    "new-service",
    "New service",
    NewServiceForm,
    _draft,
    _policy,
    POLICY,
    STEPS,
    grow=grow,
    reason="A new service.",
    paged=Paged(pages, settle, check, look),
)
