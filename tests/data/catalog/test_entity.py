"""What an entity tells of itself without being decoded."""

from collections.abc import Callable

import orjson
import pytest

from data.catalog.entity import Entity

MakeEntity = Callable[..., Entity]
LINK = {"links": [{"url": "https://elsewhere.example", "title": "x"}]}


@pytest.mark.parametrize(
    ("detail", "url"),
    [
        ({}, ""),
        (LINK, ""),
        ({"url": "https://git.example/a", **LINK}, "https://git.example/a"),
        ({"url": 'https://git.example/a"b\\c\n', **LINK}, 'https://git.example/a"b\\c\n'),
        ({"url": "https://git.example/é"}, "https://git.example/é"),
    ],
)
def test_the_address_of_the_file_is_its_own(entity: MakeEntity, detail: dict[str, object], url: str) -> None:
    made = entity("checkout")._replace(detail=orjson.dumps(detail).decode() if detail else "")
    assert made.url == url
