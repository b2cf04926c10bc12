"""Texts of catalog files, read as a sync reads them."""

from data.catalog.descriptors.reading import Reading, read_file
from data.catalog.entity import Entity, Problem
from data.errors import NotFound

FILES = {
    "./openapi.yaml": b"openapi: 3.0.1\ninfo:\n  title: Pets\n  version: '1.2'\npaths:\n  /pets:\n    get: {}\n",
    "./spec.json": b'{"steps": [{"action": "a"}], "type": "service"}',
    "./two.yaml": b"a: 1\n---\nb: 2\n",
    "./bad.json": b"{",
    "./nul.txt": b"a\0b",
}


def fetch(target: str) -> bytes:
    if target not in FILES:
        raise NotFound(f"{target} does not exist.")
    return FILES[target]


def read(text: str, path: str = "catalog-info.yaml") -> Reading:
    return read_file(text.encode(), path, "acme", fetch)


def entity(text: str) -> Entity:
    (row,) = read(text).rows
    return row.entity


def problem(text: str) -> Problem:
    (found,) = read(text).problems
    return found


def component(spec: str = "", metadata: str = "", kind: str = "Component") -> str:
    return (
        f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: checkout\n{metadata}"
        f"spec:\n  type: service\n  lifecycle: production\n  owner: team-a\n{spec}"
    )
