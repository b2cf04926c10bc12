"""Finds out whether the audit is what was once written, and hands it out with its chain."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from data.store.audit import GENESIS, Head, Record, digest_of, head_of, records, stamp
from data.store.database import Store

COLUMNS = ("seq", "at", "actor", "what", "target", "request", "body", "previous", "digest")
READ = ("environment", "requester", "beneficiary", "rule", "reason", "note")  # what auditors look for in the body


@dataclass(frozen=True, slots=True)
class Verdict:
    """`bad` is the number of the first row that is wrong, 0 when the chain holds; `reason` is a sentence."""

    rows: int
    head: Head
    bad: int = 0
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.bad == 0


def verify(store: Store, posted: Iterable[Head] = ()) -> Verdict:
    """Check the whole chain, its head row, and the heads that were once posted elsewhere.

    The chain shows any change of a row. That rows were cut off at the end, or that everything was written anew,
    only a head that was kept outside the database shows.
    """
    known: dict[int, str] = {}
    for head in posted:
        known.setdefault(head.seq, head.digest)  # what was posted first: a chain written anew posts heads as well
    last = Head(0, GENESIS)
    for record in records(store):
        reason = _fault(record, last) or _against_posted(record, known)
        if reason:
            return Verdict(last.seq, last, last.seq + 1, reason)
        last = Head(record.seq, record.digest)
    return _end(last, head_of(store), known)


def _fault(record: Record, last: Head) -> str:
    if record.seq != last.seq + 1:
        return f"Row {last.seq + 1} is missing: row {record.seq} follows row {last.seq}."
    if record.previous != last.digest:
        return f"Row {record.seq} is not chained to row {last.seq}: one of the two was changed."
    if record.digest != digest_of(record.previous, record.body):
        return f"Row {record.seq} is not what was written."
    if _columns_of(record.body) != (record.seq, stamp(record.at), *_searched(record)):
        return f"The columns of row {record.seq} disagree with what was written."
    return ""


def _searched(record: Record) -> tuple[str, str, str, int]:
    return record.actor, record.what, record.target, record.request


def _columns_of(body: str) -> tuple[Any, ...]:
    try:
        written = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    return tuple(written.get(name) for name in ("seq", "at", "actor", "what", "target", "request"))


def _against_posted(record: Record, known: Mapping[int, str]) -> str:
    if known.get(record.seq, record.digest) != record.digest:
        row = f"Row {record.seq} is not the one whose digest was posted"
        return f"{row}: the chain was written anew, or that head was changed."
    return ""


def _end(last: Head, head: Head, known: Mapping[int, str]) -> Verdict:
    if head != last:
        return Verdict(last.seq, last, last.seq + 1, f"Row {last.seq + 1} is missing: the head is row {head.seq}.")
    if max(known, default=0) > last.seq:
        reason = f"Row {last.seq + 1} is missing: the head of row {max(known)} was posted."
        return Verdict(last.seq, last, last.seq + 1, reason)
    return Verdict(last.seq, last)


def as_csv(found: Iterable[Record]) -> Iterator[str]:
    """Lines of a CSV file with the chain, and with what auditors look for in columns of its own (READ).

    No cell can be taken for a formula.
    """
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    rows: Iterator[list[int | str]] = ([_cell(value) for value in _told(record)] for record in found)
    heading: list[list[int | str]] = [[*COLUMNS[:6], *READ, *COLUMNS[6:]]]
    for row in chain(heading, rows):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def as_json(found: Iterable[Record]) -> Iterator[str]:
    """Lines of a JSON file: a list of objects, each with `body` as it was digested, `previous` and `digest`."""
    before = "[\n"
    for record in found:
        yield before + orjson.dumps(dict(zip(COLUMNS, _row(record), strict=True))).decode()
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _row(record: Record) -> tuple[int | str, ...]:
    return record.seq, stamp(record.at), *_searched(record), record.body, record.previous, record.digest


def _told(record: Record) -> list[int | str]:
    row, detail = _row(record), record.decoded().get("detail") or {}
    return [*row[:6], *(str(detail.get(name) or "") for name in READ), *row[6:]]


def _cell(value: int | str) -> int | str:
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
