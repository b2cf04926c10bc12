"""Development workspaces in Coder, made by one service account for the people whom the policy lets."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from data.errors import Invalid, NotFound
from data.http.answers import understood
from data.integrations.workspaces import coder_reading
from data.integrations.workspaces.coder_api import CoderApi
from data.integrations.workspaces.editor import Way
from data.ports.workspaces import NewWorkspace, Quota, RemoteWorkspace, Template, Turn

REMEMBERED: Final = timedelta(seconds=60)  # templates and accounts: a form asks for them several times


@dataclass
class CoderWorkspaces:
    """Implements the port `Workspaces`. Safe for many threads."""

    api: CoderApi
    now: Callable[[], datetime]
    url: str
    token_env: str = "CODER_TOKEN"  # noqa: S105  # the name of the variable, not the token
    way: Way = "redirect"
    name: str = "Coder"
    key: str = "coder"
    launches: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: dict[tuple[str, str], tuple[datetime, Any]] = field(default_factory=dict)
    _emails: dict[str, str] = field(default_factory=dict)  # of accounts, by their ids

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")

    @property
    def acts_as(self) -> str:
        """See the port."""
        return f"Coder's service account (the token in {self.token_env})"

    def launch_url(self, repository: str) -> str:  # noqa: ARG002  # the port's signature
        """Nobody has to launch by themselves here."""
        return ""

    def templates(self) -> Sequence[Template]:
        """See the port."""
        with _reading():
            return [coder_reading.template(one) for one in self._once("templates", "", self.api.templates)]

    def template(self, name: str) -> Template:
        """See the port."""
        return self._once("template", name, lambda: self._template(name))  # type: ignore[no-any-return]  # it is one

    def _template(self, name: str) -> Template:
        found = self.api.template(name)
        with _reading():
            version = str(found["active_version_id"])
            return coder_reading.template(found, self.api.parameters(version), self.api.presets(version))

    def quota(self, owner: str) -> Quota | None:
        """See the port. A budget of nothing is a licence without quotas."""
        said = self.api.quota(self._login(owner))
        with _reading():
            budget = int(said["budget"])
            return Quota(int(said["credits_consumed"]), budget) if budget > 0 else None

    def find(self, owner: str, name: str) -> RemoteWorkspace | None:
        """See the port."""
        try:
            return self._read(self.api.named(self._login(owner), name))
        except (NotFound, NoAccount):
            return None

    def create(self, new: NewWorkspace) -> RemoteWorkspace:
        """See the port. Raises Invalid when Coder has no account with the owner's address."""
        with _reading():
            template_id = str(self.api.template(new.template)["id"])
        values = [{"name": name, "value": value} for name, value in new.values.items()]
        body: dict[str, Any] = {
            "name": new.name,
            "template_id": template_id,
            "rich_parameter_values": values,
            "automatic_updates": "never",
        }
        body |= {"ttl_ms": new.life * 1000} if new.life else {}
        body |= {"template_version_preset_id": new.preset} if new.preset else {}
        made = self._read(self.api.create(self._login(new.owner), body))
        if made is None:
            raise NotFound("The workspace was deleted at once.")
        return made

    def get(self, id: str) -> RemoteWorkspace | None:
        """See the port."""
        try:
            return self._read(self.api.workspace(id))
        except NotFound:
            return None

    def list(self) -> Sequence[RemoteWorkspace]:
        """See the port."""
        there = list(self.api.workspaces())
        with _reading():
            if any(str(one["owner_id"]) not in self._emails for one in there):
                self._emails = {str(user["id"]): _address(user) for user in self.api.users()}
        return [one for found in there if (one := self._read(found)) is not None]

    def turn(self, id: str, turn: Turn) -> None:
        """See the port."""
        self.api.build(id, turn)

    def cancel(self, id: str) -> None:
        """See the port."""
        self.api.cancel(self._build(id))

    def extend(self, id: str, until: datetime) -> None:
        """See the port."""
        self.api.extend(id, until.astimezone(UTC).isoformat().replace("+00:00", "Z"))

    def log(self, id: str, lines: int) -> Sequence[str]:
        """See the port."""
        said = self.api.logs(self._build(id))
        with _reading():
            outputs = [str(one.get("output") or "").rstrip() for one in said]
        return [line for line in outputs if line][-lines:]

    def check(self) -> str:
        """Who the token is, for `idp doctor`."""
        with _reading():
            return str(self.api.me()["username"])

    def close(self) -> None:
        """See the port."""
        self.api.close()

    def _build(self, id: str) -> str:
        found = self.api.workspace(id)
        with _reading():
            return str(found["latest_build"]["id"])

    def _read(self, found: Mapping[str, Any]) -> RemoteWorkspace | None:
        with _reading():
            email, me = self._email(str(found["owner_id"])), self._me()
            return coder_reading.workspace(found, email, me, self.url, self.way)

    def _email(self, id: str) -> str:
        if id not in self._emails:
            self._emails |= {str(user["id"]): _address(user) for user in self.api.users()}
        return self._emails.setdefault(id, "")

    def _me(self) -> str:
        return str(self._once("me", "", self.api.me)["id"])

    def _login(self, email: str) -> str:
        """The login of the active account with this address, found by exact match."""

        def ask() -> str:
            for user in self.api.users(email):
                if _address(user) == email.casefold() and user.get("status") != "suspended":
                    return str(user["username"])
            raise NoAccount(
                f"Coder has no account with the address {email}.", "Sign in to Coder once, then try again."
            )

        with _reading():
            return str(self._once("login", email, ask))

    def _once(self, kind: str, name: str, ask: Callable[[], Any]) -> Any:
        """Ask at most once in a while."""
        with self._lock:
            known = self._known.get((kind, name))
        if known and known[0] <= self.now() < known[0] + REMEMBERED:
            return known[1]
        found = ask()
        with self._lock:
            self._known[(kind, name)] = (self.now(), found)
        return found


class NoAccount(Invalid):
    """Coder does not know the person."""


def _address(user: Mapping[str, Any]) -> str:
    return str(user.get("email") or "").casefold()


@contextmanager
def _reading() -> Iterator[None]:
    """An answer without the described shape is Coder's trouble, not a bug."""
    with understood("Coder"):
        yield
