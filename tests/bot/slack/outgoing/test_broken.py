"""A broken catalog file is told to its team's channel once, with file, line and what was expected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.slack.outgoing.broken import BrokenFiles
from bot.slack.outgoing.chat import Chat, Place
from data.catalog.live import Catalog
from data.catalog.sources.github import GitHubSource
from data.catalog.sources.github_token import Token
from data.catalog.syncing.sync import sync
from data.errors import Conflict, Unavailable, UserError
from data.idp import Idp
from data.store.database import Database
from tests.conftest import Clock
from tests.fakes.github import FakeGitHub

GROUP = """\
kind: Group
metadata: {name: pay, annotations: {slack.com/channel: pay-alerts}}
spec: {type: team, children: []}
"""
GOOD = "kind: Component\nmetadata: {name: shop}\nspec: {owner: pay, type: x, lifecycle: y}\n"
BAD = "kind: Component\nmetadata:\n  name: [shop\n"


@dataclass
class Posts:
    """Stands where Slack stands: keeps what is posted, or refuses."""

    posted: list[tuple[str, str]] = field(default_factory=list)
    error: UserError | None = None

    def post(self, place: Place, message: dict[str, Any]) -> None:
        if self.error:
            raise self.error
        self.posted.append((place.channel, str(message)))


@dataclass
class House:
    database: Database
    github: FakeGitHub
    posts: Posts = field(default_factory=Posts)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.database)
        known = {"database": self.database, "catalog": self.catalog, "now": self.clock}
        self.idp = cast("Idp", SimpleNamespace(**known, platform_channel="#platform"))
        self.broken = self.replica()

    def replica(self) -> BrokenFiles:
        return BrokenFiles(self.idp, cast("Chat", self.posts))

    def sync(self) -> None:
        sync(self.database, GitHubSource("hub", "acme", Token("ghp_valid"), self.github.url), now=self.clock)
        self.catalog.refresh()
        self.broken.tell()


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    github = FakeGitHub()
    github.create("teams", {"catalog-info.yaml": GROUP})
    github.create("shop", {"catalog-info.yaml": GOOD})
    made = House(database, github)
    made.sync()
    yield made
    github.server.stop()


def test_the_team_is_told_once_with_file_line_and_what_was_expected(house: House) -> None:
    assert house.posts.posted == []
    house.github.push("shop", {"catalog-info.yaml": BAD})
    house.sync()
    [(channel, message)] = house.posts.posted
    assert channel == "#pay-alerts"
    assert "https://github.com/acme/shop/blob/main/catalog-info.yaml#L" in message
    assert "Expected" in message
    house.sync()
    house.github.push("teams", {"catalog-info.yaml": GROUP + "# moved\n"})
    house.sync()
    house.replica().tell()
    assert len(house.posts.posted) == 1


def test_what_was_repaired_and_breaks_again_is_told_again(house: House) -> None:
    for _ in range(2):
        house.github.push("shop", {"catalog-info.yaml": BAD})
        house.sync()
        house.github.push("shop", {"catalog-info.yaml": GOOD})
        house.sync()
    assert len(house.posts.posted) == 2


def test_a_new_file_goes_to_whom_codeowners_names_or_to_the_platform(house: House) -> None:
    house.github.create("new", {"catalog-info.yaml": BAD, "CODEOWNERS": "* @acme/pay\n"})
    house.github.create("odd", {"catalog-info.yaml": BAD})
    house.sync()
    assert sorted(channel for channel, _ in house.posts.posted) == ["#pay-alerts", "#platform"]


def test_many_at_once_are_one_message(house: House) -> None:
    for number in range(30):
        house.github.create(f"new-{number}", {"catalog-info.yaml": BAD, "CODEOWNERS": "* @acme/pay\n"})
    house.sync()
    [(_, message)] = house.posts.posted
    assert "30 catalog files" in message
    assert "20" in message


def test_when_slack_is_away_it_is_told_later(house: House) -> None:
    house.github.push("shop", {"catalog-info.yaml": BAD})
    house.posts.error = Unavailable("Slack cannot be reached.")
    house.sync()
    house.posts.error = None
    house.broken.tell()
    assert len(house.posts.posted) == 1


def test_a_channel_that_refuses_is_not_asked_for_ever(house: House) -> None:
    house.github.push("shop", {"catalog-info.yaml": BAD})
    house.posts.error = Conflict("Slack refused it: not_in_channel.")
    house.sync()
    house.posts.error = None
    house.broken.tell()
    assert house.posts.posted == []
