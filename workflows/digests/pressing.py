"""What people do with the tasks of a digest: mine, later, not ours. `redrawing` lets the message show it."""

from datetime import datetime, timedelta
from typing import Final

from data.errors import Conflict
from data.idp import Idp
from data.store import audit, digests
from data.store.digests import Digest
from workflows.authority import current
from workflows.digests.content import DigestContent, Task, unpacked
from workflows.digests.setting import must_belong
from workflows.journal import Actor, entry, name_of, redraw, show
from workflows.scorecards import caring
from workflows.scorecards.caring import Checked
from workflows.telling.places import platform_channel

SNOOZE: Final = timedelta(days=14)
DISOWNED: Final = timedelta(days=28)  # then the digest asks again, unless the catalog has another owner


def claim(idp: Idp, id: int, place: int, actor: Actor) -> Task:
    """The actor takes care of a task. Raises what `caring.claim` raises, Conflict for an old button."""
    task = _task(idp, id, place)[1]
    caring.claim(idp, Checked(task.entity, task.rule), actor)
    return task


def snooze(idp: Idp, id: int, place: int, actor: Actor) -> tuple[Task, datetime]:
    """Nobody is reminded for two weeks."""
    task, until = _task(idp, id, place)[1], idp.now() + SNOOZE
    caring.snooze(idp, Checked(task.entity, task.rule), until, actor)
    return task, until


def disown(idp: Idp, id: int, place: int, actor: Actor) -> Task:
    """It is not the team's: its digest leaves the entity out, and the platform team is asked to look.

    Nothing else changes; who owns it says the catalog.
    """
    digest, task = _task(idp, id, place)
    must_belong(idp, digest.audience, actor)
    now, snapshot = idp.now(), current(idp)
    entity = snapshot.get(task.entity)
    where = f" It says so in {entity.path} of {entity.source}." if entity else ""
    text = (
        f"{name_of(idp, actor.person)} says that {task.entity} is not of {name_of(idp, digest.audience)}, "
        f"although the catalog names them as its owner.{where} Their digest leaves it out for four weeks."
    )
    with idp.database.store() as store:
        if digests.disown(store, digest.audience, task.entity, actor.person, (now, now + DISOWNED)):
            key = f"disowned:{digest.audience}:{task.entity}:{now:%Y-%m-%d}"
            show(idp, store, key=key, kind="text", subject=0, place=platform_channel(idp, snapshot), text=text)
            redraw(idp, store, "digest", id)
            detail = {"team": digest.audience}
            audit.append(store, entry("digest.disowned", actor, task.entity, detail=detail), now)
    return task


def _task(idp: Idp, id: int, place: int) -> tuple[Digest, Task]:
    """The digest and its task, read again: a button is never believed."""
    with idp.database.reading() as store:
        digest = digests.load(store, id)
    if digest is None or digest.state != "posted":
        raise Conflict("This button is too old.", "Look for the newest digest.")
    tasks = unpacked(DigestContent, digest.content).tasks
    if not 0 <= place < len(tasks):
        raise Conflict("This button is too old.", "Look for the newest digest.")
    return digest, tasks[place]
