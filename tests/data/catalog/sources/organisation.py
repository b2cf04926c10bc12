"""An organisation at GitHub as a source, for the tests of it."""

from typing import Any

from data.catalog.entity import Entity
from data.catalog.sources.github import GitHubSource
from data.catalog.sources.github_token import Token
from data.catalog.syncing.sync import Report, sync
from data.store.catalog import load_entities
from data.store.database import Database
from tests.conftest import Clock
from tests.fakes.github import FakeGitHub


def info(name: str, owner: str = "payments", more: str = "") -> str:
    return f"""\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
{more}spec:
  type: service
  lifecycle: production
  owner: {owner}
"""


def location(*targets: str) -> str:
    return "kind: Location\nmetadata: {name: all}\nspec:\n  targets:\n" + "".join(
        f"    - {each}\n" for each in targets
    )


def source(fake: FakeGitHub, **fields: Any) -> GitHubSource:
    return GitHubSource(
        **{"name": "hub", "org": "acme", "credential": Token("ghp_valid"), "url": fake.url, **fields}
    )


def run(database: Database, of: GitHubSource) -> Report:
    return sync(database, of, now=Clock())


def entities(database: Database) -> dict[str, Entity]:
    with database.reading() as store:
        return {row[0]: Entity(*row) for row in load_entities(store)}


def names(database: Database) -> set[str]:
    return {entity.name for entity in entities(database).values()}
