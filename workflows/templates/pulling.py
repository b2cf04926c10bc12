"""One service takes one version: a pull request in its repository, opened once."""

from dataclasses import dataclass
from typing import Literal

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Conflict
from data.idp import Idp
from data.ports.golden_paths import GoldenPath
from data.ports.repo_host import Proposal, PullRequest
from data.store import templates
from workflows.templates.looking import Proposed, propose, repository_of

State = Literal["opened", "found", "merged", "declined", "taken", "left out"]

MOST_NOTES = 6000  # characters of migration notes in a pull request
MOST_PATHS = 50


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one service. `found`: its pull request was open before; `merged`: it was merged since;
    `declined`: it was closed without being merged; `taken`: the version is there already; `left out` with the
    reason in `note`."""

    entity: str
    state: State
    where: str = ""  # page of the pull request, or its number
    conflicts: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Which version of which golden path, and the number of the request that asks for it."""

    path: GoldenPath
    version: str
    request: int


def branch_of(path: GoldenPath, version: str) -> str:
    """The branch of every pull request to this version: the same in each run, so that it is found again."""
    return f"idp/template-{path.id}-{version}"


def open_pull_request(idp: Idp, snapshot: Snapshot, entity: Entity, to: Upgrade) -> Opened:
    """Find the pull request of this service and version, or open it. Raises UserError with the reason."""
    repository, branch = repository_of(idp, snapshot, entity), branch_of(to.path, to.version)
    if known := idp.repo_host.pull_request(repository, branch):
        return _known(entity, known)
    try:
        proposed = propose(idp, snapshot, entity, to.path, to.version)
    except Conflict:
        return Opened(entity.ref, "taken")
    title = f"{title_of(to.path, to.version)} (request {to.request})"
    body = _body(idp, to.path, proposed, to.version)
    pull = idp.repo_host.open_pull_request(repository, Proposal(branch, title, body, proposed.update.changes))
    return Opened(entity.ref, "opened", where(pull), len(proposed.update.conflicts))


def withdraw(idp: Idp, snapshot: Snapshot, entity: Entity, to: Upgrade) -> None:
    """Close the pull request that this request opened; one of another request stays."""
    repository, branch = repository_of(idp, snapshot, entity), branch_of(to.path, to.version)
    known = idp.repo_host.pull_request(repository, branch)
    if known and known.title.endswith(f"(request {to.request})"):
        idp.repo_host.withdraw(repository, branch)


def title_of(path: GoldenPath, version: str) -> str:
    """What the pull request is called."""
    return f"Follow {path.title} {version}"


def where(pull: PullRequest) -> str:
    """Where it can be looked at."""
    return pull.url or f"pull request {pull.number}"


def _known(entity: Entity, pull: PullRequest) -> Opened:
    states: dict[str, State] = {"open": "found", "merged": "taken", "closed": "declined"}
    return Opened(entity.ref, states[pull.state], where(pull))


def _body(idp: Idp, path: GoldenPath, proposed: Proposed, version: str) -> str:
    """Migration notes of the versions between, conflicts first: that is what a person has to look at."""
    update = proposed.update
    parts = [f"From {proposed.version} to {version} of the golden path {path.title} (`{path.id}`)."]
    if update.conflicts:
        parts.append(
            "**Both this project and the golden path changed these files.** Where the same lines are meant, both "
            "stand between `<<<<<<<` and `>>>>>>>`; choose before you merge.\n\n" + _paths(update.conflicts)
        )
    parts += [f"## {name}\n\n{text}" for name, text in _notes(idp, path, proposed.version, version)]
    if update.edited:
        parts.append("Changed here by hand, and kept:\n\n" + _paths(update.edited))
    return "\n\n".join(parts)[: MOST_NOTES * 2]


def _notes(idp: Idp, path: GoldenPath, since: str, until: str) -> list[tuple[str, str]]:
    with idp.database.reading() as store:
        known = list(templates.versions(store).get(path.id, ()))
    names = [each.name for each in known]
    if until not in names:
        return []
    first = names.index(since) + 1 if since in names else names.index(until)
    between = known[first : names.index(until) + 1]
    return [(each.name, each.notes[:MOST_NOTES] or "No notes.") for each in between]


def _paths(paths: tuple[str, ...]) -> str:
    shown = [f"- `{path}`" for path in paths[:MOST_PATHS]]
    return "\n".join([*shown, *([f"- and {len(paths) - MOST_PATHS} more"] if len(paths) > MOST_PATHS else [])])
