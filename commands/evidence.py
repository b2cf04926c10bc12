"""/idp evidence: the audit as files for the auditor."""

from commands.parts.ask import Ask, Flag, command
from commands.parts.reply import Md, Note, Part, Reply, Rows, md
from commands.parts.requests.audit_rows import WRITERS, check_reader, chosen, file_of, rows_of
from commands.parts.texts.labels import plural
from data.store.audit import Head, head_of


@command(
    "evidence",
    group="ADMIN",
    order=3,
    usage="evidence [<name>|<@person>]",
    example="evidence --since 90d",
    flags=(
        Flag("since", "how far back, such as 90d, or a day such as 2026-07-01", "when"),
        Flag("until", "up to a day such as 2026-10-01, which is left out", "when"),
    ),
)
def evidence(ask: Ask) -> Reply:
    """The audit with its chain, of everything, one entity or one person, as CSV and JSON files by direct message.

    `idp audit verify` in a terminal says whether the chain holds.
    --json: rows (how many), head {seq, digest}.
    """
    check_reader(ask)
    with ask.idp.database.reading() as store:
        found = list(rows_of(ask, store, chosen(ask), newest=0))
        head = head_of(store)
    files = [file_of(ask, kind, found) for kind in WRITERS]
    text = md("{} of the audit, as CSV and JSON, are in your direct messages.", plural(len(found), "row"))
    return Reply(
        text,
        [*_sealed(text, head)],
        {"rows": len(found), "head": {"seq": head.seq, "digest": head.digest}},
        files=files,
    )


def _sealed(text: Md, head: Head) -> list[Part]:
    return [Rows([text]), Note(md("The chain ends at row {}, digest {}.", head.seq, head.digest))]
