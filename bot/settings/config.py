"""The settings: environment and idp.yaml, read once, frozen, with every fault at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.settings.fault import BadConfiguration, ConfigFault
from bot.settings.idp_yaml import IdpYaml, read_idp_yaml

SLACK_API: Final = "https://slack.com/api/"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
BOT_TOKENS: Final = ("xoxb-", "xoxe.xoxb-")  # the second where they are rotated; a user's would half work
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment and idp.yaml say. Secrets are not part of its repr."""

    config: IdpYaml
    config_path: Path
    database_url: str = field(repr=False)
    bot_token: str = field(repr=False, default="")
    signing_secret: str = field(repr=False, default="")
    app_token: str = field(repr=False, default="")
    api_url: str = SLACK_API
    host: str = "127.0.0.1"
    port: int = 3000
    log_level: str = "INFO"

    @property
    def socket_mode(self) -> bool:
        """With an app-level token Slack is spoken to over a WebSocket, without a public address."""
        return bool(self.app_token)

    @property
    def cache(self) -> Path:
        """Where fetched repositories are kept: beside the SQLite file, else in var/ of the working folder."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///")).absolute().parent / "git"
        return Path("var/git").absolute()

    def beside_config(self, path: str) -> Path:
        """A path of idp.yaml, which is relative to the file."""
        return (self.config_path.parent / Path(path).expanduser()).absolute()


def load(environ: Mapping[str, str], *, slack: bool) -> Settings:
    """Read everything. Raises BadConfiguration with all faults; `slack` says whether its tokens are needed."""
    path = Path(environ.get("IDP_CONFIG") or "idp.yaml")
    config, faults = read_idp_yaml(path)
    reader = _Reader(environ, faults)
    settings = {
        "database_url": reader.read("IDP_DATABASE_URL", _database_url, "sqlite:///var/idp.db"),
        "bot_token": reader.secret(
            "SLACK_BOT_TOKEN", "xoxb-… from OAuth & Permissions in the app's settings", slack, BOT_TOKENS
        ),
        "app_token": reader.read("SLACK_APP_TOKEN", _app_token, ""),
        "signing_secret": reader.secret(
            "SLACK_SIGNING_SECRET",
            "the Signing Secret from Basic Information in the app's settings, or SLACK_APP_TOKEN for Socket Mode",
            slack and not environ.get("SLACK_APP_TOKEN"),
        ),
        "api_url": reader.read("SLACK_API_URL", _api_url, SLACK_API),
        "host": reader.read("HOST", _host, "127.0.0.1"),
        "log_level": reader.read("IDP_LOG_LEVEL", _level, "INFO"),
    }
    port = reader.read("PORT", _port, "3000")
    if config is None or reader.faults:
        raise BadConfiguration(reader.faults)
    return Settings(config=config, config_path=path.absolute(), port=int(port), **settings)


class _Reader:
    """Reads variables of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str], faults: list[ConfigFault]) -> None:
        self._environ = environ
        self.faults = faults

    def read(self, name: str, check: Callable[[str], str], default: str) -> str:
        """The checked value, which is `default` when the variable is missing or empty."""
        value = self._environ.get(name, "").strip()
        if not value:
            return default
        try:
            return check(value)
        except ValueError as error:
            self.faults.append(ConfigFault("environment", 0, f"{name} cannot be used.", str(error)))
            return default

    def secret(self, name: str, where: str, needed: bool, begins: tuple[str, ...] = ("",)) -> str:
        """A secret is never repeated in a fault. `begins`: how those of its kind begin, where that is known."""
        value = self._environ.get(name, "").strip()
        if value and not value.startswith(begins):
            self.faults.append(ConfigFault("environment", 0, f"{name} holds a token of another kind.", where))
        if not value and needed:
            self.faults.append(ConfigFault("environment", 0, f"{name} is not set.", where))
        if not (value.isascii() and value.isprintable()) or " " in value:
            self.faults.append(ConfigFault("environment", 0, f"{name} holds characters that no token has.", where))
        return value


def _database_url(value: str) -> str:
    if value.startswith("postgres://"):  # how some platforms still spell it
        value = "postgresql" + value.removeprefix("postgres")
    if not value.startswith(("sqlite:///", "postgresql://")) or value == "sqlite:///":
        raise ValueError("sqlite:///path/of/file.db or postgresql://user:password@host/name")
    return value


def _app_token(value: str) -> str:
    if not value.startswith("xapp-"):
        raise ValueError("an app-level token, xapp-…, with the scope connections:write")
    return value


def _api_url(value: str) -> str:
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an https address (http only on this machine), since the token is sent there")
    return value if value.endswith("/") else value + "/"


def _host(value: str) -> str:
    if any(c.isspace() or c in "/@" for c in value):
        raise ValueError("a host name or address to listen at, such as 127.0.0.1 or 0.0.0.0")
    return value


def _port(value: str) -> str:
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= 65535):
        raise ValueError("a port from 1 to 65535")
    return value


def _level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise ValueError(f"one of {', '.join(LEVELS)}")
    return value.upper()
