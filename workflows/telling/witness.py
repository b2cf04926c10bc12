"""Posts the head of the audit to places outside the database, so that nobody can rewrite the chain unseen."""

from pathlib import Path

import orjson

from data.idp import Idp
from data.store import audit
from data.store.audit import Head, stamp
from workflows.journal import show


def post_head(idp: Idp, slot: str) -> None:
    """The work "post-head", every five minutes: one line in the configured channel and file, if there is news."""
    with idp.database.store() as store:
        head = audit.head_of(store)
        if idp.audit_channel and head.seq:
            text = f"Audit: row {head.seq}, digest {head.digest}"
            show(idp, store, key=f"head:{head.seq}", kind="text", subject=0, place=idp.audit_channel, text=text)
    if idp.audit_file and head.seq:
        _append(Path(idp.audit_file), head, slot, stamp(idp.now()))


def _append(file: Path, head: Head, slot: str, at: str) -> None:
    known = posted(file)
    if known and known[-1] == head:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as lines:
        lines.write(orjson.dumps({"seq": head.seq, "digest": head.digest, "at": at, "slot": slot}) + b"\n")


def posted(file: Path) -> list[Head]:
    """The heads in such a file; lines that are not whole are passed over."""
    heads = []
    for line in file.read_bytes().splitlines() if file.exists() else ():
        try:
            written = orjson.loads(line)
            heads.append(Head(int(written["seq"]), str(written["digest"])))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            continue
    return heads
