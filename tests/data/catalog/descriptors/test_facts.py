"""The rules of Backstage's catalog model, case by case, as recorded beside the repository.

Each case is held against what the product itself runs: documents are read as a sync reads them, and relations are
asked of the read model.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.catalog.annotations import by_use
from data.catalog.descriptors import formats, kinds, specs
from data.catalog.descriptors.envelope import flaws
from data.catalog.descriptors.placeholders import Filler
from data.catalog.descriptors.reading import Reading, read_entity
from data.catalog.entity import parse_ref
from data.catalog.locations import Place, parse_place, place, source_of
from data.catalog.repos import codeowners
from data.catalog.snapshot import Snapshot
from data.catalog.sources.files import FolderTree
from data.catalog.sources.targets import resolve
from data.documents import Document, load_documents
from data.errors import Invalid
from data.idp import Idp
from workflows.authority import groups, stand_ins

Case = dict[str, Any]
Bases = dict[str, Any]

FORMATS = {
    "api_version": formats.is_api_version,
    "kind": formats.is_kind,
    "entity_name": formats.is_name,
    "namespace": formats.is_dns_label,
    "label_key": formats.is_key,
    "label_value": formats.is_label_value,
    "annotation_key": formats.is_key,
    "annotation_value": formats.is_annotation_value,
    "tag": formats.is_tag,
    "tag_old_function": formats.is_tag,  # deprecated; differs only where a tag has a colon
    "link_url": formats.is_url,
    "non_empty_string": formats.is_text,
    "dns_label": formats.is_dns_label,
    "dns_subdomain": formats.is_dns_subdomain,
}


def changed(document: Any, change: Case) -> Any:
    """The document with one JSON-pointer change."""
    document = copy.deepcopy(document)
    if change["op"] == "none":
        return document
    *parents, last = change["path"].strip("/").split("/")
    holder = document
    for step in parents:
        holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
    if change["op"] == "delete":
        del holder[int(last) if isinstance(holder, list) else last]
    elif isinstance(holder, list):
        at = len(holder) if last == "-" else int(last)
        holder[at : at + 1] = [change["value"]]
    else:
        holder[last] = change["value"]
    return document


def value_formats(case: Case, _: Bases) -> None:
    if case["valid"] is not None:
        assert FORMATS[case["field"]](case["value"]) is case["valid"]


def envelope(case: Case, bases: Bases) -> None:
    found = flaws(changed(bases.get(case["base"], bases), case["change"]))
    assert (not found) is case["accepted"]
    if found and case["error_mentions"] != "-":
        assert any(case["error_mentions"] in flaw.message for flaw in found)


def kind(case: Case, bases: Bases) -> None:
    found = kinds.verdict(changed(bases[case["kind"]], case["change"]))
    assert found.outcome == {"rejected": "refused"}.get(case["outcome"], case["outcome"])
    if found.flaws:
        assert any(case["error_mentions"] in flaw.message for flaw in found.flaws)


def kind_fields(case: Case, _: Bases) -> None:
    spec = specs.SPECS[case["kind"]]
    field = case["field"].removeprefix("spec.")
    for name in field.strip("{}").split(",") if field.startswith("{") else [field.partition(".")[0]]:
        assert name in spec.__annotations__
        assert (name in spec.__required_keys__) is case["required"]
        if "relation_out_in" in case:
            points = specs.POINTERS[case["kind"].lower()][name]
            assert points.relation == case["relation_out_in"][0]
            stated = case["reference_default_kind"]
            assert points.kind == ("" if stated.startswith("(none") else stated)


def read(document: Case) -> Reading:
    return read_entity(json.dumps(document).encode(), document["metadata"]["name"], "acme")


def catalog(*readings: Reading) -> Snapshot:
    return Snapshot.build(row.entity for reading in readings for row in reading.rows)


def relations(case: Case, _: Bases) -> None:
    reading = read({"kind": case["kind"], "metadata": case["metadata"], "spec": case["spec"]})
    assert any(problem.code == "relation" for problem in reading.problems) is ("error" in case["expect"])
    if "error" in case["expect"]:
        return
    snapshot, ref = catalog(reading), reading.rows[0].entity.ref
    ends = {ref, *(link.ref for link in snapshot.links(ref))}
    found = [[end, link.type, link.ref] for end in ends for link in snapshot.links(end)]
    assert sorted(found) == sorted(case["expect"]["relations"])


def entity_refs(case: Case, _: Bases) -> None:
    given = case["input"], case["default_kind"], case["default_namespace"]
    if "error" in case["expect"]:
        with pytest.raises(Invalid):
            parse_ref(*given)
        return
    ref = parse_ref(*given)
    assert ref._asdict() == case["expect"]["ok"]
    assert str(ref) == case["expect"]["canonical"]


def outcome(expect: Any, result: Callable[[], Any]) -> None:
    if "error" in expect:
        with pytest.raises(Invalid):
            result()
    else:
        assert result() == expect["ok"]


def locations(case: Case, _: Bases) -> None:
    given = case["input"]
    what = {
        "parse_location_ref": lambda: parse_place(given)._asdict(),
        "stringify_location_ref": lambda: str(place(given.get("type", ""), given.get("target", ""))),
        "entity_source_location": lambda: stated(source_of(given.get("annotations") or {}))._asdict(),
        "resolve_target": lambda: followed(given["base_type"], given["base"], given["target"]),
    }
    outcome(case["expect"], what[case["what"]])


def stated(source: Place | None) -> Place:
    if source is None:
        raise Invalid("The entity does not say where its source is.")
    return source


def followed(base_type: str, base: str, target: str) -> str:
    """What a target leads to in a tree that holds everything: all of the web, or all of a disk."""
    if base_type == "url":
        web = "http://"
        return web + resolve(base.removeprefix(web), target, lambda url: url.removeprefix(web))
    found = resolve(base, target, FolderTree(Path("/"), "").inside)
    return f"/{found}" if target.startswith("/") else found


def placeholders(case: Case, _: Bases) -> None:
    files = {"./a.json": b'{"a": [1]}', "./a.yaml": b"a: [1]", "./a.txt": b"text"}
    filler = Filler(lambda target: files[target])
    value = filler.fill(copy.deepcopy(case["input"]))
    if case["expect"].startswith("replaced"):
        assert value != case["input"]
        assert not filler.flaws
    elif case["expect"] == "left alone":
        assert value == case["input"]
    else:
        assert filler.flaws


def streams(case: Case, _: Bases) -> None:
    said = []
    for found in load_documents(case["text"].encode()):
        is_entity = isinstance(found, Document) and isinstance(found.value, dict)
        value: Any = found.value if isinstance(found, Document) else None
        said.append(f"{value['kind'].lower()} {value['metadata']['name']}" if is_entity else "error")
    assert said == case["expect"]


def defaults(case: Case, _: Bases) -> None:
    given = case["given"]
    if case["what"] == "group_default_parent":
        assert above(**given) == (given.get("parent") if case["expect"] == "unchanged" else case["expect"])


def above(kind: str, policy: str, parent: str | None = None) -> str | None:
    """Which group stands above an entity: where a group names none, the one that runs the platform."""
    named = [parse_ref(name, "Group") for name in (policy, parent) if name]
    documents = [{"kind": kind, "metadata": {"name": "n"}, "spec": {"parent": parent}}]
    documents += [{"kind": "Group", "metadata": {"name": ref.name, "namespace": ref.namespace}} for ref in named]
    snapshot = catalog(*map(read, documents))
    entity = snapshot.get(f"{kind}:default/n".lower())
    assert entity is not None
    if kind != "Group":
        return next(iter(groups(snapshot, entity.ref)), None)
    return stand_ins(run_by(policy), snapshot, "owners", entity, frozenset())[1].ref


def run_by(platform: str) -> Idp:
    """A house of which nothing is asked but who runs the platform."""
    nothing: dict[str, Any] = {"database": None, "catalog": None, "oncall": None, "now": None}
    return Idp(**nothing, sources=(), request_sync=str, version="", config_path="", platform_owner=platform)


def owners(case: Case, _: Bases) -> None:
    if case["what"] == "owner_of_path":
        owners = codeowners.owners_of(case["text"], case["path"])
        assert (codeowners.normalise_owner(owners[0]) if owners else None) == case["expect"]
    elif case["what"] == "normalise_owner":
        assert codeowners.normalise_owner(case["input"]) == case["expect"]
    else:
        assert codeowners.owners_of("* @a @b\n* @c @d\n", "x")[0] == "@c"
        for folder in (".github", ".gitlab", ".bitbucket"):
            order = ["CODEOWNERS", f"{folder}/CODEOWNERS", "docs/CODEOWNERS"]
            assert [one for one in codeowners.PLACES if one in order] == order


def annotations(case: Case, _: Bases) -> None:
    assert by_use({case["key"]: "x", "acme.example/note": "y"}) == {case["use"]: {case["key"]: "x"}}


CHECKS: dict[str, Callable[[Case, Bases], None]] = {
    "annotations": annotations,
    "codeowners": owners,
    "defaults": defaults,
    "entity_refs": entity_refs,
    "envelope": envelope,
    "kind_fields": kind_fields,
    "kinds": kind,
    "locations": locations,
    "placeholders": placeholders,
    "relations": relations,
    "value_formats": value_formats,
    "yaml_streams": streams,
}


@pytest.mark.parametrize("topic", CHECKS)
def test_every_asserted_case_agrees(shared: Path, topic: str) -> None:
    facts = json.loads((shared / "facts" / f"{topic}.json").read_text())
    disagreeing = {}
    for case in facts["cases"]:
        try:
            CHECKS[topic](case, facts.get("bases", {}))
        except (AssertionError, KeyError, pytest.fail.Exception) as error:
            disagreeing[case["id"]] = f"{type(error).__name__}: {error}"
    print(f"{topic}: {len(facts['cases']) - len(disagreeing)} of {len(facts['cases'])} cases agree")
    assert not disagreeing


def test_no_topic_is_forgotten(shared: Path) -> None:
    assert {path.stem for path in (shared / "facts").glob("*.json")} == set(CHECKS)
