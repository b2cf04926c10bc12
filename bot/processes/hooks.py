"""`POST /hooks/github`: what GitHub tells about its repositories, kept durably before it is acknowledged.

Only the names of repositories are taken from a delivery; what they hold is asked of GitHub itself.
"""

import hmac
import logging
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

import orjson

from data.catalog.repos.repositories import is_companion
from data.store.database import Database
from data.store.inbox import receive

log = logging.getLogger("idp")

LARGEST: Final = 25 << 20  # bytes of a delivery, as GitHub limits it
KIND: Final = "github"  # of the rows in the inbox
MOST_NAMED: Final = 20  # commits in a delivery; more may not all be named

_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}").fullmatch
_DELIVERY = re.compile(r"[A-Za-z0-9-]{1,72}").fullmatch
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}").fullmatch


@dataclass(frozen=True, slots=True)
class Hooked:
    """One source that listens: its name, the organisation, and what deliveries are signed with."""

    source: str
    org: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class GitHubHooks:
    """What is behind the address. Safe for many threads and many replicas."""

    sources: Sequence[Hooked]
    database: Database
    now: Callable[[], datetime]

    def take(self, headers: Mapping[str, str], raw: bytes) -> HTTPStatus:
        """Judge one delivery by its headers (names in lower case) and keep what it says.

        401 unless it is signed by one of the secrets over exactly these bytes. Raises Unavailable when it cannot
        be kept, so that GitHub shows it as failed and it can be delivered again.
        """
        signed_for = self._signed_for(headers.get("x-hub-signature-256", ""), raw)
        delivery = headers.get("x-github-delivery", "")
        if not signed_for or not _DELIVERY(delivery):
            return HTTPStatus.UNAUTHORIZED
        body = _read(raw)
        names = _repositories(headers.get("x-github-event", ""), body)
        org = str(((body.get("repository") or {}).get("owner") or {}).get("login") or "").lower()
        sources = [each.source for each in signed_for if each.org.lower() == org]
        if not names or not sources:
            return HTTPStatus.OK
        row = orjson.dumps({"sources": sources, "repositories": sorted(names)}).decode()
        with self.database.store() as store:
            receive(store, f"{KIND}:{delivery}", KIND, row, self.now())
        return HTTPStatus.ACCEPTED

    def _signed_for(self, signature: str, raw: bytes) -> list[Hooked]:
        if not _SIGNATURE(signature):
            return []
        return [
            each
            for each in self.sources
            if each.secret
            and hmac.compare_digest(
                hmac.new(each.secret, raw, sha256).hexdigest(), signature.removeprefix("sha256=")
            )
        ]


def _read(raw: bytes) -> Mapping[str, Any]:
    """The body; what is no JSON object says nothing."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        log.warning("a signed delivery of GitHub cannot be read; its content type must be application/json")
        return {}
    return body if isinstance(body, dict) and isinstance(body.get("repository"), dict) else {}


def _repositories(event: str, body: Mapping[str, Any]) -> set[str]:
    """The repositories that must be looked at again; a renamed one by both of its names."""
    repository = body.get("repository") or {}
    names = {str(repository.get("name") or "")}
    if event == "push":
        if body.get("ref") != f"refs/heads/{repository.get('default_branch')}" or not _matters(body):
            return set()
    elif event == "repository":
        before = ((body.get("changes") or {}).get("repository") or {}).get("name") or {}
        names.add(str(before.get("from") or ""))
    else:
        return set()
    return {name for name in names if _NAME(name)}


def _matters(body: Mapping[str, Any]) -> bool:
    """Whether a push may change what is read of a repository; most pushes change code."""
    commits = body.get("commits")
    if not isinstance(commits, list) or not commits or len(commits) >= MOST_NAMED:
        return True
    lists = (commit.get(key) or () for commit in commits for key in ("added", "modified", "removed"))
    return any(_is_read(str(path)) for paths in lists for path in paths)


def _is_read(path: str) -> bool:
    return path.endswith((".yaml", ".yml", ".json", ".md")) or is_companion(path)


def names_of(rows: Collection[str]) -> dict[str, set[str]]:
    """Repositories by source, from the rows of several deliveries."""
    found: dict[str, set[str]] = {}
    for row in rows:
        told = orjson.loads(row)
        for source in told["sources"]:
            found.setdefault(source, set()).update(told["repositories"])
    return found
