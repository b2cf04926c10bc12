"""Our calls against Prism, which is made of the published descriptions and refuses what they do not allow."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from data.catalog.sources.github_api import GitHubApi
from data.catalog.sources.github_queries import Repo
from data.catalog.sources.github_token import App, Token
from data.errors import Unavailable
from data.http.api import Api
from tests.fakes.prism import prism

SHOP = Repo("", "shop", "acme/shop", "https://github.com/acme/shop", False, False, (), "main", "a" * 40, "")


@pytest.fixture(scope="module")
def backstage(shared: Path) -> Iterator[str]:
    with prism(shared / "specs/backstage-catalog-4.0.0-openapi3.json") as url:
        yield url


@pytest.fixture(scope="module")
def github(shared: Path) -> Iterator[str]:
    with prism(shared / "specs/github-trimmed-openapi3.json") as url:
        yield url


@pytest.fixture
def asking() -> Iterator[Callable[[str], Api]]:
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(closing(Api(url, {"authorization": "Bearer x"})))


def test_backstage_takes_our_calls(backstage: str, asking: Callable[[str], Api]) -> None:
    api = asking(f"{backstage}/api/catalog")
    answer = api.call("GET", "/entities/by-query", params={"limit": 500, "filter": ["kind=component", "kind=api"]})
    assert isinstance(answer.json()["items"], list)
    assert isinstance(api.query("/entities/by-refs", {"entityRefs": ["component:default/x"]})["items"], list)
    assert isinstance(api.json("GET", "/entities", params={"limit": 500, "filter": []}), list)


def test_prism_refuses_what_is_malformed(backstage: str, asking: Callable[[str], Api]) -> None:
    with pytest.raises(Unavailable, match=r"answers 4\d\d"):
        asking(f"{backstage}/api/catalog").query("/entities/by-refs", {"refs": 1})


def test_github_takes_our_calls(github: str, asking: Callable[[str], Api]) -> None:
    api = GitHubApi(asking(github), Token("ghp_x"), "acme", f"{github}/graphql")
    assert next(api.pages("/orgs/acme/repos", {"type": "all"}))
    assert "items" in next(api.pages("/search/code", {"q": "org:acme filename:catalog-info.yaml"}))
    assert isinstance(api.tree(SHOP), list)  # contents: in tests/contract/test_both_directions.py


def test_github_takes_the_calls_of_an_app(github: str, asking: Callable[[str], Api], tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (tmp_path / "app.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *kinds))
    header = App("Iv1.x", tmp_path / "app.pem", "acme", installation=1).header(asking(github))
    assert header.startswith("Bearer ")
