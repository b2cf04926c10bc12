"""/idp about: what this is, who runs it, how it is."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Section, md
from commands.parts.texts.facts import synced
from commands.parts.texts.labels import channel_md, contact, plural

MOST_SOURCES = 5


@command("about", group="ADMIN", order=2, example="about", aliases=("version",))
def about(ask: Ask) -> Reply:
    """What this bot is, who runs it, which version, what it knows and how old that is.

    --json: version, catalog_version, entities, sources, platform_owner, platform_channel.
    """
    idp, snapshot = ask.idp, ask.snapshot
    oldest = [md("{}: {}", name, synced(ask, name)) for name in list(snapshot.sources)[:MOST_SOURCES]]
    if len(snapshot.sources) > MOST_SOURCES:
        oldest.append(md("…and {} more", len(snapshot.sources) - MOST_SOURCES))
    facts = [
        ("Version", md("{}", idp.version)),
        ("Knows", md("{}, catalog version {}", plural(len(snapshot), "entity"), snapshot.version)),
        ("Sources", Md("\n".join(oldest)) or Md("none read yet")),
    ]
    owner = snapshot.get(idp.platform_owner) if idp.platform_owner else None
    if owner is not None:
        facts.append(("Run by", md("{} {}", owner.label, contact(owner).channel_md)))
    elif idp.platform_owner:
        facts.append(("Run by", md("{}", idp.platform_owner)))
    if idp.platform_channel and (owner is None or contact(owner).channel != idp.platform_channel):
        facts.append(("Help", channel_md(idp.platform_channel)))
    text = md(
        "idp {}: answers from {} entities; {}",
        idp.version,
        f"{len(snapshot):,}",
        Md("; ".join(oldest) or "none yet"),
    )
    parts: list[Part] = [
        Section(
            Md("*idp*: the developer portal that lives in chat. It answers from the catalog, with source and age.")
        ),
        Fields(facts),
        Note(Md("Answers are for you alone unless you add --share.")),
        Buttons([Button("What can I ask?", "help"), Button("Freshness", "freshness")]),
    ]
    data = {
        "version": idp.version,
        "catalog_version": snapshot.version,
        "entities": len(snapshot),
        "sources": list(snapshot.sources),
        "platform_owner": idp.platform_owner,
        "platform_channel": idp.platform_channel,
    }
    return Reply(text, parts, data)
