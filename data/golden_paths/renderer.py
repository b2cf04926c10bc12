"""The port GoldenPaths: the registry, the shelf, and one child process that renders."""

import json
import os
import select
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from data.errors import Invalid, NotFound, Unavailable
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

SECONDS: Final = 90.0  # for one job and the start of the process, more than the job's own limit
_ROOT: Final = str(Path(__file__).parents[2])  # of the packages, which an editable installation does not name


@dataclass(slots=True)
class Renderer:
    """Implements the port. `registry` as configured; safe for many threads, which render one after the other."""

    registry: Sequence[GoldenPath]
    shelf: Shelf
    _process: "subprocess.Popen[bytes] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
        told = self._ask(self._job("describe", pinned, answers, None), pinned.path)
        known = {name: name for name in KNOWN} | dict(pinned.path.fields)
        return Questions(
            tuple(_question(one, known.get(one["name"], "")) for one in told["asked"]), frozenset(told["depends"])
        )

    def render(self, pinned: Pinned, answers: Answers, into: Path) -> Rendered:
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(mode=0o700, parents=True)
        self._ask(self._job("render", pinned, answers, into.resolve()), pinned.path)
        return Rendered(into, pinned.version, pinned.commit, scan(into))

    def close(self) -> None:
        with self._lock:
            self._end()

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
        with self._lock:
            told = self._told(job)
        if "refused" in told:
            raise TemplateRefused(f"The template {path.title} was refused: {told['refused']}.")
        if "invalid" in told:
            raise Invalid(f"The template {path.title} does not take this: {told['invalid']}")
        return told

    def _told(self, job: Mapping[str, Any]) -> dict[str, Any]:
        process = self._process = _living(self._process) or _start()
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - pipes of ours
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            if not select.select([process.stdout], [], [], SECONDS)[0]:
                raise EOFError
            told: dict[str, Any] = orjson.loads(process.stdout.readline())
            return told
        except (OSError, EOFError, ValueError) as error:
            self._end()
            raise Unavailable("The process that renders templates has ended.", "Try again.") from error

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _question(told: Mapping[str, Any], known: str) -> Question:
    choices = tuple((str(label), value) for label, value in told["choices"])
    return Question(**{**told, "choices": choices}, known=known)


def _living(process: "subprocess.Popen[bytes] | None") -> "subprocess.Popen[bytes] | None":
    return process if process and process.poll() is None else None


def _start() -> "subprocess.Popen[bytes]":
    """A process that sees where Python's packages lie, and nothing else of our environment."""
    where = os.pathsep.join([_ROOT, *filter(None, sys.path)])
    try:
        return subprocess.Popen(
            [sys.executable, "-S", "-P", "-W", "ignore", "-m", "data.golden_paths.nursery"],
            env={"PYTHONPATH": where, "LANG": "C.UTF-8", "PATH": ""},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable("The process that renders templates cannot be started.", str(error)) from error
