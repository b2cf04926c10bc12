"""Rows of the audit: who may read them, how they look, and as files."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from commands.parts.ask import Ask
from commands.parts.reply import Attachment, Md, md
from commands.parts.texts.refs import label, moment, person_name
from commands.parts.typed.me import myself
from commands.parts.typed.naming import the_entity
from data.durations import parse_moment
from data.errors import Invalid, NotAllowed
from data.store.audit import Record, records
from data.store.audit_check import as_csv, as_json
from data.store.database import Store
from workflows.authority import group_ref, groups

WRITERS: dict[str, Callable[[Iterable[Record]], Iterator[str]]] = {"csv": as_csv, "json": as_json}


def check_reader(ask: Ask) -> None:
    """Those whom the configuration names; everybody in the catalog when it names nobody."""
    person, readers = myself(ask), ask.idp.audit_readers
    known = {group_ref(ask.snapshot, name) for name in readers}
    if "*" not in readers and not known & groups(ask.snapshot, person.ref):
        raise NotAllowed(
            "You may not read the audit.", "Ask the platform team; audit.readers in idp.yaml says who may."
        )


def chosen(ask: Ask) -> tuple[str, str]:
    """(target, person): one of them, or neither."""
    if not ask.words:
        return "", ""
    entity = the_entity(ask, ("User",) if ask.words[0].startswith("@") else ())
    return ("", entity.ref) if entity.kind == "User" else (entity.ref, "")


def rows_of(ask: Ask, store: Store, about: tuple[str, str], newest: int) -> Iterator[Record]:
    """Rows about (target, person) between --since and --until; `newest` 0 for all."""
    since, until = (
        parse_moment(ask.flags[name], ask.now) if ask.flags.get(name) else None for name in ("since", "until")
    )
    return records(store, target=about[0], person=about[1], since=since, until=until, newest=newest)


def file_of(ask: Ask, kind: str, found: list[Record]) -> Attachment:
    """The rows with their chain as a file."""
    write = WRITERS.get(kind)
    if write is None:
        raise Invalid(f"{kind} is not offered.", "Choose csv or json.")
    name = f"audit-{ask.now:%Y-%m-%d}.{kind}"
    code = "utf-8-sig" if kind == "csv" else "utf-8"  # without the mark spreadsheets take it for another encoding
    return Attachment(name, f"Audit, {len(found):,} rows", lambda: "".join(write(found)).encode(code))


def line_of(ask: Ask, record: Record) -> Md:
    """One row for people."""
    who = "idp" if record.actor == "system" else person_name(ask.snapshot, record.actor)
    about = md(" \u00b7 {}", label(ask.snapshot, record.target)) if record.target else Md("")
    number = md(" \u00b7 #{}", record.request) if record.request else Md("")
    return md("{} \u00b7 *{}* \u00b7 {}{}{}", moment(record.at), record.what, who, about, number)


def data_of(record: Record) -> dict[str, Any]:
    """One row for machines."""
    body = record.decoded()
    return {key: body.get(key) for key in ("seq", "at", "actor", "what", "target", "request", "detail")}
