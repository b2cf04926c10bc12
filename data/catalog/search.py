"""Full text over names, titles, tags, descriptions and links, with filters.

Words are joined by AND, the last one matches as a prefix too, "quoted words" must stand in that order. Filters:
`tag: owner: kind: type: lifecycle: system: lang:`, and `not:` before a word or a filter (`not:deprecated`,
`not:tag:java`). Best first: all words in the name, then name and title, then with tags, then anywhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

from data.catalog.entity import Entity


class Found(NamedTuple):
    """`total` entities match; `hits` are the best of them; `unknown_filters` were ignored, such as ("tier",)."""

    total: int
    hits: Sequence[Entity]
    unknown_filters: tuple[str, ...] = ()
