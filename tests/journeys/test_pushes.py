"""A push to GitHub is answered within seconds: the server, its worker and its syncs are processes, as in life."""

import http.client
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from tests.fakes.github import FakeGitHub, webhook
from tests.journeys.processes import Start, answered, wait_for
from tests.waiting import until

TEAMS = "".join(
    f"---\nkind: Group\nmetadata: {{name: {name}}}\nspec: {{type: team, children: []}}\n"
    for name in ("payments", "search")
)
SHOP = "kind: Component\nmetadata: {name: shop}\nspec: {type: service, lifecycle: production, owner: payments}\n"
LEDGER = SHOP.replace("name: shop", "name: ledger").replace("payments", "search")


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    fake = FakeGitHub()
    fake.create("shop", {"catalog-info.yaml": SHOP + TEAMS})
    for number in range(200):
        fake.create(f"other-{number}", {"README.md": "nothing to see"})
    yield fake
    fake.server.stop()


@pytest.fixture
def environ(tmp_path: Path, workspace: LocalSlack, github: FakeGitHub) -> dict[str, str]:
    source = f"{{name: hub, type: github, org: acme, url: '{github.url}'}}"
    (tmp_path / "idp.yaml").write_text(f"catalog: {{sources: [{source}], sync_every: 1h}}\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "IDP_"))}
    return (
        kept
        | workspace.environment()
        | {
            "IDP_CONFIG": str(tmp_path / "idp.yaml"),
            "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db",
            "GITHUB_TOKEN": "ghp_valid",
            "GITHUB_WEBHOOK_SECRET": "webhook-secret",
            "PORT": workspace.events_url.split(":")[2].split("/")[0],
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
    )


def deliver(port: str, github: FakeGitHub, raw: bytes) -> int:
    headers = {
        "X-Hub-Signature-256": github.sign(raw),
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": "push",
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    try:
        connection.request("POST", "/hooks/github", raw, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def owner_of(slack: LocalSlack, name: str) -> str:
    return answered(slack, f"who-owns {name}")


def test_what_is_pushed_is_answered_long_before_the_next_sync(
    start: Start, environ: dict[str, str], workspace: LocalSlack, github: FakeGitHub
) -> None:
    start("serve")
    wait_for(environ["PORT"])
    until(lambda: "payments" in owner_of(workspace, "shop"))
    assert "not in the catalog" in owner_of(workspace, "ledger")
    raw = webhook(
        github.push(
            "shop",
            {"services/ledger/catalog-info.yaml": LEDGER, "catalog-info.yaml": SHOP + TEAMS + "---\n" + LEDGER},
        )
    )
    assert deliver(environ["PORT"], github, raw) == 202
    pushed = time.monotonic()
    until(lambda: "search" in owner_of(workspace, "ledger"))
    print(f"from the push to the answer: {time.monotonic() - pushed:.1f} s")
