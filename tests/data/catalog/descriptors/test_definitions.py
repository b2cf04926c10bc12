"""An API's definition says what it offers, in the formats that people write, at any size."""

import pytest

from data.catalog.descriptors.definitions import MOST_ENDPOINTS, summary
from tests.waiting import soon


def test_openapi_in_yaml() -> None:
    text = (
        "openapi: 3.0.1\ninfo:\n  title: 'Pet Store'\n  version: 1.0\n  contact:\n    title: nobody\n"
        "paths:\n  /pets/{id}:\n    parameters: []\n    get:\n      responses: {}\n    post: {}\n"
        "  '/a b':\n    put:\n"
    )
    assert summary("openapi", text) == {
        "format": "openapi 3.0.1",
        "title": "Pet Store",
        "version": "1.0",
        "endpoints": ["GET /pets/{id}", "POST /pets/{id}", "PUT /a b"],
    }


def test_openapi_in_brackets() -> None:
    text = "openapi: 3.0.0\ninfo: {title: Pets, version: 1.0.0}\npaths: {/a: {get: {}}, /b: {post: {}}}\n"
    assert summary("openapi", text) == {
        "format": "openapi 3.0.0",
        "title": "Pets",
        "version": "1.0.0",
        "endpoints": ["GET /a", "POST /b"],
    }
    assert summary("openapi", "a: {b: [\n") == {"format": "openapi"}


def test_openapi_in_json() -> None:
    text = '{"swagger": "2.0", "info": {"title": "Pets"}, "paths": {"/a": {"get": {}, "x-note": 1}, "/b": null}}'
    assert summary("openapi", text) == {"format": "swagger 2.0", "title": "Pets", "endpoints": ["GET /a"]}


def test_asyncapi() -> None:
    text = "asyncapi: 2.0.0\ninfo:\n title: Events\nchannels:\n  user/signedup:\n    publish:\n      message: {}\n"
    assert summary("asyncapi", text)["endpoints"] == ["user/signedup"]


def test_graphql() -> None:
    text = (
        "type Query {\n  users(first: Int): [User]\n}\n"
        "extend type Mutation {\n  add: User\n}\ntype A {\n  b: B\n}\n"
    )
    assert summary("graphql", text) == {"format": "graphql", "endpoints": ["query users", "mutation add"]}


def test_grpc() -> None:
    text = 'syntax = "proto3";\npackage acme.v1;\nservice Pay {\n  rpc Charge (A) returns (B);\n}\n'
    assert summary("grpc", text) == {"format": "grpc", "title": "acme.v1", "endpoints": ["Pay/Charge"]}


@pytest.mark.parametrize("text", ["", "plain words", "{", "[1]", '{"paths": 3, "info": []}'])
def test_what_says_nothing_has_only_its_kind(text: str) -> None:
    assert summary("openapi", text) == {"format": "openapi"}


def test_endpoints_are_bounded() -> None:
    paths = "".join(f"  /p{number}:\n    get: {{}}\n" for number in range(10_000))
    assert len(summary("openapi", f"paths:\n{paths}")["endpoints"]) == MOST_ENDPOINTS


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 1_000_000,
        "a: " + " " * 1_000_000 + "x",
        "\n" * 1_000_000,
        "type Query\n" * 100_000,
        '"a' * 500_000,
        "type Query {" + "a(" * 10_000,
        "".join(" " * (number % 900) + "a:\n" for number in range(5_000)),
        "\nservice" * 100_000,
    ],
)
def test_no_text_is_slow(text: str) -> None:
    with soon():
        summary("openapi", text)
        summary("grpc", text)
