"""Once an hour: which versions there are, how services would take the newest, and telling owners of a new one."""

import hashlib
import logging
from datetime import datetime, timedelta

import orjson

from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.idp import Idp
from data.ports.golden_paths import GoldenPath
from data.store import templates
from workflows.authority import current, owner_ref
from workflows.journal import show
from workflows.telling.places import approving_channel
from workflows.templates.census import PathCensus, Standing, census, newest_of
from workflows.templates.looking import look
from workflows.templates.notes import notes

log = logging.getLogger(__name__)

FRESH = timedelta(days=1)  # a repository is looked at again after this, or when a version has come
MOST_LOOKS = 30  # repositories in one turn: the others come with the next one
AGAIN = 4  # times within the hour, after 5, 20, 80 and 320 seconds
KEPT = 20  # versions of a golden path, the newest


def watch(idp: Idp, slot: str, again: int = 0) -> None:
    """The work "templates". A template that does not answer is asked again soon, and then in the next hour."""
    missed = False
    for path in idp.golden_paths.all():
        try:
            _find_versions(idp, path)
        except UserError as error:
            log.info("golden path %s was not looked at: %s", path.id, error.message)
            missed = True
    if missed and again < AGAIN:
        with idp.database.store() as store:
            name = f"templates:{slot}:{again + 1}"
            idp.engine.enqueue(store, "templates", name, slot, again + 1, delay=5.0 * 4**again)
    snapshot = current(idp)
    found = census(idp, snapshot)
    for each in found.paths:
        _announce(idp, snapshot, each)
    _look_around(idp, snapshot, [(each, s) for each in found.paths for s in each.standings])


def _find_versions(idp: Idp, path: GoldenPath) -> None:
    """Keep the versions up to the one that new services get, with what the template says of each."""
    names = list(idp.golden_paths.versions(path))[-KEPT:]
    newest = path.version if path.version in names else names[-1] if names else ""
    names = names[: names.index(newest) + 1] if newest else []
    said = notes(idp.golden_paths.folder(idp.golden_paths.pin(path, newest)), names) if newest else {}
    with idp.database.store() as store:
        templates.put_versions(store, path.id, idp.now(), said)


def _announce(idp: Idp, snapshot: Snapshot, found: PathCensus) -> None:
    """Each owner hears once of each version, in their channel, if a service of theirs has not taken it."""
    owners: dict[str, list[str]] = {}
    for each in found.behind:
        entity = each.follower.entity
        owners.setdefault(owner_ref(snapshot, entity), []).append(entity.ref)
    newest = newest_of(found.path, found.versions)
    for owner, services in owners.items():
        place = approving_channel(idp, snapshot, services[0])
        text = orjson.dumps({"path": found.path.id, "version": newest, "owner": owner}).decode()
        key = f"template:{found.path.id}:{newest}:{owner}"
        with idp.database.store() as store:
            show(idp, store, key=key, kind="template", subject=subject_of(text), place=place, text=text)


def subject_of(text: str) -> int:
    """A number for messages that are about no request, so that they can be redrawn: positive, of 31 bits."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


def _is_due(found: PathCensus, standing: Standing, before: datetime) -> bool:
    check = standing.check
    if check is None or check.target != found.newest or check.outcome == "unknown":
        return True
    return check.checked_at < before


def _look_around(idp: Idp, snapshot: Snapshot, standings: list[tuple[PathCensus, Standing]]) -> None:
    """Look at repositories whose last look is old or of other versions, the longest unseen first."""
    now = idp.now()
    due = [(found, s) for found, s in standings if found.newest and _is_due(found, s, now - FRESH)]
    due.sort(key=lambda pair: pair[1].check.checked_at.timestamp() if pair[1].check else 0.0)
    for found, standing in due[:MOST_LOOKS]:
        try:
            check = look(idp, snapshot, standing.follower.entity, found.path, found.newest)
        except UserError as error:  # the host is away: the last look stays
            log.warning("%s was not looked at: %s", standing.follower.entity.ref, error.message)
            return
        with idp.database.store() as store:
            templates.put_check(store, check)
