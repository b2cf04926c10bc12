"""Whether golden path, workspace template and devcontainer of a service agree, and where they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.catalog.entity import Entity
from data.catalog.repos.devcontainers import devcontainer_language, language_of
from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.idp import Idp
from data.ports.golden_paths import GoldenPath
from data.ports.workspaces import Template
from workflows.templates.census import owner_of
from workflows.workspaces.services import TEMPLATE, annotated


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One service and what does not fit together there."""

    service: str  # its reference
    problem: str  # a sentence


@dataclass(frozen=True, slots=True)
class Consistency:
    """`checked` services name at least one of the three. `unknown` says why templates could not be looked up."""

    checked: int
    disagreements: tuple[Disagreement, ...]
    unknown: str = ""


def consistency(idp: Idp, snapshot: Snapshot) -> Consistency:
    """Look at every service. The workspace systems are asked once for their templates."""
    templates, unknown = _templates(idp)
    paths = idp.golden_paths.all()
    checked, found = 0, list[Disagreement]()
    for entity in (one for one in snapshot if one.kind == "Component"):
        said = _Said.of(snapshot, entity, paths)
        if said.anything:
            checked += 1
            found += [Disagreement(entity.ref, problem) for problem in _problems(said, templates)]
    return Consistency(checked, tuple(found), unknown)


def _templates(idp: Idp) -> tuple[Mapping[str, Template] | None, str]:
    """All templates by name; None with the reason when they cannot be had."""
    try:
        found = {one.name: one for system in idp.workspaces if system.launches for one in system.templates()}
    except UserError as error:
        return None, error.message
    return (found, "") if found else (None, "")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the three say of one service; "" each for nothing."""

    path: str  # the golden path's title
    path_language: str
    path_template: str  # the workspace template that the golden path answered
    template: str  # the annotation's
    devcontainer: str  # its language, "?" when there is one of no known language

    @property
    def anything(self) -> bool:
        return bool(self.path or self.template or self.devcontainer)

    @classmethod
    def of(cls, snapshot: Snapshot, entity: Entity, paths: Sequence[GoldenPath]) -> "_Said":
        origin = snapshot.repositories.origin(entity)
        path = owner_of(origin, paths) if origin else None
        container = snapshot.repositories.devcontainers.of(entity)
        return cls(
            path=path.title if path else "",
            path_language=language_of(path.language) if path else "",
            path_template=origin.workspace if origin and path else "",
            template=annotated(entity, TEMPLATE),
            devcontainer="" if container is None else devcontainer_language(container) or "?",
        )


def _problems(said: _Said, templates: Mapping[str, Template] | None) -> list[str]:
    problems = []
    if said.path_template and said.template != said.path_template:
        other = f"the catalog {said.template}" if said.template else "the catalog names none"
        problems.append(f"The golden path {said.path} says workspace template {said.path_template}, {other}.")
    wanted = said.template or said.path_template
    if wanted and templates is not None:
        known = templates.get(wanted)
        if known is None:
            problems.append(f"There is no workspace template {wanted}.")
        elif known.deprecated:
            problems.append(f"The workspace template {wanted} is deprecated: {known.deprecated}")
    return [*problems, *_languages(said, (templates or {}).get(wanted))]


def _languages(said: _Said, template: Template | None) -> list[str]:
    """Those of the three that name a language name the same one."""
    spoken = {
        "golden path": said.path_language,
        "workspace template": language_of(said.template) or (language_of(template.title) if template else ""),
        "devcontainer": said.devcontainer.strip("?"),
    }
    named = {what: language for what, language in spoken.items() if language}
    if len(set(named.values())) <= 1:
        return []
    return ["They are of different languages: " + ", ".join(f"{what} {of}" for what, of in named.items()) + "."]
