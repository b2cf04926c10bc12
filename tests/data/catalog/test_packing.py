import orjson

from data.catalog.entity import Entity
from data.catalog.packing import packed, unpacked
from data.catalog.snapshot import Snapshot

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


def test_what_is_packed_takes_less_room_and_comes_back_whole() -> None:
    usual = orjson.dumps({key: value for key, value in DETAIL.items() if key != "url"}).decode()
    assert len(packed(usual)) < len(usual) * 0.75
    for text in (TEXT, usual, "", "{}"):
        assert unpacked(packed(text)) == unpacked(text) == text


def test_entities_of_a_snapshot_tell_all_their_details() -> None:
    ref = "component:default/shop"
    row = Entity(ref, "Component", "default", "shop", "", "", "", "", "", "", "", "", "a.yaml", 1, False, "", TEXT)
    found = Snapshot.build([row]).get(ref)
    assert found is not None
    assert (found.details(), found.url, found.stated) == (DETAIL, DETAIL["url"], TEXT)
