"""Which requests wait for somebody, by the policies and the catalog of this moment."""

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import delegations, requests
from data.store.requests import Request
from workflows.action import actions
from workflows.requests.deciding import draft_of
from workflows.requests.quorum import Delegation, seats

MOST = 200  # waiting requests that are looked at


def waiting_for(idp: Idp, snapshot: Snapshot, person: str) -> list[Request]:
    """The waiting requests that this person may decide and has not decided yet, newest first."""
    with idp.database.reading() as store:
        pending = requests.find(store, states={"pending"}, limit=MOST)
        agreed = {one.id for one in pending if person in {a.person for a in requests.approvals(store, one.id)}}
        in_force = [Delegation(d.holder, d.delegate) for d in delegations.in_force(store, idp.now())]
    return [one for one in pending if one.id not in agreed and _may(idp, snapshot, one, person, in_force)]


def _may(idp: Idp, snapshot: Snapshot, request: Request, person: str, in_force: list[Delegation]) -> bool:
    action = actions().get(request.action)
    if action is None or idp.now() >= request.expires_at:
        return False
    escalated = request.escalated_at is not None
    decision = action.policy(idp, snapshot, request.requester, draft_of(request), escalated)
    return decision.effect == "ask" and bool(seats(decision, person, in_force))
