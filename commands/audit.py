"""/idp audit: what was done, by whom, under which rule."""

from commands.parts.ask import Ask, Flag, command
from commands.parts.reply import Later, Md, Note, Part, Reply, Rows, md
from commands.parts.requests.audit_rows import check_reader, chosen, data_of, file_of, line_of, rows_of
from commands.parts.texts.labels import plural
from commands.parts.texts.paging import FROM, begin, page
from data.store.audit import Record

MOST = 25  # on one page
KEPT = 1000  # that can be paged through


@command(
    "audit",
    group="ADMIN",
    order=2,
    usage="audit [<name>|<@person>]",
    example="audit checkout --since 7d",
    flags=(
        Flag("since", "how far back, such as 7d, or a day such as 2026-07-01", "when"),
        Flag("until", "up to a day such as 2026-10-01, which is left out", "when"),
        Flag("export", "csv or json, as a file", "format"),
        FROM,
    ),
)
def audit(ask: Ask) -> Reply:
    """What was asked, agreed, given and taken away: of everything, one entity, or one person.

    --json: rows [{seq, at, actor, what, target, request, detail}], oldest first.
    """
    check_reader(ask)
    kind = ask.flags.get("export", "")
    with ask.idp.database.reading() as store:
        found = list(rows_of(ask, store, chosen(ask), newest=0 if kind else KEPT))
    data = Later(lambda: {"rows": [data_of(record) for record in found]})
    if not found:
        return Reply(Md("The audit has nothing about this."), (), data)
    files = [file_of(ask, kind, found)] if kind else []
    return Reply(md("{} of the audit", plural(len(found), "row")), _parts(ask, found, kind), data, files=files)


def _parts(ask: Ask, found: list[Record], kind: str) -> list[Part]:
    """The newest first, a page at a time; what is exported is not paged through as well."""
    begun = 0 if kind else begin(ask)
    lines = [line_of(ask, record) for record in found[::-1][begun : begun + MOST]]
    if kind:
        return [Rows(lines, len(found) - len(lines)), Note(Md("The file is in your direct messages."))]
    limit = Note(md("These are the newest {}; `--since` narrows them, `--export` gives all.", f"{KEPT:,}"))
    return [*page(ask, lines, len(found)), *([limit] if len(found) == KEPT else [])]
