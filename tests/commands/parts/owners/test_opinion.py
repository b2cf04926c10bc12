"""CODEOWNERS as a second opinion on ownership, for entities and for paths."""

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from commands import Asker, answer
from commands.parts.reply import Reply
from data.catalog.entity import Entity
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from tests.commands.conftest import made

Read = Callable[[Reply], str]
RULES = """\
*                @acme/team-checkout
/docs/           docs@acme.example
/api/            @acme/team-payments @ann
/lab/            @acme/team-lab
"""


def companions(rules: str = RULES) -> list[tuple[str, str, str]]:
    facts = orjson.dumps({"name": "acme/shop", "url": "https://github.com/acme/shop", "branch": "main"}).decode()
    return [("hub", "shop/.repository", facts), ("hub", "shop/.github/CODEOWNERS", rules)]


ENTITIES = [
    made("team-checkout", "Group"),
    made("team-payments", "Group"),
    made("ann", "User"),
    made("shop", owner="group:default/team-payments", source="hub", path="shop/catalog-info.yaml"),
    made("shop-api", owner="group:default/team-payments", source="hub", path="shop/api/catalog-info.yaml"),
    made("free", source="hub", path="shop/free/catalog-info.yaml"),
    made(
        "elsewhere",
        owner="group:default/team-payments",
        detail={"annotations": {"github.com/project-slug": "Acme/Shop"}},
    ),
]


def plain(text: str) -> str:
    """Without the marks of links and code."""
    return re.sub(r"<[^|>]+\|([^>]+)>", r"\1", text).replace("`", "")


def held(ask: Any, entities: list[Entity], rules: str = RULES) -> Callable[[str], Reply]:
    """Asks a company in which one repository has a CODEOWNERS file."""
    catalog = SimpleNamespace(snapshot=Snapshot.build(entities, companions=companions(rules)), loaded=True)
    idp = replace(ask.idp, catalog=cast("Catalog", catalog))
    return lambda text: answer(text, Asker("ann"), idp)


@pytest.fixture
def asked(ask: Any) -> Callable[[str], Reply]:
    return held(ask, ENTITIES)


@pytest.mark.parametrize("name", ["shop", "elsewhere"])
def test_another_opinion_is_said(asked: Callable[[str], Reply], read: Read, name: str) -> None:
    said = plain(read(asked(f"who-owns {name}")))
    assert "Declared team-payments; CODEOWNERS says team-checkout" in said


def test_an_agreeing_opinion_is_not_worth_a_line(asked: Callable[[str], Reply], read: Read) -> None:
    assert "CODEOWNERS" not in read(asked("who-owns shop-api"))


def test_where_no_owner_is_stated_it_is_the_only_opinion(asked: Callable[[str], Reply], read: Read) -> None:
    assert "CODEOWNERS says team-checkout" in plain(read(asked("who-owns free")))


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("github.com/acme/shop/blob/main/api/pay.go", "team-payments, ann for api/pay.go"),
        ("https://github.com/acme/shop/blob/main/lab/Deep/x.py", "team-lab for lab/Deep/x.py"),
        ("https://github.com/acme/shop/tree/main/docs/a%20b.md", "docs for docs/a b.md"),
        ("acme/shop/web/index.html", "team-checkout for web/index.html"),
    ],
)
def test_a_path_is_answered_by_codeowners(
    asked: Callable[[str], Reply], read: Read, path: str, names: str
) -> None:
    reply = asked(f"who-owns {path}")
    assert reply.ok
    assert f"CODEOWNERS says {names}" in plain(read(reply))


def test_a_path_outside_of_the_catalog_is_still_answered(ask: Any) -> None:
    reply = held(ask, ENTITIES[:3])("who-owns github.com/acme/shop/blob/main/api/pay.go")
    assert reply.ok
    assert reply.text == "api/pay.go in acme/shop is owned by team-payments, ann, says CODEOWNERS"


def test_machines_get_the_opinion(asked: Callable[[str], Reply]) -> None:
    data: Any = asked("who-owns acme/shop/lab/x.py --json").data
    data = data if isinstance(data, dict) else dict(data)
    assert data["codeowners"] == {
        "repository": "acme/shop", "path": "lab/x.py", "owners": ["@acme/team-lab"], "groups": [],
        "file": ".github/CODEOWNERS",
    }  # fmt: skip


def test_readme_and_docs_of_the_repository_are_pages(ask: Any, read: Read) -> None:
    pages = [("hub", f"shop/{path}", "") for path in ("README.md", "docs/runbook.md")]
    catalog = SimpleNamespace(snapshot=Snapshot.build(ENTITIES, companions=[*companions(), *pages]), loaded=True)
    idp = replace(ask.idp, catalog=cast("Catalog", catalog))
    said = read(answer("docs shop", Asker("ann"), idp))
    assert "<https://github.com/acme/shop/blob/main/README.md|README.md>" in said
    assert "docs/runbook.md" in read(answer("docs shop runbook", Asker("ann"), idp))
    assert "README" not in read(answer("docs shop-api", Asker("ann"), idp))


def test_hostile_names_in_the_file_cannot_ping(ask: Any, read: Read) -> None:
    said = read(held(ask, ENTITIES, "* <!channel> @a/<https://evil.example|x>\n")("who-owns shop"))
    assert "&lt;!channel&gt;" in said
    assert "<!channel>" not in said
    assert "<https://evil" not in said
