"""The port GoldenPaths: the registry, the shelf, and one child process that renders."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from data.errors import Invalid, NotFound
from data.golden_paths.child import Nursery
from data.golden_paths.scan import scan
from data.golden_paths.shelf import Shelf
from data.ports.golden_paths import (
    KNOWN,
    Answers,
    GoldenPath,
    Pinned,
    Question,
    Questions,
    Rendered,
    TemplateRefused,
)

REMEMBERED: Final = 500  # questions with their answers: a form asks for the same ones again and again


@dataclass(slots=True)
class Renderer:
    """Implements the port. `registry` as configured; safe for many threads, which render one after the other."""

    registry: Sequence[GoldenPath]
    shelf: Shelf
    nursery: Nursery = field(default_factory=Nursery)
    _known: dict[bytes, Questions] = field(default_factory=dict)

    def all(self) -> Sequence[GoldenPath]:
        return self.registry

    def get(self, id: str) -> GoldenPath:
        for path in self.registry:
            if path.id == id:
                return path
        known = ", ".join(path.id for path in self.registry)
        raise NotFound(
            f"There is no golden path {id}.", f"There are: {known}." if known else "None is configured."
        )

    def pin(self, path: GoldenPath, version: str = "", *, commit: str = "") -> Pinned:
        return self.shelf.pin(path, version, commit)

    def versions(self, path: GoldenPath) -> Sequence[str]:
        return self.shelf.versions(path)

    def folder(self, pinned: Pinned) -> Path:
        return self.shelf.folder(pinned)

    def questions(self, pinned: Pinned, answers: Answers) -> Questions:
        job = self._job("describe", pinned, answers, None)
        key = orjson.dumps(job, option=orjson.OPT_SORT_KEYS, default=str)
        found = self._known.get(key)
        if found is None:
            found = self._described(job, pinned.path)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found

    def _described(self, job: Mapping[str, Any], path: GoldenPath) -> Questions:
        told = self._ask(job, path)
        known = {name: name for name in KNOWN} | dict(path.fields)
        asked = tuple(_question(one, known.get(one["name"], "")) for one in told["asked"])
        return Questions(asked, frozenset(told["depends"]), tuple(told["unheeded"]))

    def render(self, pinned: Pinned, answers: Answers, into: Path) -> Rendered:
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(mode=0o700, parents=True)
        self._ask(self._job("render", pinned, answers, into.resolve()), pinned.path)
        return Rendered(into, pinned.version, pinned.commit, scan(into))

    def close(self) -> None:
        self.nursery.close()

    def _job(self, job: str, pinned: Pinned, answers: Answers, into: Path | None) -> dict[str, Any]:
        return {
            "job": job,
            "template": str(self.folder(pinned).resolve()),
            "into": str(into or ""),
            "answers": dict(answers),
            "address": pinned.address,
            "version": pinned.version,
            "commit": pinned.commit,
            "trusted": pinned.commit in pinned.path.trusted,
        }

    def _ask(self, job: Mapping[str, Any], path: GoldenPath) -> dict[str, Any]:
        told = self.nursery.ask(job)
        if "refused" in told:
            raise TemplateRefused(f"The template {path.title} was refused: {told['refused']}.")
        if "invalid" in told:
            raise Invalid(f"The template {path.title} does not take this: {told['invalid']}")
        return told


def _question(told: Mapping[str, Any], known: str) -> Question:
    choices = tuple((str(label), value) for label, value in told["choices"])
    return Question(**{**told, "choices": choices}, known=known)
