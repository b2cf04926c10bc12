"""Looking at one service's repository: what people changed, and what a version would bring."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from data.catalog.entity import Entity
from data.catalog.indexes.names import repository_path
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid, NotAllowed, NotFound
from data.golden_paths.updating import Update, answers_in, merge
from data.idp import Idp
from data.ports.golden_paths import GoldenPath, Rendered
from data.store.templates import Check, Outcome, looked_at, with_paths

REPOSITORY_KEYS = ("github.com/project-slug", "gitlab.com/project-slug", "backstage.io/source-location")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a version would bring to a service that follows `version` in its repository now."""

    version: str
    update: Update


def repository_of(idp: Idp, snapshot: Snapshot, entity: Entity) -> str:
    """The name of a service's repository at our host. Raises NotFound when the catalog names none there."""
    annotations = entity.details().get("annotations", {})
    told = [str(annotations[key]) for key in REPOSITORY_KEYS if annotations.get(key)]
    found = snapshot.repositories.of(entity)
    told += [found[0].name] if found else []
    for text in told:
        org, _, name = repository_path(text).partition("/")
        if name and org == idp.repo_host.org.lower():
            return name.partition("/")[0]
    where = f"{idp.repo_host.name} ({idp.repo_host.org})" if idp.repo_host.org else idp.repo_host.name
    raise NotFound(
        f"The catalog names no repository of {entity.name} at {where}.",
        "Set the annotation github.com/project-slug in its catalog-info.yaml.",
    )


def propose(idp: Idp, snapshot: Snapshot, entity: Entity, path: GoldenPath, version: str) -> Proposed:
    """What `version` would bring to a service as its repository is now. Nothing is changed.

    Raises Conflict when it is there already, NotFound and Invalid for a repository that cannot be followed,
    Unavailable when the host or the template does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="idp-template-") as place:
        project = Path(place) / "project"
        project.mkdir()
        idp.repo_host.download(repository_of(idp, snapshot, entity), project)
        answers = answers_in(project)
        now = str(answers["_commit"])
        if now == version:
            raise Conflict(f"{entity.name} follows {version} already.")
        given = {key: value for key, value in answers.items() if not key.startswith("_")}
        old, new = (
            _rendered(idp, path, name, given, Path(place) / side)
            for name, side in ((now, "old"), (version, "new"))
        )
        return Proposed(now, merge(project, old, new, (entity.name, f"{path.id} {version}")))


def _rendered(idp: Idp, path: GoldenPath, version: str, answers: dict[str, object], into: Path) -> Rendered:
    return idp.golden_paths.render(idp.golden_paths.pin(path, version), answers, into)


def look(idp: Idp, snapshot: Snapshot, entity: Entity, path: GoldenPath, version: str) -> Check:
    """The same as a record: clean, conflicts, or unknown with the reason. Unavailable goes through."""
    origin = snapshot.repositories.origin(entity)
    followed = origin.version if origin else ""
    now = idp.now()
    try:
        proposed = propose(idp, snapshot, entity, path, version)
    except (NotFound, Conflict, Invalid, NotAllowed) as error:
        unknown: Outcome = "unknown"
        return looked_at(
            entity.ref, path.id, version=followed, target=version, outcome=unknown, now=now, note=error.message
        )
    update = proposed.update
    outcome: Outcome = "conflicts" if update.conflicts else "clean"
    look = looked_at(entity.ref, path.id, version=proposed.version, target=version, outcome=outcome, now=now)
    return with_paths(look, update.edited, update.conflicts)
