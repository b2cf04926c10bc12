"""What `idp doctor` says of directories: whether reading one as often as rights need it is too much for it."""

from collections.abc import Iterator
from typing import Final

from bot.settings.catalog_section import OLDEST
from bot.terminal.finding import Finding
from commands.parts.texts.labels import plural
from data.durations import say_duration
from data.errors import UserError
from data.idp import Idp
from data.ports.catalog import CatalogSource

PAGE: Final = 200  # people or groups that one call tells
MANY: Final = 300  # calls a minute, half of what such systems usually grant


def directory_findings(idp: Idp) -> Iterator[Finding]:
    """Directories that need a call for each group, by what the catalog knows of them from the last sync."""
    try:
        idp.catalog.refresh()
    except UserError:
        return  # the database was looked at before
    for source in idp.sources:
        if source.type == "okta":
            yield from _of(idp, source)


def _of(idp: Idp, source: CatalogSource) -> Iterator[Finding]:
    ours = [one.kind for one in idp.catalog.snapshot if one.source == source.name]
    groups, people = ours.count("Group"), ours.count("User")
    calls = max(1, groups) + -(-groups // PAGE) + -(-people // PAGE)
    every = int(idp.groups_age.total_seconds()) // 2
    if calls * 60 <= MANY * every:
        return
    enough = -(-calls * 120 // MANY // 60) * 60
    said = f"Source {source.name}: {plural(groups, 'group')} take about {calls:,} calls every {every} s"
    longest = say_duration(OLDEST)
    hint = f"Take fewer groups (`groups:` of this source), and set catalog.groups_max_age to {longest}."
    if enough <= OLDEST:
        hint = f"Set catalog.groups_max_age to {say_duration(enough)}, or take fewer groups."
    yield Finding("warning", said, hint)
