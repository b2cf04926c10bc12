"""/idp sync: read the sources again."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Part, Reply, Rows, Section, md
from commands.parts.texts.facts import synced
from data.errors import NotFound


@command("sync", group="CARE", order=1, usage="sync [<source>]", example="sync acme", aliases=("refresh",))
def sync(ask: Ask) -> Reply:
    """Read a source of the catalog again, or all of them; says when each was read last.

    --json: asked (name or null), answer, sources [{name, synced_at}].
    """
    known = {source.name: source for source in ask.idp.sources}
    asked = ask.subject or None
    if asked and asked not in known:
        raise NotFound(f"There is no source {asked}.", f"Sources: {', '.join(known) or 'none'}.")
    said = ask.idp.request_sync(asked)
    names = [asked] if asked else list(known)
    lines = [md("*{}*: {}", name, synced(ask, name)) for name in names]
    states = ask.snapshot.sources
    times = {name: states[name].synced_at for name in names if name in states}
    data = {
        "asked": asked,
        "answer": said,
        "sources": [{"name": name, "synced_at": at.isoformat() if at else None} for name, at in times.items()],
    }
    parts: list[Part] = [Section(md("{}", said)), Rows(lines), Buttons([Button("Freshness", "freshness")])]
    return Reply(md("{}", said), parts, data)
