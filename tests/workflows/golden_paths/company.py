"""A company with one golden path, a folder of bare repositories, and a catalog that follows its database."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.catalog.live import Catalog
from data.catalog.sources.files import FilesSource
from data.catalog.sources.made import MadeSource
from data.catalog.syncing.sync import sync_all
from data.golden_paths.child import Nursery
from data.golden_paths.renderer import Renderer
from data.golden_paths.shelf import Shelf
from data.integrations.repos.local import LocalHost
from data.policies import Policy, PolicyConfig
from data.ports.gitops import GitOps
from data.ports.golden_paths import GoldenPath
from tests.workflows.house import House, build

COPIER = """
name: {type: str, help: Name of the service}
description: {type: str, default: ""}
owner: {type: str}
system: {type: str, default: ""}
consumes_apis: {type: yaml, default: "[]"}
database: {type: str, help: Its database, choices: {None: none, PostgreSQL: postgres}, default: none}
size: {type: str, help: How large, choices: [small, large], default: small, when: "{{ database == 'postgres' }}"}
port: {type: int, help: Port, default: 8080, validator: "{% if port < 1024 %}Take one above 1024.{% endif %}"}
token: {type: str, secret: true, default: none}
"""
CATALOG_INFO = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {{ name }}
  description: {{ description | to_json }}
  links: [{url: "https://grafana.acme.example/d/{{ name }}", title: Dashboard}]
spec:
  type: service
  lifecycle: experimental
  owner: {{ owner }}
  {% if consumes_apis %}consumesApis: {{ consumes_apis | to_json }}{% endif %}
"""
FILES = {
    "copier.yml": COPIER,
    "catalog-info.yaml.jinja": CATALOG_INFO,
    "README.md.jinja": "# {{ name }} on {{ port }}\n",
    "run.sh": "#!/bin/sh\n",
    ".github/workflows/ci.yml": "on: [push, pull_request]\n"
    "jobs: {scan: {steps: [{uses: aquasecurity/trivy-action}, {run: pip-audit}]}}\n",
    "deploy/deployment.yaml.jinja": "kind: Deployment\nmetadata: {name: {{ name }}}\n",
    "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
}
ORG = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: acme}
spec: {type: organization, children: [payments]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments, annotations: {slack.com/channel: payments}}
spec: {type: team, parent: acme, children: [], members: [ann, ben]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ann}
spec: {profile: {email: ann@acme.example}, memberOf: [payments]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ben}
spec: {profile: {email: ben@acme.example}, memberOf: [payments]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: ledger-api}
spec: {type: openapi, lifecycle: production, owner: payments, definition: "openapi: 3.0.0"}
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: react-app, title: React app}
spec:
  type: website
  owner: payments
  steps: []
  parameters:
    - properties: {name: {title: Name of the app, type: string}, theme: {type: string}}
"""
WANTED: dict[str, Any] = {
    "path": "demo",
    "name": "orders",
    "description": "Takes orders.",
    "owner": "group:default/payments",
    "consumes_apis": ["api:default/ledger-api"],
}
POLICY = {"rules": [{"then": "allow"}]}


def template(folder: Path, more: Mapping[str, str] | None = None) -> Path:
    """The template of the golden path, with other files where `more` has them."""
    for name, content in (FILES | dict(more or {})).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    (folder / "run.sh").chmod(0o755)
    return folder


def host(folder: Path) -> LocalHost:
    """Repositories in a folder, the one with the deployments among them."""
    made = LocalHost(folder / "git", "acme", "https://git.acme.example")
    if made.find("deployments") is None:
        seed = folder / "seed"
        seed.mkdir()
        (seed / "README.md").write_text("# Deployments\n")
        made.first_commit(made.create("deployments", "seed", "Deployments"), "seed", seed, "Begin")
    return made


def company(url: str, folder: Path, nursery: Nursery | None = None) -> House:
    """The house of the tests with all of it; the catalog is the real one."""
    house = build(url, folder)
    source = folder / "template"
    if not source.exists():
        template(source)
        (folder / "catalog").mkdir()
        (folder / "catalog" / "catalog-info.yaml").write_text(ORG)
    database = house.idp.database
    catalog = Catalog(database)
    path = GoldenPath("demo", "Demo service", str(source), version="v1")
    house.idp = replace(
        house.idp,
        catalog=catalog,
        sources=(FilesSource("acme", folder / "catalog"), MadeSource(database)),
        golden_paths=Renderer([path], Shelf(folder / "shelf"), nursery or Nursery()),
        repo_host=host(folder),
        gitops=GitOps("deployments"),
        runs=folder / "runs",
        policies={**house.idp.policies, "new-service": Policy("new-service", PolicyConfig.model_validate(POLICY))},
    )
    sync_all(database, house.idp.sources, now=house.idp.now)
    catalog.refresh()
    return house
