"""The catalog-info.yaml of a service whose template brings none: what the platform knows is enough for one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import yaml

from data.golden_paths.scan import scan
from data.ports.golden_paths import Rendered

FILE: Final = "catalog-info.yaml"


def with_descriptor(rendered: Rendered, values: Mapping[str, Any], repository: str) -> Rendered:
    """The same, with a descriptor if there was none. `values` are those of the form; `repository` is org/name."""
    if any(file.path == FILE for file in rendered.files):
        return rendered
    (rendered.folder / FILE).write_text(yaml.safe_dump(_component(rendered, values, repository), sort_keys=False))
    return replace(rendered, files=scan(rendered.folder))


def _component(rendered: Rendered, values: Mapping[str, Any], repository: str) -> dict[str, Any]:
    spec = {
        "type": "service",
        "lifecycle": str(values.get("lifecycle") or "experimental"),
        "owner": str(values["owner"]),
        "system": str(values.get("system") or ""),
        "consumesApis": list(values.get("consumes_apis") or ()),
    }
    docs = any(file.path == "mkdocs.yml" for file in rendered.files)
    annotations = {"github.com/project-slug": repository, "backstage.io/techdocs-ref": "dir:." if docs else ""}
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": str(values["name"]),
            "description": str(values.get("description") or ""),
            "annotations": {key: value for key, value in annotations.items() if value},
        },
        "spec": {key: value for key, value in spec.items() if value},
    }
