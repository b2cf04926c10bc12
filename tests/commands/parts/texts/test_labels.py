"""How entities are called and reached."""

import orjson
import pytest

from commands.parts.texts.labels import contact
from data.catalog.entity import Entity


def group(link: str) -> Entity:
    detail = {"annotations": {"slack.com/channel": "#security"}, "links": [{"url": link, "title": "chat"}]}
    texts = dict.fromkeys(Entity._fields, "") | {"detail": orjson.dumps(detail).decode()}
    return Entity(**texts)  # type: ignore[arg-type]  # only `detail` is read


def test_the_channel_of_a_team_is_linked_where_its_address_is_known() -> None:
    shown = contact(group("https://acme.slack.com/archives/C0123")).channel_md
    assert shown == "<https://acme.slack.com/archives/C0123|#security>"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/slack.com/archives/C0123",
        "https://evil.example/?https://acme.slack.com/archives/C0123",
        "http://acme.slack.com.evil.example/archives/C0123",
    ],
)
def test_the_channel_of_a_team_cannot_lead_elsewhere(elsewhere: str) -> None:
    assert contact(group(elsewhere)).channel_md == "#security"
