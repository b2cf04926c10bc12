"""What a workspace will cost and what its owner has left, said before it is launched.

Nobody knows beforehand what a system will charge: those of the same template that run now tell it. What nobody can
tell is said to be unknown, and never keeps anybody from launching.
"""

from collections.abc import Sequence

from data.errors import UserError
from data.idp import Idp
from data.ports.workspaces import Quota, Workspaces
from data.store import workspaces


def credit_points(idp: Idp, system: Workspaces, owner: str, template: str) -> tuple[str, ...]:
    """The sentences for the person with this e-mail address; none about a limit where the system has none."""
    with idp.database.reading() as store:
        costs = workspaces.costs(store, system.key, template)
    return (_price(system, costs), *_left(system, owner, costs))


def _price(system: Workspaces, costs: Sequence[int]) -> str:
    if not costs:
        return f"what it costs is unknown: {system.name} tells it once one of this template runs"
    low, high = min(costs), max(costs)
    price = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    others = (
        "the one of this template that runs"
        if len(costs) == 1
        else f"the {len(costs):,} of this template that run"
    )
    return f"costs {_credits(price)} a day while it runs, like {others} now"


def _left(system: Workspaces, owner: str, costs: Sequence[int]) -> tuple[str, ...]:
    try:
        quota = system.quota(owner)
    except UserError as error:
        return (f"how many credits you have left is unknown: {error.message}",)
    if quota is None:
        return ()
    left = f"you have {quota.budget - quota.used:,} of {_credits(f'{quota.budget:,}')} left"
    return (f"\u26a0 {left}: {system.name} may refuse to build it" if _scarce(quota, costs) else left,)


def _scarce(quota: Quota, costs: Sequence[int]) -> bool:
    """Whether it does not fit any more, as far as anybody can tell."""
    return quota.used + min(costs, default=1) > quota.budget


def _credits(number: str) -> str:
    return f"{number} {'credit' if number == '1' else 'credits'}"
