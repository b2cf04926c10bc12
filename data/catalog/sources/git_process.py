"""Running git on repositories that strangers can write to: no prompt, no hook, no filter, no foreign option."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data.catalog.sources.remote import Remote
from data.errors import Unavailable

MAX_SECONDS = 180
MAX_BYTES = 2 << 30  # of one file that git writes, such as a pack

_KEPT = ("PATH", "HOME", "SSH_AUTH_SOCK", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE")
_FIXED = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15 -oClearAllForwardings=yes",
    "LC_ALL": "C",
}
_CONFIG = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "credential.helper": "",
    "fetch.unpackLimit": "1",  # one pack, so that the size limit of one file holds for all of it
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "transfer.bundleURI": "false",
}


@dataclass(frozen=True, slots=True)
class Git:
    """The git program on one bare repository of ours, for one remote."""

    folder: Path
    remote: Remote

    def environment(self) -> dict[str, str]:
        """A clean environment; settings and the credential go here, where no other user and no log sees them."""
        config = _CONFIG | {f"protocol.{self.remote.transport}.allow": "always"}
        if self.remote.header:
            config[f"http.{self.remote.address}.extraHeader"] = self.remote.header
        numbered: dict[str, str] = {"GIT_CONFIG_COUNT": str(len(config)), "GIT_DIR": str(self.folder)}
        for number, (key, value) in enumerate(config.items()):
            numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return {key: os.environ[key] for key in _KEPT if key in os.environ} | _FIXED | numbered

    def command(self, arguments: Sequence[str]) -> list[str]:
        """git with a limit on the size of what it writes (in blocks of 512 bytes)."""
        return ["sh", "-c", 'ulimit -f "$0" && exec git "$@"', str(MAX_BYTES // 512), *arguments]

    def run(self, *arguments: str, seconds: float = MAX_SECONDS) -> bytes:
        """Run git to its end; gives its output. Raises Unavailable with git's own reason."""
        with self.start(arguments, stderr=subprocess.PIPE) as process:
            try:
                output, errors = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                stop(process)
                raise Unavailable(f"git took longer than {seconds:.0f} s and was stopped.") from error
        if process.returncode != 0:
            raise Unavailable("The repository cannot be read.", self.reason(errors))
        return output

    def start(self, arguments: Sequence[str], stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start git in a process group of its own, so that its helpers end with it."""
        try:
            return subprocess.Popen(  # noqa: S603  # no shell reads the arguments; git sees them after its options
                self.command(arguments),
                env=self.environment(),
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        except OSError as error:
            raise Unavailable("git cannot be started.", str(error)) from error

    def reason(self, errors: bytes) -> str:
        """The last thing git said, on one line, without the credential."""
        lines = [line for line in errors.decode(errors="replace").splitlines() if line.strip()] or [""]
        fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
        said = (fatal or lines)[-1]
        for secret in filter(None, (self.remote.credential, self.remote.credential.partition(":")[2])):
            said = said.replace(secret, "***")
        return said[:300]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process with all its helpers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
