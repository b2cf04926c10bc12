"""Taking access away: at its end, tried for ever, confirmed by reading back; needs neither chat nor the holder."""

from datetime import datetime, timedelta
from typing import Any

from data.errors import Unavailable, UserError
from data.idp import Idp
from data.store import audit, grants, requests
from data.store.database import Store
from data.store.grants import Grant
from workflows.access.extending import arm
from workflows.access.prod_access import entitlement
from workflows.authority import current
from workflows.journal import HOUSE, entry, name_of, redraw, show
from workflows.requests.run import say
from workflows.telling.places import platform_channel

ALARMS = (timedelta(minutes=5), timedelta(hours=1))  # after the end, without success
LONGEST_WAIT = 60.0
ENDED = {"expired": "its time was over", "done": "given back", "gone": "it was gone already"}


def revoke(idp: Idp, grant: int) -> None:
    """The work "revoke": end a grant that is due. Harmless at any time and any number of times."""
    together = _begin(idp, grant)
    if not together:
        return
    try:
        for ended in together:
            idp.access.revoke(entitlement(ended))
        if idp.access.holds(entitlement(together[0])):
            raise Unavailable(f"{idp.access.name} still shows the access.")
    except UserError as error:
        _later(idp, grant, error.message)
    except Exception as error:  # whatever breaks in an adapter: this never gives up
        _later(idp, grant, f"{type(error).__name__} in the access adapter")
        raise
    else:
        _confirmed(idp, together)


def _begin(idp: Idp, id: int) -> list[Grant]:
    """All grants whose access is to be taken away now, this one first; none when it is not its time."""
    now = idp.now()
    with idp.database.store() as store:
        grant = grants.load(store, id, lock=True)
        if grant is None or grant.state == "ended":
            return []
        if now < grant.due_at:
            arm(idp, store, grant)
            return []
        same = grants.same_access(store, grant, lock=True)
        later = [other for other in same if other.state in grants.LIVE and other.due_at > now and other.id != id]
        if later and grant.state != "ending":
            _cover(idp, store, grant, later[-1], now)
            return []
        next_at = now + _wait(grant.tries)
        grants.move(
            store, id, states=(*grants.LIVE, "ending"), state="ending", tries=grant.tries + 1, next_at=next_at
        )
        return [grant, *(other for other in same if other.state == "ended")]


def _cover(idp: Idp, store: Store, grant: Grant, by: Grant, now: datetime) -> None:
    """Somebody has agreed to a longer grant of the same: this one ends, the access stays until the later end."""
    why = grant.ended_why or "expired"
    grants.move(store, grant.id, states=grants.LIVE, state="ended", ended_at=now, ended_why=why, covered_by=by.id)
    redraw(idp, store, "grant", grant.id)
    redraw(idp, store, "request", grant.id)
    detail = {"grant": grant.key, "why": why, "covered_by": by.key}
    audit.append(store, entry("grant.covered", HOUSE, grant.target, grant.id, detail), now)


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(LONGEST_WAIT, 2.0 * 2 ** min(tries, 6)))


def _later(idp: Idp, id: int, error: str) -> None:
    """It stays on the list: tried again soon, for ever; people are told when it takes too long."""
    now = idp.now()
    with idp.database.store() as store:
        grant = grants.load(store, id, lock=True)
        if grant is None or grant.state != "ending":
            return
        late = now - grant.due_at
        alarms = sum(late >= limit for limit in ALARMS)
        grants.move(store, id, states={"ending"}, error=error, alarms=max(alarms, grant.alarms))
        delay = _wait(grant.tries).total_seconds()
        name = f"revoke:{id}:{int(grant.due_at.timestamp() * 1000)}:{grant.tries}"
        idp.engine.enqueue(store, "revoke", name, id, delay=delay)
        if grant.tries == 1 or alarms > grant.alarms:
            detail = {"grant": grant.key, "error": error, "tries": grant.tries, "late": int(late.total_seconds())}
            if alarms > grant.alarms:
                _alarm(idp, store, grant, alarms, error)
            audit.append(store, entry("grant.revocation_failed", HOUSE, grant.target, id, detail), now)


def _alarm(idp: Idp, store: Store, grant: Grant, level: int, error: str) -> None:
    since = ("5 minutes", "1 hour")[level - 1]
    text = (
        f"{grant.email} still has access to {grant.target} ({grant.environment}), {since} after its end: {error} "
        f"It is tried on and on; take it away by hand in {idp.access.name} if you can. (grant {grant.key})"
    )
    place = platform_channel(idp, current(idp))
    show(idp, store, key=f"alarm:{grant.id}:{level}", kind="alarm", subject=grant.id, place=place, text=text)


def _confirmed(idp: Idp, together: list[Grant]) -> None:
    now, first = idp.now(), together[0]
    with idp.database.store() as store:
        why = first.ended_why or "expired"
        ended: dict[str, Any] = {
            "state": "ended",
            "ended_at": now,
            "ended_why": why,
            "removed_at": now,
            "error": "",
        }
        if not grants.move(store, first.id, states={"ending"}, **ended):
            return
        for covered in together[1:]:
            grants.move(store, covered.id, states={"ended"}, removed_at=now)
        for grant in together:
            redraw(idp, store, "grant", grant.id)
            redraw(idp, store, "request", grant.id)
            _tell(idp, store, grant, why)
        late = max(0.0, (now - first.due_at).total_seconds())
        keys = [grant.key for grant in together]
        detail = {"grants": keys, "subject": first.subject, "why": why, "late": round(late, 1)}
        audit.append(store, entry("grant.ended", HOUSE, first.target, first.id, detail), now)


def _tell(idp: Idp, store: Store, grant: Grant, why: str) -> None:
    """Those who agreed hear where they agreed that it is over."""
    request = requests.load(store, grant.id)
    if request is not None and grant.given_at is not None:
        who, what = name_of(idp, grant.subject), name_of(idp, grant.target)
        text = f"Access of {who} to {what} ({grant.environment}) has ended: {ENDED.get(why, why)}."
        say(idp, store, request, "ended", text)
