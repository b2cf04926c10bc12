"""How golden paths and the services that follow them are said in lines."""

import re
from collections.abc import Sequence
from typing import Any

from commands.parts.reply import Md, md
from commands.parts.texts.labels import cut, owner_word, plural
from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.store.templates import Check, Version
from workflows.templates.adoption import Sample
from workflows.templates.census import PathCensus, Standing


def by_version(found: PathCensus) -> Md:
    """ "23 services: 9 on v4, 11 on v3, 3 edited by hand"."""
    if not found.standings:
        return Md("no service yet")
    counts: dict[str, int] = {}
    for each in found.standings:
        counts[each.follower.origin.version] = counts.get(each.follower.origin.version, 0) + 1
    order = {version.name: at for at, version in enumerate(found.versions)}
    names = sorted(counts, key=lambda name: (-order.get(name, -1), name))
    said = [md("{} on {}", counts[name], name or "an unknown version") for name in names]
    said += [md("{} edited by hand", found.edited)] if found.edited else []
    return md("{}: {}", plural(len(found.standings), "service"), Md(", ".join(said)))


def behind_md(standing: Standing) -> Md:
    """How far one service is behind."""
    if standing.behind is None:
        followed = standing.follower.origin.version or "a version that is not stated"
        return md("{}; how far behind is not known", followed)
    if not standing.behind:
        return md("{}, the newest", standing.follower.origin.version)
    missing = plural(len(standing.behind), "version")
    return md("{}, {} behind {}", standing.follower.origin.version, missing, standing.behind[-1].name)


def edited_md(standing: Standing) -> Md:
    """Whether people changed files of the template."""
    if standing.edited is None:
        why = standing.check.note if standing.check else ""
        return md("not looked into: {}", cut(why, 150)) if why else Md("not looked into yet")
    paths = standing.check.edited if standing.check else ()
    if not paths:
        return Md("as the template made it")
    return md("edited by hand: {}", cut(", ".join(paths), 200))


def service_line(snapshot: Snapshot, standing: Standing) -> Md:
    """One service that follows a golden path."""
    entity = standing.follower.entity
    owner = owner_word(snapshot.content, entity) or "no owner"
    return md("*{}* ({}): {}; {}", entity.name, owner, behind_md(standing), edited_md(standing))


def outcome_md(check: Check | None) -> Md:
    """Clean, conflicts with their files, or why it is unknown."""
    if check is None:
        return Md("not looked at yet")
    if check.outcome == "clean":
        return Md("clean")
    if check.outcome == "conflicts":
        files = plural(len(check.conflicts), "conflict")
        return md("{}: {}", files, cut(", ".join(check.conflicts), 200))
    return md("unknown: {}", cut(check.note, 200))


def notes_md(versions: Sequence[Version], most: int = 1500) -> list[Md]:
    """The migration notes of these versions, one text each."""
    return [md("*{}*\n{}", version.name, markdown_md(version.notes, most)) for version in versions]


def markdown_md(text: str, most: int) -> Md:
    """A few paragraphs and lists of Markdown as lines: wrapped lines joined, marks of code left out."""
    joined = re.sub(r"(?<=\S)\n[ \t]+(?=[^\s*-])", " ", cut(text, most) or "No notes.")
    lines = (re.sub(r"^\s*[-*] ", "\u2022 ", line).replace("`", "") for line in joined.splitlines())
    return Md("\n".join(md("{}", line) for line in lines if line))


def sample_md(sample: Sample) -> Md:
    """ "3d (n=12)", "2h (n=2, too few)"."""
    if sample.seconds is None:
        return Md("unknown (n=0)")
    few = "" if sample.enough else ", too few"
    return md("{} (n={}{})", say_duration(rounded(sample.seconds)), sample.n, few)


def rounded(seconds: float) -> int:
    """Whole minutes below a day, whole hours above."""
    step = 60 if seconds < 86_400 else 3600
    return max(step, round(seconds / step) * step)


def standing_data(standing: Standing) -> dict[str, Any]:
    """A service for machines."""
    check = standing.check
    return {
        "ref": standing.follower.entity.ref,
        "version": standing.follower.origin.version,
        "behind": None if standing.behind is None else [version.name for version in standing.behind],
        "edited": None if standing.edited is None else list(check.edited if check else ()),
        "conflicts": list(check.conflicts) if check and check.outcome != "unknown" else None,
        "looked_at": check.checked_at.isoformat() if check else None,
    }


def sample_data(sample: Sample) -> dict[str, Any]:
    """A median for machines."""
    return {"n": sample.n, "seconds": sample.seconds}


def path_data(found: PathCensus) -> dict[str, Any]:
    """A golden path for machines."""
    return {
        "id": found.path.id,
        "title": found.path.title,
        "language": found.path.language,
        "owner": found.path.owner or None,
        "version": found.newest,
        "versions": [version.name for version in found.versions],
        "services": len(found.standings),
        "current": found.current,
        "behind": len(found.behind),
        "edited": found.edited,
    }
