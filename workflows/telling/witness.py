"""Posts the head of the audit to places outside the database, so that nobody can rewrite the chain unseen."""

import logging
from pathlib import Path

import orjson

from data.idp import Idp
from data.reasons import reason_of
from data.store import audit
from data.store.audit import Head, stamp
from workflows.journal import show

log = logging.getLogger(__name__)


def post_head(idp: Idp, slot: str) -> None:
    """The work "post-head", every five minutes: one line in the configured channel and file, if there is news."""
    with idp.database.store() as store:
        head = audit.head_of(store)
        if idp.audit_channel and head.seq:
            text = f"Audit: row {head.seq}, digest {head.digest}"
            show(idp, store, key=f"head:{head.seq}", kind="text", subject=0, place=idp.audit_channel, text=text)
    if idp.audit_file and head.seq:
        try:
            _append(Path(idp.audit_file), head, slot, stamp(idp.now()))
        except OSError as error:
            log.error("the head of the audit cannot be written to %s: %s", idp.audit_file, reason_of(error))


def _append(file: Path, head: Head, slot: str, at: str) -> None:
    known, _ = posted(file)
    if known and known[-1] == head:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as lines:
        lines.write(orjson.dumps({"seq": head.seq, "digest": head.digest, "at": at, "slot": slot}) + b"\n")


def posted(file: Path) -> tuple[list[Head], int]:
    """The heads in such a file, and how many of its lines are none: changed, or cut off as they were written."""
    heads, odd = [], 0
    for line in file.read_bytes().splitlines() if file.exists() else ():
        try:
            written = orjson.loads(line)
            heads.append(Head(int(written["seq"]), str(written["digest"])))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            odd += 1
    return heads, odd
