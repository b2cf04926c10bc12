"""A change of ownership, asked of the old owner by the house: who owns a thing decides who approves access to it.

Only the house asks this, when a catalog file names another owner (`workflows.ownership.asking`). The people of the
old owner decide; who they are is read at the click, like every right.
"""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, NotAllowed
from data.idp import Idp
from data.policies import Policy, PolicyConfig
from data.store import audit, takeovers
from data.store.takeovers import CLAIMED
from workflows.action import Action, Draft, Form, Step, Work
from workflows.authority import stand_ins
from workflows.decision import Decision, Facts, refusal
from workflows.directories import unsure
from workflows.journal import HOUSE, SYSTEM, Actor, entry, name_of
from workflows.policy import decide

POLICY = "takeover"

BUILT_IN = Policy(
    POLICY,
    PolicyConfig.model_validate(
        {
            "rules": [{"then": {"approvals": 1, "from": ["owners"]}}],
            "pending_expires": "14d",  # nobody needs a new owner in a hurry
            "escalate_after": "3d",
        }
    ),
)
"""What holds unless the configuration has a policy of this name: one person of the old owner agrees."""


class TakeoverForm(Form):
    """What passes from whom to whom; `claimed` is "" where a file takes the owner away."""

    refs: Annotated[tuple[str, ...], Field(min_length=1, max_length=500)]
    held: str
    claimed: str


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: TakeoverForm) -> Draft:
    if requester != SYSTEM:
        raise NotAllowed("The house asks this by itself.", "Change the owner in the catalog file.")
    entity = snapshot.get(form.refs[0])
    what = entity.label if entity else form.refs[0]
    if len(form.refs) > 1:
        what = f"{what} and {len(form.refs) - 1} more"
    old, new = name_of(idp, form.held), name_of(idp, form.claimed) if form.claimed else "nobody"
    return Draft(
        title=f"New owner of {what}: {new} in place of {old}",
        target=form.refs[0],
        beneficiary=form.claimed or SYSTEM,
    )


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    entity = snapshot.get(draft.target)
    if requester != SYSTEM or entity is None or _claimed(entity) != draft.beneficiary:
        return refusal("This change of ownership does not wait any more.", f"policy {POLICY}")
    written = idp.policies.get(POLICY, BUILT_IN)
    barred = frozenset({draft.beneficiary})
    facts = Facts(
        requester=SYSTEM,
        beneficiary=draft.beneficiary,
        environment="",
        duration=0,
        tier=0,
        groups=frozenset(),
        beneficiary_groups=frozenset(),
        on_call=frozenset(),
        teams={word: stand_ins(idp, snapshot, word, entity, barred) for word in (*written.words, "owners")},
        named={},
        escalated=escalated,
    )
    decision = decide(written, facts)
    unknown = unsure(idp, snapshot, [team.ref for team in decision.teams])
    return refusal(unknown, f"policy {POLICY}") if unknown else replace(decision, barred=barred)


def _claimed(entity: Entity) -> str | None:
    """The beneficiary of the change that waits for this entity, None when none does."""
    details = entity.details()
    return str(details[CLAIMED]) or SYSTEM if CLAIMED in details else None


def _pass_on(work: Work) -> dict[str, Any]:
    """Let wait no longer what was agreed to; a claim that has changed since stays where it is."""
    idp, request = work.idp, work.request
    form = TakeoverForm.model_validate(dict(request.parameters))
    by = Actor(request.decided_by) if request.decided_by else HOUSE
    with idp.database.store() as store:
        agreed = [each for each in takeovers.waiting(store) if each.ref in form.refs]
        agreed = [each for each in agreed if (each.held, each.claimed) == (form.held, form.claimed)]
        done = takeovers.agree(store, agreed)
        for each in done:
            detail = {"held": each.held, "claimed": each.claimed, "source": each.source, "path": each.path}
            audit.append(store, entry("takeover.agreed", by, each.ref, request.id, detail), idp.now())
    if not done and _still_held(idp, form):
        raise Conflict("The catalog files name somebody else by now.", "A new request asks about that.")
    return {"passed": len(done)}


def _still_held(idp: Idp, form: TakeoverForm) -> bool:
    """Whether a change from this owner waits still: then it is another one than was agreed to."""
    with idp.database.reading() as store:
        return any(each.ref in form.refs and each.held == form.held for each in takeovers.waiting(store))


TAKEOVER = Action(
    POLICY,
    "New owner",
    TakeoverForm,
    _draft,
    _policy,
    POLICY,
    (Step("pass-on", "Pass the ownership on", _pass_on),),
    by_house=True,
)
