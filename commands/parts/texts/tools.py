"""Where an entity is known in other tools, as its annotations say."""

from collections.abc import Mapping
from typing import Any, Final

from commands.parts.reply import Md, Part, Section, link, md
from commands.parts.texts.labels import cut
from data.catalog.annotations import Use, by_use

_LONGEST_URL: Final = 300  # of a few in one text
# Who is on call, the code and the docs stand on a card already; and a key of an on-call system calls people.
_TITLES: Final[Mapping[Use, str]] = {
    "ci": "CI",
    "deploy": "Deployed by",
    "monitoring": "Monitoring",
    "quality": "Quality",
    "tracker": "Tracked in",
}


def tools_data(details: Mapping[str, Any]) -> dict[Use, Mapping[str, str]]:
    """The annotations that lead to other tools, by what they are for: {use: {annotation: text}}."""
    found = by_use(details.get("annotations", {}))
    return {use: found[use] for use in _TITLES if use in found}


def tools_part(details: Mapping[str, Any]) -> list[Part]:
    """A line for each use."""
    lines = [
        md("*{}*: {}", _TITLES[use], Md(", ".join(_named(key, text) for key, text in found.items())))
        for use, found in tools_data(details).items()
    ]
    return [Section(Md("\n".join(lines)))] if lines else []


def _named(key: str, text: str) -> Md:
    tool = _tool(key)
    if text.startswith("https://") and len(text) <= _LONGEST_URL:
        return link(text, tool)
    return md("{} ({})", cut(" ".join(text.split()), 100), tool)


def _tool(key: str) -> str:
    """Of circleci.com/project-slug circleci; Backstage's own annotations of this kind are Kubernetes'."""
    house, _, what = key.partition("/")
    return what.partition("-")[0] if house == "backstage.io" else house.rpartition(".")[0] or house
