"""A GitHub with a memory, as far as one makes repositories there: repositories, Git objects, pull requests, teams.

Whole answers are built on the examples of the published description, so that they can be held to it.
"""

import copy
import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.fakes.api import Answer, Call, FakeApi
from tests.fakes.kept_repo import Json, KeptRepo
from tests.fakes.spec import Spec

OTHERS = {"source", "parent", "template_repository", "requested_teams"}
ROUTES = [
    ("GET", r"/repos/acme/([^/]+)", "repository"),
    ("PATCH", r"/repos/acme/([^/]+)", "change"),
    ("DELETE", r"/repos/acme/([^/]+)", "delete"),
    ("GET", r"/orgs/acme/repos", "listed"),
    ("POST", r"/orgs/acme/repos", "create"),
    ("PUT", r"/orgs/acme/teams/([^/]+)/repos/acme/([^/]+)", "allow"),
    ("PUT", r"/repos/acme/([^/]+)/branches/([^/]+)/protection", "protect"),
    ("GET", r"/repos/acme/([^/]+)/git/ref/([^/]+)", "ref"),
    ("POST", r"/repos/acme/([^/]+)/git/refs", "new_ref"),
    ("PATCH", r"/repos/acme/([^/]+)/git/refs/([^/]+)", "move_ref"),
    ("DELETE", r"/repos/acme/([^/]+)/git/refs/([^/]+)", "delete_ref"),
    ("POST", r"/repos/acme/([^/]+)/git/blobs", "blob"),
    ("POST", r"/repos/acme/([^/]+)/git/trees", "tree"),
    ("GET", r"/repos/acme/([^/]+)/git/trees/([^/]+)", "read_tree"),
    ("POST", r"/repos/acme/([^/]+)/git/commits", "commit"),
    ("GET", r"/repos/acme/([^/]+)/git/commits/([^/]+)", "read_commit"),
    ("GET", r"/repos/acme/([^/]+)/contents/(.+)", "content"),
    ("GET", r"/repos/acme/([^/]+)/pulls", "pulls"),
    ("POST", r"/repos/acme/([^/]+)/pulls", "pull"),
    ("PATCH", r"/repos/acme/([^/]+)/pulls/([^/]+)", "change_pull"),
]


class FakeGitHubHost(FakeApi):
    """One organisation, acme. `token` is the only one that counts; `teams` are those that it has."""

    # What GitHub says of teams and repositories that it does not know, and of a token that has ended.
    beyond = (
        r"the status 404 is not described for (PUT /orgs/|GET /repos/[^/]+/[^/]+/pulls)",
        "the status 401 is not described",
    )

    def judged(self, call: Call) -> Answer:
        """Files come as they are, which the description does not describe."""
        if "/contents/" not in call.target:
            return super().judged(call)
        answer = self.respond(call)
        self.answered.append((call, answer))
        return answer

    def __init__(self, file: Path | None = None, token: str = "gh-canary-token") -> None:
        super().__init__(Spec(file) if file else None)
        self._document: Json = json.loads(file.read_bytes()) if file else {}
        self.token = token
        self.teams = {"payments"}
        self.repos: dict[str, KeptRepo] = {}
        self._ids = itertools.count(1000)

    def add(self, name: str, description: str = "", message: str = "Initial commit", **files: str) -> KeptRepo:
        """A repository with one commit, of a README.md unless `files` are given."""
        repo = KeptRepo(next(self._ids), name, description)
        self.repos[name.lower()] = repo
        texts = files or {"README.md": f"# {name}\n"}
        tree = self._keep_tree(repo, {path: ("100644", text.encode()) for path, text in texts.items()})
        repo.refs["heads/main"] = self._keep_commit(repo, message, tree, [])
        return repo

    def push(self, repo: KeptRepo, message: str) -> None:
        """A commit of somebody else on top, which changes nothing."""
        head = repo.refs["heads/main"]
        repo.refs["heads/main"] = self._keep_commit(repo, message, repo.commits[head]["tree"], [head])

    def respond(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        path = urlsplit(call.target).path
        for method, pattern, name in ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == call.method:
                return self._routed(name, call, [unquote(part) for part in match.groups()])
        return _missing()

    def _routed(self, name: str, call: Call, parts: list[str]) -> Answer:
        if name in {"create", "listed"}:
            return getattr(self, f"_{name}")(call)  # type: ignore[no-any-return]
        repo = self.repos.get(parts[-1 if name == "allow" else 0].lower())
        if repo is None:
            return _missing()
        rest = parts[:-1] if name == "allow" else parts[1:]
        return getattr(self, f"_{name}")(repo, call, *rest)  # type: ignore[no-any-return]

    def _listed(self, _call: Call) -> Answer:
        return Answer(200, [])

    def _create(self, call: Call) -> Answer:
        name = str(call.json["name"])
        if name.lower() in self.repos:
            errors = [{"resource": "Repository", "field": "name", "code": "custom",
                       "message": "name already exists on this account"}]  # fmt: skip
            return Answer(
                422, {"message": "Repository creation failed.", "errors": errors, "documentation_url": "x"}
            )
        repo = self.add(name, str(call.json.get("description", "")))
        repo.private = bool(call.json.get("private"))
        return Answer(201, self._told(repo))

    def _repository(self, repo: KeptRepo, _call: Call) -> Answer:
        return Answer(200, self._told(repo))

    def _change(self, repo: KeptRepo, call: Call) -> Answer:
        repo.description = call.json.get("description", repo.description)
        repo.private = call.json.get("visibility", "private" if repo.private else "public") == "private"
        return Answer(200, self._told(repo))

    def _delete(self, repo: KeptRepo, _call: Call) -> Answer:
        del self.repos[repo.name.lower()]
        return Answer(204)

    def _allow(self, repo: KeptRepo, call: Call, team: str) -> Answer:
        if team not in self.teams:
            return _missing()
        repo.teams[team] = call.json["permission"]
        return Answer(204)

    def _protect(self, repo: KeptRepo, call: Call, _branch: str) -> Answer:
        repo.protection = call.json
        return Answer(200, self._example("/repos/{owner}/{repo}/branches/{branch}/protection", "put", "200"))

    def _ref(self, repo: KeptRepo, _call: Call, ref: str) -> Answer:
        return Answer(200, self._told_ref(repo, ref)) if ref in repo.refs else _missing()

    def _new_ref(self, repo: KeptRepo, call: Call) -> Answer:
        ref = call.json["ref"].removeprefix("refs/")
        if ref in repo.refs:
            return _invalid("Reference already exists")
        repo.refs[ref] = call.json["sha"]
        return Answer(201, self._told_ref(repo, ref))

    def _move_ref(self, repo: KeptRepo, call: Call, ref: str) -> Answer:
        before = repo.commits[call.json["sha"]]["parents"]
        if not call.json.get("force") and repo.refs[ref] not in before:
            return _invalid("Update is not a fast forward")
        repo.refs[ref] = call.json["sha"]
        return Answer(200, self._told_ref(repo, ref))

    def _delete_ref(self, repo: KeptRepo, _call: Call, ref: str) -> Answer:
        return Answer(204) if repo.refs.pop(ref, "") else _invalid("Reference does not exist")

    def _blob(self, repo: KeptRepo, call: Call) -> Answer:
        import base64

        content = base64.b64decode(call.json["content"])
        sha = hashlib.sha1(content).hexdigest()
        repo.blobs[sha] = content
        return Answer(201, {"url": f"https://api.github.com/repos/acme/{repo.name}/git/blobs/{sha}", "sha": sha})

    def _tree(self, repo: KeptRepo, call: Call) -> Answer:
        files = dict(repo.trees.get(call.json.get("base_tree", ""), {}))
        for node in call.json["tree"]:
            if node.get("sha", "") is None:
                files.pop(node["path"], None)
                continue
            content = repo.blobs[node["sha"]] if "sha" in node else node["content"].encode()
            files[node["path"]] = (node["mode"], content)
        return Answer(201, self._told_tree(repo, self._keep_tree(repo, files)))

    def _read_tree(self, repo: KeptRepo, _call: Call, sha: str) -> Answer:
        return Answer(200, self._told_tree(repo, sha)) if sha in repo.trees else _missing()

    def _commit(self, repo: KeptRepo, call: Call) -> Answer:
        sha = self._keep_commit(repo, call.json["message"], call.json["tree"], call.json.get("parents", []))
        return Answer(201, self._told_commit(repo, sha))

    def _read_commit(self, repo: KeptRepo, _call: Call, sha: str) -> Answer:
        return Answer(200, self._told_commit(repo, sha)) if sha in repo.commits else _missing()

    def _content(self, repo: KeptRepo, call: Call, path: str) -> Answer:
        found = repo.trees[repo.commits[call.one("ref")]["tree"]].get(path)
        return Answer(200, content=found[1]) if found else _missing()

    def _pulls(self, repo: KeptRepo, call: Call) -> Answer:
        head = call.one("head").partition(":")[2]
        return Answer(200, [one for one in repo.pulls if one["head"]["ref"] == head])

    def _pull(self, repo: KeptRepo, call: Call) -> Answer:
        if any(one["head"]["ref"] == call.json["head"] and one["state"] == "open" for one in repo.pulls):
            return _invalid("A pull request already exists")
        number = len(repo.pulls) + 1
        url = f"https://github.com/acme/{repo.name}/pull/{number}"
        pull = self._example("/repos/{owner}/{repo}/pulls", "post", "201") | {
            "number": number, "html_url": url, "state": "open", "title": call.json["title"], "merged_at": None,
            "body": call.json.get("body"),
        }  # fmt: skip
        pull["head"] = {**pull.get("head", {}), "ref": call.json["head"]}
        repo.pulls.append(pull)
        return Answer(201, pull)

    def _change_pull(self, repo: KeptRepo, call: Call, number: str) -> Answer:
        pull = repo.pulls[int(number) - 1]
        pull["state"] = call.json["state"]
        return Answer(200, pull)

    def _keep_tree(self, repo: KeptRepo, files: Mapping[str, tuple[str, bytes]]) -> str:
        sha = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()
        repo.trees[sha] = dict(files)
        return sha

    def _keep_commit(self, repo: KeptRepo, message: str, tree: str, parents: list[str]) -> str:
        sha = hashlib.sha1(f"{message}{tree}{parents}{next(self._ids)}".encode()).hexdigest()
        repo.commits[sha] = {"message": message, "tree": tree, "parents": parents}
        return sha

    def _told(self, repo: KeptRepo) -> Json:
        facts = {"id": repo.id, "name": repo.name, "full_name": f"acme/{repo.name}", "default_branch": "main",
                 "description": repo.description, "private": repo.private, "language": None,
                 "html_url": f"https://github.com/acme/{repo.name}"}  # fmt: skip
        return self._example("/repos/{owner}/{repo}", "get", "200") | facts

    def _told_ref(self, repo: KeptRepo, ref: str) -> Json:
        url = f"https://api.github.com/repos/acme/{repo.name}/git"
        sha = repo.refs[ref]
        return {"ref": f"refs/{ref}", "node_id": "N", "url": f"{url}/refs/{ref}",
                "object": {"type": "commit", "sha": sha, "url": f"{url}/commits/{sha}"}}  # fmt: skip

    def _told_tree(self, repo: KeptRepo, sha: str) -> Json:
        nodes = [{"path": path, "mode": mode, "type": "blob", "size": len(content),
                  "sha": hashlib.sha1(content).hexdigest(), "url": "https://api.github.com/blob"}
                 for path, (mode, content) in sorted(repo.trees[sha].items())]  # fmt: skip
        return {"sha": sha, "url": "https://api.github.com/tree", "truncated": False, "tree": nodes}

    def _told_commit(self, repo: KeptRepo, sha: str) -> Json:
        commit, page = repo.commits[sha], f"https://github.com/acme/{repo.name}/commit"
        who = {"date": "2026-01-01T00:00:00Z", "name": "idp", "email": "idp@example.com"}
        tree = {"sha": commit["tree"], "url": "https://api.github.com/tree"}
        parents = [
            {"sha": one, "url": f"https://api.github.com/{one}", "html_url": page} for one in commit["parents"]
        ]
        check = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
        return {"sha": sha, "node_id": "N", "url": "https://api.github.com/commit", "html_url": f"{page}/{sha}",
                "author": who, "committer": who, "tree": tree, "message": commit["message"], "parents": parents,
                "verification": check}  # fmt: skip

    def _example(self, path: str, method: str, status: str) -> Json:
        """The description's own example of an answer, empty without a description."""
        if not self._document:
            return {}
        content = self._document["paths"][path][method]["responses"][status]["content"]["application/json"]
        one = next(iter(content["examples"].values()))
        if "$ref" in one:
            one = self._document["components"]["examples"][one["$ref"].rpartition("/")[2]]
        # Of other repositories, told in part only, which the description itself does not allow.
        return {k: copy.deepcopy(v) for k, v in one["value"].items() if k not in OTHERS}


def _missing() -> Answer:
    return Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})


def _invalid(message: str) -> Answer:
    return Answer(422, {"message": message, "documentation_url": "https://docs.github.com/rest"})
