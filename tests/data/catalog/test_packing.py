import orjson

from data.catalog.entity import Entity
from data.catalog.packing import packed, unpacked
from data.catalog.snapshot import Snapshot
from data.store.takeovers import CLAIMED

DETAIL = {
    "url": "https://git.acme.example/shop/blob/main/catalog-info.yaml",
    "annotations": {
        "github.com/project-slug": "acme/shop",
        "backstage.io/techdocs-ref": "dir:.",
        "backstage.io/source-location": "url:https://github.com/acme/shop/",
        "acme.example/note": 'a "title":"x", a \t tab, \x01\x02 and ünïcode ✓',
    },
    "links": [{"url": "https://grafana.acme.example/d/shop", "title": "Dashboard"}],
}
TEXT = orjson.dumps(DETAIL).decode()


def test_what_is_packed_comes_back_whole() -> None:
    for name in ("shop", "url", "", "claimed", "\\", '"', "ü", "a"):
        for text in (TEXT, "", "{}"):
            assert unpacked(packed(text, name), name) == unpacked(text, name) == text
        assert packed(TEXT, name).startswith('{"url":"https://')


def test_who_states_the_same_of_another_name_shares_the_text() -> None:
    cart = TEXT.replace("shop", "cart")
    first, second = Snapshot.build([_row("shop", TEXT), _row("cart", cart)])
    assert first.detail is second.detail
    assert (first.stated, second.stated) == (TEXT, cart)


def test_entities_of_a_snapshot_tell_all_their_details() -> None:
    for name in ("shop", "url", "https"):
        (found,) = Snapshot.build([_row(name, TEXT)])
        assert (found.details(), found.url, found.stated) == (DETAIL, DETAIL["url"], TEXT)


def test_a_claim_is_seen_whatever_the_entity_is_called() -> None:
    for name in ("owner", "claimed", "shop"):
        (found,) = Snapshot.build([_row(name, '{"claimed_owner":"group:default/a"}')])
        assert CLAIMED in found.detail
        assert found.details() == {CLAIMED: "group:default/a"}


def _row(name: str, detail: str) -> Entity:
    ref = f"component:default/{name}"
    return Entity(
        ref, "Component", "default", name, "", "", "", "", "", "", "", "", "a.yaml", 1, False, "", detail
    )
