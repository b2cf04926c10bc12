"""The codespaces of an organisation on GitHub, with a memory."""

from typing import Any

from tests.fakes.api import Answer, Call, FakeApi

SINCE = "2026-03-02T08:00:00Z"
HOST = "https://github.example"


class FakeCodespaces(FakeApi):
    """Whatever it knows is stopped or deleted at once."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, dict[str, Any]] = {}

    def put(self, name: str, login: str, repository: str, state: str = "Available") -> None:
        url = f"{HOST}/user/codespaces/{name}"
        self.known[name] = {
            "id": len(self.known) + 1, "name": name, "display_name": None, "environment_id": None,
            "owner": _user(login), "billable_owner": _user("acme"), "repository": _repository(repository),
            "machine": None, "prebuild": False, "created_at": SINCE, "updated_at": SINCE, "last_used_at": SINCE,
            "state": state, "url": url, "git_status": {"ahead": 0}, "location": "WestEurope",
            "idle_timeout_minutes": 60, "web_url": f"https://{name}.github.dev", "machines_url": url,
            "start_url": url, "stop_url": url, "pulls_url": None, "recent_folders": [],
        }  # fmt: skip

    def respond(self, call: Call) -> Answer:
        parts = call.path.strip("/").split("/")
        if parts[2:] == ["codespaces"]:
            page, size = int(call.one("page", "1")), int(call.one("per_page", "30"))
            found = list(self.known.values())
            return Answer(200, {"total_count": len(found), "codespaces": found[(page - 1) * size : page * size]})
        one = self.known.get(parts[5])
        if one is None or one["owner"]["login"] != parts[3]:
            return Answer(404, {"message": "Not Found"})
        if call.method == "DELETE":
            del self.known[parts[5]]
            return Answer(202, {})
        one["state"] = "Shutdown"
        return Answer(200, one)


PAGES = (
    "avatar",
    "events",
    "followers",
    "following",
    "gists",
    "html",
    "organizations",
    "received_events",
    "repos",
)


def _user(login: str) -> dict[str, Any]:
    pages = (*PAGES, "starred", "subscriptions")
    return {
        "login": login, "id": 1, "node_id": "x", "gravatar_id": None, "type": "User", "site_admin": False,
        "url": HOST, **{f"{page}_url": HOST for page in pages},
    }  # fmt: skip


def _repository(full_name: str) -> dict[str, Any]:
    owner, _, name = full_name.partition("/")
    urls = ("archive_url", "assignees_url", "blobs_url", "branches_url", "collaborators_url", "comments_url",
            "commits_url", "compare_url", "contents_url", "contributors_url", "deployments_url", "downloads_url",
            "events_url", "forks_url", "git_commits_url", "git_refs_url", "git_tags_url", "hooks_url", "html_url",
            "issue_comment_url", "issue_events_url", "issues_url", "keys_url", "labels_url", "languages_url",
            "merges_url", "milestones_url", "notifications_url", "pulls_url", "releases_url", "stargazers_url",
            "statuses_url", "subscribers_url", "subscription_url", "tags_url", "teams_url", "trees_url",
            "url")  # fmt: skip
    return {
        "id": 2, "node_id": "y", "name": name, "full_name": full_name, "owner": _user(owner), "private": True,
        "description": None, "fork": False, **dict.fromkeys(urls, HOST),
    }  # fmt: skip
