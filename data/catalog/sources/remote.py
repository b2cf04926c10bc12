"""The address of a git repository: what may be given, what is shown, and where its files can be viewed."""

import base64
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from data.errors import Invalid

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_SCP_LIKE = re.compile(
    r"(?:[A-Za-z0-9_][\w.-]*@)?(?P<host>[A-Za-z0-9][A-Za-z0-9._-]*):(?P<path>[^:-].*)", re.ASCII
)
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/@+#-]{0,254}")
_HINT = "Write https://host/team/repo.git, git@host:team/repo.git, ssh://… or the path of a local repository."


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository: transport, the address for git without any credential, and for https the credential apart."""

    transport: str  # "https", "ssh" or "file"
    address: str
    host: str = ""
    path: str = ""
    credential: str = ""

    @property
    def header(self) -> str:
        """The HTTP header that carries the credential, "" without one."""
        token = base64.b64encode(self.credential.encode()).decode()
        return f"Authorization: Basic {token}" if self.credential else ""

    def page(self) -> str:
        """The repository's page, such as https://github.com/acme/shop; "" for one that has none."""
        if self.transport == "file" or not self.host:
            return ""
        return f"https://{self.host}/{self.path.strip('/').removesuffix('.git')}"

    def view(self, ref: str, path: str) -> str:
        """Where a file can be looked at; "" for hosts whose pages are not known."""
        host, page = self.host.partition(":")[0], self.page()
        if not page:
            return ""
        if host == "github.com" or host.startswith("github."):
            return f"{page}/blob/{quote(ref)}/{quote(path)}"
        if host == "gitlab.com" or host.startswith("gitlab."):
            return f"{page}/-/blob/{quote(ref)}/{quote(path)}"
        return f"{page}/src/{quote(ref)}/{quote(path)}" if host == "bitbucket.org" else ""

    def inside(self, url: str, ref: str) -> str | None:
        """The path of a file that a URL of this repository at this ref names, else None."""
        rest = url.partition("#")[0].partition("?")[0].removeprefix(f"{self.page()}/")
        if not self.page() or rest == url:
            return None
        view, found, path = rest.removeprefix("-/").partition(f"/{quote(ref)}/")
        return unquote(path) if found and view in {"blob", "tree", "raw", "edit", "src"} else None


def parse_remote(url: str) -> Remote:
    """Read the URL of a configuration. Raises Invalid, which never repeats it: it may hold a token.

    Other transports are refused, among them http and git, which anybody on the way can change, and git's own
    helpers such as ext::, which run commands.
    """
    if not url or url.startswith("-") or any(ord(c) < 33 or ord(c) == 127 for c in url):
        raise Invalid("The URL of the repository cannot be used.", _HINT)
    if url.startswith(("/", "file:///")):
        return Remote("file", "file://" + url.removeprefix("file://"))
    if "://" in url:
        return _from_url(url)
    match = _SCP_LIKE.fullmatch(url)
    if not match or "::" in url:
        raise Invalid("The URL of the repository cannot be used.", _HINT)
    return Remote("ssh", url, match["host"], match["path"])


def _from_url(url: str) -> Remote:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid("The URL of the repository cannot be used.", _HINT) from None
    if parts.scheme not in {"https", "ssh"}:
        raise Invalid(f"A repository is not read over {parts.scheme!r}.", _HINT)
    if not _HOST.fullmatch(host) or len(parts.path) < 2:
        raise Invalid("The URL of the repository names no host or no path.", _HINT)
    where = f"{host}:{port}" if port else host
    if parts.scheme == "ssh":
        user = f"{parts.username}@" if parts.username and _HOST.fullmatch(parts.username) else ""
        return Remote("ssh", f"ssh://{user}{where}{parts.path}", where, parts.path)
    credential = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else ""
    return Remote("https", f"https://{where}{parts.path}", where, parts.path, credential)


def check_ref(ref: str) -> str:
    """A branch, tag or commit that git cannot take for anything else. Raises Invalid."""
    if not _REF.fullmatch(ref) or ".." in ref or "//" in ref or "@{" in ref or ref.endswith((".lock", "/", ".")):
        raise Invalid("The ref of the repository is not a branch, tag or commit.", "Write ref: main.")
    return ref
