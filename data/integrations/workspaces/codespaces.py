"""GitHub Codespaces of an organisation: listed, stopped and deleted with the organisation's token.

Facts: GitHub's OpenAPI description. Creating and starting need the user's own token, so people do that by a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NoReturn
from urllib.parse import quote

from data.errors import Invalid, NotFound, Unavailable
from data.http.answers import understood
from data.http.api import Api, Limits
from data.integrations.workspaces.editor import Way, in_vscode
from data.ports.workspaces import NewWorkspace, Quota, RemoteState, RemoteWorkspace, Template, Turn

LAUNCH: Final = "https://codespaces.new"
PAGE: Final = 100
PAGES: Final = 100
STATES: Final[Mapping[str, RemoteState]] = {
    "Created": "pending",
    "Queued": "pending",
    "Provisioning": "starting",
    "Awaiting": "starting",
    "Starting": "starting",
    "Updating": "starting",
    "Rebuilding": "starting",
    "Exporting": "starting",
    "Available": "running",
    "ShuttingDown": "stopping",
    "Shutdown": "stopped",
    "Archived": "stopped",
    "Moved": "stopped",
    "Unavailable": "failed",
    "Failed": "failed",
    "Unknown": "failed",
}


def connect(url: str, token: str, seconds: float = 8.0) -> Api:
    """A client for GitHub; nothing is tried again here, the work that calls does that."""
    headers = {"authorization": f"Bearer {token}", "accept": "application/vnd.github+json"}
    headers |= {"x-github-api-version": "2022-11-28"}
    return Api(url, headers, Limits(step=seconds, whole=2 * seconds, tries=1))


@dataclass
class Codespaces:
    """Implements the port `Workspaces`. Owners are logins: GitHub tells no addresses."""

    api: Api
    org: str
    token_env: str = "GITHUB_TOKEN"  # noqa: S105  # the name of the variable, not the token
    way: Way = "redirect"
    name: str = "Codespaces"
    key: str = "codespaces"
    launches: bool = False

    @property
    def acts_as(self) -> str:
        """See the port."""
        return f"the organisation {self.org} on GitHub (the token in {self.token_env})"

    def launch_url(self, repository: str) -> str:
        """Where a person launches one with their own account."""
        owner, _, name = repository.partition("/")
        return f"{LAUNCH}/{quote(owner)}/{quote(name)}" if owner.lower() == self.org.lower() and name else ""

    def templates(self) -> Sequence[Template]:
        """Repositories are the templates here."""
        return ()

    def template(self, name: str) -> Template:
        """See the port."""
        raise NotFound(f"Codespaces have no template {name}: they are made for a repository.")

    def quota(self, owner: str) -> Quota | None:  # noqa: ARG002  # the port's signature
        """GitHub's budgets are the organisation's, not a person's."""
        return None

    def find(self, owner: str, name: str) -> RemoteWorkspace | None:
        """By name, in whatever case."""
        return next((one for one in self.list() if (one.owner, one.name.lower()) == (owner, name.lower())), None)

    def create(self, new: NewWorkspace) -> RemoteWorkspace:  # noqa: ARG002  # the port's signature
        """People launch by themselves."""
        _theirs("launch")

    def get(self, id: str) -> RemoteWorkspace | None:
        """There is no call for one of somebody else's: the list has it."""
        return next((one for one in self.list() if one.id == id), None)

    def list(self) -> Sequence[RemoteWorkspace]:
        """All of the organisation."""
        found: list[RemoteWorkspace] = []
        for page in range(1, PAGES + 1):
            asked = {"per_page": PAGE, "page": page}
            answer = self.api.json("GET", f"/orgs/{quote(self.org)}/codespaces", params=asked)
            with understood("GitHub"):
                some = answer["codespaces"]
                found += [self._read(one) for one in some if one["state"] != "Deleted"]
                if len(some) < PAGE:
                    return found
        raise Unavailable(f"GitHub has more than {PAGE * PAGES:,} codespaces.")

    def turn(self, id: str, turn: Turn) -> None:
        """Stop or delete; starting needs the owner."""
        if turn == "start":
            _theirs("start")
        login = self._login(id)
        where = f"/orgs/{quote(self.org)}/members/{quote(login)}/codespaces/{quote(id)}"
        if turn == "stop":
            self.api.call("POST", f"{where}/stop")
        else:
            self.api.call("DELETE", where)

    def cancel(self, id: str) -> None:  # noqa: ARG002  # the port's signature
        """GitHub breaks nothing off."""
        raise Invalid("A codespace's build cannot be broken off.")

    def extend(self, id: str, until: datetime) -> None:  # noqa: ARG002  # the port's signature
        """It stops when nobody has used it for a while."""
        raise Invalid("A codespace stops when nobody uses it; it has no end to extend.")

    def log(self, id: str, lines: int) -> Sequence[str]:  # noqa: ARG002  # the port's signature
        """GitHub tells the owner only."""
        return ()

    def check(self) -> str:
        """How many there are, for `idp doctor`."""
        return f"{len(self.list())} codespaces of {self.org}"

    def close(self) -> None:
        """See the port."""
        self.api.close()

    def _login(self, id: str) -> str:
        found = self.get(id)
        if found is None:
            raise NotFound("This codespace is gone.")
        return found.login

    def _read(self, one: Mapping[str, Any]) -> RemoteWorkspace:
        login, state = str(one["owner"]["login"]), STATES.get(str(one["state"]), "failed")
        return RemoteWorkspace(
            id=str(one["name"]),
            name=str(one.get("display_name") or one["name"]),
            owner=login,
            template=str(one.get("devcontainer_path") or "devcontainer"),
            state=state,
            created_at=datetime.fromisoformat(str(one["created_at"])).astimezone(UTC),
            error=f"GitHub says: {one['state']}." if state == "failed" else "",
            web_url=str(one["web_url"]),
            editor_url=in_vscode("github.codespaces/connect", self.way, name=str(one["name"])),
            repository=str(one["repository"]["full_name"]),
            login=login,
        )


def _theirs(deed: str) -> NoReturn:
    raise Invalid(f"GitHub lets only the owner {deed} a codespace.", "Open it in the browser.")
