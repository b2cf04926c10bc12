"""`idp lint`: what is wrong in files that people write, for CI: an exit code, and a line for each finding."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.settings.catalog_section import FilesEntry
from bot.settings.idp_yaml import IdpYaml, RotaEntry, read_idp_yaml
from bot.terminal.lint_groups import group_findings
from commands.parts.reply import one_line
from commands.parts.texts.labels import plural
from data.documents import Document, load_documents
from data.lint import Finding, Held, lint_path, lint_rota


def lint_now(paths: Sequence[Path], environ: Mapping[str, str], form: str, *, offline: bool = False) -> int:
    """Print what is found; 0 when nothing of it is an error, 1 when something is.

    Without paths: idp.yaml (or IDP_CONFIG), everything on this machine that it names, and its golden paths, which
    may be elsewhere; `offline` leaves those out.
    """
    held, config = Held(), _config(environ)
    found: list[Finding] = []
    for path in paths or [config]:
        whole = path.name == "idp.yaml" or path == config
        found += _all(path, held, offline=offline) if whole else lint_path(path, held)
    found += group_findings(held)
    errors = sum(each.level == "error" for each in found)
    _show(found, errors, form)
    return 1 if errors else 0


def _config(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("IDP_CONFIG") or "idp.yaml")


def _all(config_path: Path, held: Held, *, offline: bool) -> list[Finding]:
    """The configuration, with its policies and scorecards, and the files that it names."""
    config, faults = read_idp_yaml(config_path)
    if config is None:
        return [Finding(fault.file, fault.line, "error", fault.message, fault.expected) for fault in faults]
    found = _named(config, config_path.parent, held)
    _hold_policies(config, config_path, held)
    if config.golden_paths:  # rendering is for those who have some
        from bot.terminal.lint_golden_paths import golden_path_findings

        found += golden_path_findings(config, config_path, held, offline=offline)
    return found


def _hold_policies(config: IdpYaml, config_path: Path, held: Held) -> None:
    """Wherever they stand; both files have been read without a fault."""
    file = config_path.parent / config.policies if isinstance(config.policies, str) else config_path
    held.policies.extend((file, each) for each in load_documents(file.read_bytes()) if isinstance(each, Document))


def _named(config: IdpYaml, folder: Path, held: Held) -> list[Finding]:
    found: list[Finding] = []
    for entry in config.oncall:
        if isinstance(entry, RotaEntry):
            found += _there(folder / Path(entry.path).expanduser(), held)
    for source in config.catalog.sources:
        if isinstance(source, FilesEntry):
            found += lint_path(folder / Path(source.path).expanduser(), held)
    return found


def _there(rota: Path, held: Held) -> list[Finding]:
    return lint_rota(rota, held) if rota.is_file() else lint_path(rota, held)


def _show(found: Sequence[Finding], errors: int, form: str) -> None:
    if form == "json":
        sys.stdout.write(json.dumps([asdict(each) for each in found], indent=2) + "\n")
        return
    for each in found:
        sys.stdout.write(f"{one_line(_annotation(each) if form == 'github' else str(each))}\n")
    if form == "text":
        counts = f"{plural(errors, 'error')}, {plural(len(found) - errors, 'warning')}"
        sys.stdout.write(f"{counts}\n" if found else "Nothing is wrong.\n")


def _annotation(finding: Finding) -> str:
    """As GitHub shows it beside the line of a pull request. A line end would begin a command of its own."""
    said = f"{finding.message} Expected: {finding.expected}" if finding.expected else finding.message
    said = said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    file = finding.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{finding.level} file={file},line={max(finding.line, 1)}::{said}"
