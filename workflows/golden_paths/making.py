"""The steps of a run that makes a new service. Each looks before it makes, because it may be the second time.

What a step makes carries the marker of the run, so that the next try finds it, and so that nothing of others is
ever taken for ours.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from data.catalog.sources.made import NAME as MADE_HERE
from data.catalog.sources.made import MadeSource
from data.catalog.syncing.sync import sync
from data.errors import Conflict, Invalid, NotFound, Unavailable
from data.golden_paths.ci_checks import checks_for
from data.ports.golden_paths import Pinned, Rendered
from data.ports.repo_host import Change, Proposal, Repo
from data.store import made
from data.store.made import MadeService
from workflows.action import Retry, Step, Work
from workflows.golden_paths.checks import entity_in, stopped, workflows_in
from workflows.golden_paths.looking import looked, pinned_of, rendered_into
from workflows.journal import channel_key, show
from workflows.telling.places import channel_of, platform_channel

OUTAGE: Final = Retry(tries=13, first=2.0, most=120.0)  # a host that is down for ten minutes is waited for
Facts = dict[str, Any]


def _folder(work: Work) -> Path:
    return work.idp.runs / f"{work.request.id}-{work.marker}"


def pinned(work: Work) -> Pinned:
    """The state that was previewed; where nobody saw one, the state that the first step has rendered."""
    commit = work.request.parameters.get("commit") or work.results.get("render", {}).get("commit")
    return pinned_of(work.idp, {**work.request.parameters, "commit": commit})


def rendered(work: Work) -> Rendered:
    """The files of this run, made anew by each step that needs them: another replica may have had the last one."""
    return rendered_into(work.idp, pinned(work), work.request.parameters, _folder(work))


def _render(work: Work) -> Facts:
    idp, values = work.idp, work.request.parameters
    made_of = rendered(work)
    seen = looked(pinned(work), made_of, idp.catalog.snapshot, values)
    refused = stopped(list(seen.checks))
    if refused:
        raise Invalid(refused)
    return {
        "files": len(made_of.files),
        "bytes": made_of.size,
        "version": made_of.version,
        "commit": made_of.commit,
    }


def _clear(work: Work) -> None:
    shutil.rmtree(_folder(work), ignore_errors=True)


def _name(work: Work) -> str:
    return str(work.request.parameters["name"])


def _create(work: Work) -> Facts:
    host, name = work.idp.repo_host, _name(work)
    repo = host.create(name, work.marker, str(work.request.parameters["description"]))
    links = [["Repository", repo.url], ["CI", f"{repo.url}/actions"]] if repo.url else []
    return {"id": repo.id, "repository": repo.name, "url": repo.url, "branch": repo.branch, "links": links}


def repo_of(work: Work) -> Repo:
    """The repository of this run. Raises Conflict when another one has its name now."""
    facts = work.results["create"]
    found = work.idp.repo_host.find(str(facts["repository"]))
    if found is None:
        raise NotFound(f"The repository {facts['repository']} is gone.", "Undo what was made, and begin anew.")
    if found.id != facts["id"]:
        raise Conflict(f"The repository {found.name} is another one now.", "It is left alone.")
    return found


def _remove_repository(work: Work) -> None:
    found = work.idp.repo_host.find(_name(work))
    if found is not None and found.mark == work.marker:
        work.idp.repo_host.remove(found, work.marker)


def _commit(work: Work) -> Facts:
    parameters = work.request.parameters
    made_of = rendered(work)
    message = f"Create {_name(work)} from {parameters['path']} {made_of.version}"
    commit = work.idp.repo_host.first_commit(repo_of(work), work.marker, made_of.folder, message)
    return {"commit": commit}


def _allow(work: Work) -> Facts:
    owner = str(work.request.parameters["owner"])
    team = team_at_host(work, owner)
    work.idp.repo_host.allow(repo_of(work), team)
    return {"team": team}


def team_at_host(work: Work, owner: str) -> str:
    """The name of the owning group at the host: as it states itself, else its own name."""
    entity = work.idp.catalog.snapshot.get(owner)
    stated = entity.details().get("annotations", {}).get("github.com/team-slug", "") if entity else ""
    return str(stated).rpartition("/")[2] or owner.rpartition("/")[2]


def _protect(work: Work) -> Facts:
    """What the project's own CI checks is what its pull requests wait for, beside the review."""
    repo = repo_of(work)
    required = checks_for(workflows_in(rendered(work)), repo.branch)
    work.idp.repo_host.protect(repo, required)
    return {"checks": required}


def branch_of(work: Work) -> str:
    """The branch of the pull request with the manifests."""
    return f"idp/{work.request.id}-{work.marker}"


def _propose(work: Work) -> Facts:
    """The manifests, to where a GitOps controller reads them."""
    gitops = work.idp.gitops
    if gitops is None:
        return {"left out": "no GitOps repository is configured"}
    changes = _manifests(work, gitops.folder.replace("{name}", _name(work)))
    if not changes:
        return {"left out": "the template makes no manifests"}
    title = f"Deploy {_name(work)}"
    body = f"Manifests of {_name(work)}, made by request #{work.request.id}."
    found = work.idp.repo_host.open_pull_request(
        gitops.repository, Proposal(branch_of(work), title, body, changes)
    )
    return {"number": found.number, "links": [["Deployment pull request", found.url]] if found.url else []}


def _manifests(work: Work, into: str) -> dict[str, Change | None]:
    made_of = rendered(work)
    below = f"{pinned(work).path.manifests.strip('/')}/"
    return {
        f"{into.strip('/')}/{one.path.removeprefix(below)}": Change(made_of.read(one.path) or b"", one.executable)
        for one in made_of.files
        if one.path.startswith(below) and not one.link
    }


def _withdraw(work: Work) -> None:
    if work.idp.gitops is not None:
        work.idp.repo_host.withdraw(work.idp.gitops.repository, branch_of(work))


def _register(work: Work) -> Facts:
    """The catalog knows it now; when its repository is synced, that is what counts."""
    idp, made_of = work.idp, rendered(work)
    entity = entity_in(made_of)
    with idp.database.store() as store:
        made.put(store, _made(work, made_of, entity.ref, entity.text))
    _sync(work)
    return {"ref": entity.ref, "links": links_of(work, entity.links), "ask": f"workspace {_name(work)}"}


def _made(work: Work, made_of: Rendered, ref: str, text: str) -> MadeService:
    facts = work.results["create"]
    return MadeService(
        request=work.request.id,
        ref=ref,
        repository=str(facts["repository"]),
        url=str(facts["url"]),
        path=str(work.request.parameters["path"]),
        version=made_of.version,
        commit=made_of.commit,
        content=text,
        made_at=work.idp.now(),
    )


def _sync(work: Work) -> None:
    idp = work.idp
    names = [source.name for source in idp.sources]
    last = names.index(MADE_HERE) if MADE_HERE in names else len(names)
    report = sync(idp.database, MadeSource(idp.database), now=idp.now, precedence=last, allow_removals=True)
    if report.error:
        raise Unavailable(report.error)
    idp.catalog.refresh()


def _forget(work: Work) -> None:
    with work.idp.database.store() as store:
        made.remove(store, work.request.id)
    _sync(work)


def links_of(work: Work, links: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """Where to go from here: what the entity links to, and its documentation."""
    url, branch = str(work.results["create"]["url"]), str(work.results["create"]["branch"])
    found = [[one.get("title") or "Link", one["url"]] for one in links]
    docs = [["Docs", f"{url}/blob/{branch}/docs/index.md"]] if url else []
    return [*docs, *found][:8]


def _announce(work: Work) -> Facts:
    """Shown to whom it concerns, and told where the owners are."""
    idp, values = work.idp, work.request.parameters
    idp.repo_host.finish(repo_of(work), str(values["description"]))
    owner = idp.catalog.snapshot.get(str(values["owner"]))
    place = channel_of(owner) or platform_channel(idp, idp.catalog.snapshot)
    text = f"A new service: {_name(work)}, made from {values['path']}. Ask `/idp show {_name(work)}`."
    if place and place != work.request.channel:
        key = f"request:{work.request.id}:announced"
        with idp.database.store() as store:
            show(idp, store, key=key, kind="text", subject=work.request.id, place=place, text=text)
    _clear(work)
    return {"told": place or channel_key(work.request.id)}


STEPS = (
    Step("render", "Render the template", _render, undo=_clear),
    Step("create", "Create the repository, private", _create, undo=_remove_repository, retry=OUTAGE),
    Step("commit", "Make the first commit", _commit, retry=OUTAGE),
    Step("team", "Give the team its rights", _allow, retry=OUTAGE),
    Step("protect", "Protect the default branch", _protect, retry=OUTAGE),
    Step("gitops", "Propose the deployment", _propose, undo=_withdraw, retry=OUTAGE),
    Step("register", "Register it in the catalog", _register, undo=_forget),
    Step("announce", "Open it up and announce it", _announce, undo=_clear, retry=OUTAGE),
)
