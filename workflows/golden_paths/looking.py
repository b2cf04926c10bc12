"""What a new service would be, before anything is made: its files, its entity, the checks. Nothing is stored."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.catalog.snapshot import Snapshot
from data.errors import Invalid
from data.golden_paths.descriptor import with_descriptor
from data.idp import Idp
from data.ports.golden_paths import Pinned, Rendered, RenderedFile
from workflows.golden_paths.checks import CatalogEntity, Check, checks, entity_in
from workflows.golden_paths.form import answers


@dataclass(frozen=True, slots=True)
class Looked:
    """The preview. `pinned` is what will be rendered again, exactly."""

    pinned: Pinned
    files: tuple[RenderedFile, ...]
    entity: CatalogEntity
    checks: tuple[Check, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)


def pinned_of(idp: Idp, values: Mapping[str, Any]) -> Pinned:
    """The golden path at the commit that was previewed, or at the present one for a first look."""
    path = idp.golden_paths.get(str(values.get("path") or ""))
    return idp.golden_paths.pin(path, commit=str(values.get("commit") or ""))


def look(idp: Idp, snapshot: Snapshot, values: Mapping[str, Any]) -> Looked:
    """Render it aside and look at it. Raises TemplateRefused, and Invalid for answers that do not fit."""
    pinned = pinned_of(idp, values)
    with _aside(idp) as folder:
        rendered = rendered_into(idp, pinned, values, folder / "files")
        return looked(pinned, rendered, snapshot, values)


def rendered_into(idp: Idp, pinned: Pinned, values: Mapping[str, Any], folder: Path) -> Rendered:
    """What the template makes of these values, and a catalog entity where it makes none."""
    made = idp.golden_paths.render(pinned, answers(idp, pinned, values), folder)
    return with_descriptor(made, values, f"{idp.repo_host.org}/{values.get('name')}")


def looked(pinned: Pinned, rendered: Rendered, snapshot: Snapshot, values: Mapping[str, Any]) -> Looked:
    """Read the preview off the files."""
    entity = entity_in(rendered)
    found = checks(rendered, snapshot, entity, str(values.get("name")), str(values.get("owner")))
    return Looked(pinned, rendered.files, entity, tuple(found))


def check_answers(idp: Idp, pinned: Pinned, values: Mapping[str, Any]) -> dict[str, str]:
    """What the template itself finds wrong with the answers, by question."""
    asked = idp.golden_paths.questions(pinned, answers(idp, pinned, values)).asked
    return {one.name: one.fault for one in asked if one.fault}


@contextmanager
def _aside(idp: Idp) -> Iterator[Path]:
    try:
        idp.runs.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="look-", dir=idp.runs))
    except OSError as error:
        raise Invalid("There is no room for a preview.", str(error)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
