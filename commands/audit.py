"""/idp audit: what was done, by whom, under which rule."""

from commands.parts.ask import Ask, Flag, command
from commands.parts.audit_rows import check_reader, chosen, data_of, file_of, line_of, rows_of
from commands.parts.labels import plural
from commands.parts.reply import Md, Note, Part, Reply, Rows, md

MOST = 25


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
    check_reader(ask)
    about = chosen(ask)
    with ask.idp.database.reading() as store:
        found = list(rows_of(ask, store, about, newest=0 if "export" in ask.flags else MOST))
    files = [file_of(ask, ask.flags["export"], found)] if "export" in ask.flags else []
    data = {"rows": [data_of(record) for record in found]}
    if not found:
        return Reply(Md("The audit has nothing about this."), (), data)
    parts: list[Part] = [
        Rows([line_of(ask, record) for record in reversed(found[-MOST:])], max(0, len(found) - MOST))
    ]
    if files:
        parts.append(Note(Md("The file is in your direct messages.")))
    return Reply(md("{} of the audit", plural(len(found), "row")), parts, data, files=files)
