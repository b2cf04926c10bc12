"""A digest as it is shown now: what it says is fixed, what has become of its tasks is looked up."""

from data.idp import Idp
from data.ports.chat import Card
from data.store import digests
from data.store.database import Store
from workflows.digests.cards import DetailsCard, DigestCard, NoteCard, TaskState
from workflows.digests.content import DigestContent, NoteContent, Task, unpacked
from workflows.digests.noting import note_table
from workflows.scorecards.scoring import result_of


def digest_card(idp: Idp, store: Store, kind: str, id: int) -> Card | None:
    """The card of a digest, of the details in its thread, of the note, or its table; None when it is gone."""
    digest = digests.load(store, id)
    if digest is None or not digest.content:
        return None
    if kind == "note":
        return NoteCard(unpacked(NoteContent, digest.content), digest.picture)
    if kind == "note-table":
        return note_table(digest.period, unpacked(NoteContent, digest.content))
    content = unpacked(DigestContent, digest.content)
    if kind == "digest-details":
        return DetailsCard(content)
    disowned = digests.disowned(store, content.team, idp.now())
    states = {place: _state(idp, task, disowned) for place, task in enumerate(content.tasks)}
    return DigestCard(id, content, digest.picture, states)


def _state(idp: Idp, task: Task, disowned: set[str]) -> TaskState:
    if task.entity in disowned:
        return TaskState("disowned")
    entity = idp.catalog.snapshot.get(task.entity)
    result = result_of(idp, entity, task.rule) if entity else None
    if result is None or not result.failing:
        return TaskState("fixed")
    if result.claimed_by:
        return TaskState("claimed", result.claimed_by)
    if result.snoozed_until and result.snoozed_until > idp.now():
        return TaskState("snoozed", until=result.snoozed_until)
    return TaskState()
