"""/idp audit and /idp evidence: what was done, by whom, under which rule; and a file of it for the auditor."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from commands.ask import Ask, Flag, command
from commands.labels import plural
from commands.me import myself
from commands.naming import the_entity
from commands.refs import label, moment, person_name
from commands.reply import Attachment, Md, Note, Part, Reply, Rows, md
from data.durations import parse_duration
from data.errors import Invalid, NotAllowed
from data.store.audit import Head, Record, head_of, records
from data.store.audit_check import as_csv, as_json
from data.store.database import Store
from workflows.authority import group_ref, groups

MOST = 25
WRITERS: dict[str, Callable[[Iterable[Record]], Iterator[str]]] = {"csv": as_csv, "json": as_json}


@command(
    "audit",
    group="ADMIN",
    order=2,
    usage="audit [<name>|<@person>]",
    example="audit checkout --since 7d",
    flags=(
        Flag("since", "how far back, such as 7d", "duration"),
        Flag("export", "csv or json, as a file", "format"),
    ),
)
def audit(ask: Ask) -> Reply:
    """What was asked, agreed, given and taken away: of everything, one entity, or one person.

    --json: rows [{seq, at, actor, what, target, request, detail}], oldest first.
    """
    _may_read(ask)
    chosen = _chosen(ask)
    with ask.idp.database.reading() as store:
        found = list(_rows(ask, store, chosen, newest=0 if "export" in ask.flags else MOST))
    files = [_file(ask, ask.flags["export"], found)] if "export" in ask.flags else []
    data = {"rows": [_data(record) for record in found]}
    if not found:
        return Reply(Md("The audit has nothing about this."), (), data)
    parts: list[Part] = [
        Rows([_line(ask, record) for record in reversed(found[-MOST:])], max(0, len(found) - MOST))
    ]
    if files:
        parts.append(Note(Md("The file is in your direct messages.")))
    return Reply(md("{} of the audit", plural(len(found), "row")), parts, data, files=files)


@command(
    "evidence",
    group="ADMIN",
    order=3,
    usage="evidence",
    example="evidence --since 90d",
    flags=(Flag("since", "how far back, such as 90d", "duration"),),
)
def evidence(ask: Ask) -> Reply:
    """The audit with its chain, as CSV and JSON files for an auditor; they come by direct message.

    `idp audit verify` in a terminal says whether the chain holds.
    --json: rows (how many), head {seq, digest}.
    """
    _may_read(ask)
    with ask.idp.database.reading() as store:
        found = list(_rows(ask, store, ("", ""), newest=0))
        head = head_of(store)
    files = [_file(ask, kind, found) for kind in WRITERS]
    text = md("{} of the audit, as CSV and JSON, are in your direct messages.", plural(len(found), "row"))
    return Reply(
        text,
        [*_sealed(text, head)],
        {"rows": len(found), "head": {"seq": head.seq, "digest": head.digest}},
        files=files,
    )


def _sealed(text: Md, head: Head) -> list[Part]:
    return [Rows([text]), Note(md("The chain ends at row {}, digest {}.", head.seq, head.digest))]


def _may_read(ask: Ask) -> None:
    """Those whom the configuration names; everybody in the catalog when it names nobody."""
    person, readers = myself(ask), ask.idp.audit_readers
    known = {group_ref(ask.snapshot, name) for name in readers}
    if "*" not in readers and not known & groups(ask.snapshot, person.ref):
        raise NotAllowed(
            "You may not read the audit.", "Ask the platform team; audit.readers in idp.yaml says who may."
        )


def _chosen(ask: Ask) -> tuple[str, str]:
    """(target, actor): one of them, or neither."""
    if not ask.words:
        return "", ""
    entity = the_entity(ask, ("User",) if ask.words[0].startswith("@") else ())
    return ("", entity.ref) if entity.kind == "User" else (entity.ref, "")


def _rows(ask: Ask, store: Store, chosen: tuple[str, str], newest: int) -> Iterator[Record]:
    back = ask.flags.get("since")
    since = ask.now - timedelta(seconds=parse_duration(back)) if back else None
    return records(store, target=chosen[0], actor=chosen[1], since=since, newest=newest)


def _file(ask: Ask, kind: str, found: list[Record]) -> Attachment:
    write = WRITERS.get(kind)
    if write is None:
        raise Invalid(f"{kind} is not offered.", "Choose csv or json.")
    name = f"audit-{ask.now:%Y-%m-%d}.{kind}"
    return Attachment(name, f"Audit, {len(found):,} rows", lambda: "".join(write(found)).encode())


def _line(ask: Ask, record: Record) -> Md:
    who = "idp" if record.actor == "system" else person_name(ask.snapshot, record.actor)
    about = md(" \u00b7 {}", label(ask.snapshot, record.target)) if record.target else Md("")
    number = md(" \u00b7 #{}", record.request) if record.request else Md("")
    return md("{} \u00b7 *{}* \u00b7 {}{}{}", moment(record.at), record.what, who, about, number)


def _data(record: Record) -> dict[str, Any]:
    body = record.decoded()
    return {key: body.get(key) for key in ("seq", "at", "actor", "what", "target", "request", "detail")}
