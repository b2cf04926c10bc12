"""Making one digest: what it says is fixed, its picture uploaded, its message written; posting is `deliver`'s."""

import logging

from data.errors import UserError
from data.idp import Idp
from data.store import digests
from data.store.digests import Digest
from workflows.authority import current
from workflows.digests.content import DigestContent, packed
from workflows.digests.noting import make_note
from workflows.digests.picturing import panels, worth_a_picture
from workflows.digests.planning import LEADERSHIP
from workflows.digests.previewing import said
from workflows.digests.teams import place_of
from workflows.digests.words import tracks_alt
from workflows.journal import show

log = logging.getLogger(__name__)


def make(idp: Idp, id: int) -> None:
    """The work "digest". It may run twice: the state of the row says what is left to do."""
    with idp.database.reading() as store:
        digest = digests.load(store, id)
    if digest is None or digest.state != "due":
        return
    if digest.audience == LEADERSHIP:
        make_note(idp, digest)
        return
    snapshot = current(idp)
    team = snapshot.get(digest.audience)
    content = said(idp, snapshot, team, digest.period, digest.due_at) if team else None
    if team is None or content is None:
        _end(idp, digest, "quiet")
        return
    place = place_of(idp, snapshot, team).name
    if not place:
        _end(idp, digest, "unreachable")
        return
    _write(idp, digest, content, place, picture_of(idp, content, team.label))


def picture_of(idp: Idp, content: DigestContent, team: str) -> str:
    """The id of the uploaded picture of the trend; "" where there is no trend yet, or nobody takes it."""
    if not worth_a_picture(content):
        return ""
    from data.pictures.trend import draw_trend  # an imaging library, which a start does not wait for

    title = f"Scores of {team}"
    try:
        png = draw_trend(title, panels(content))
        return idp.files.upload(f"trend-{content.week}.png", title, tracks_alt(content.tracks), png)
    except UserError as error:  # the words are worth posting without it
        log.warning("the digest of %s goes without its picture: %s", content.team, error.message)
        return ""


def _write(idp: Idp, digest: Digest, content: DigestContent, place: str, picture: str) -> None:
    now = idp.now()
    values = {"content": packed(content), "place": place, "picture": picture, "state": "ready"}
    with idp.database.store() as store:
        if digests.move(store, digest.id, {"due"}, now, **values):
            key = f"digest:{digest.period}:{digest.audience}"
            show(idp, store, key=key, kind="digest", subject=digest.id, place=place)


def _end(idp: Idp, digest: Digest, state: str) -> None:
    with idp.database.store() as store:
        digests.move(store, digest.id, {"due"}, idp.now(), state=state)
