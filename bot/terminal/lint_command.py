"""`idp lint`: what is wrong in files that people write, for CI: an exit code, and a line for each finding."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.settings.catalog_section import FilesEntry
from bot.settings.idp_yaml import IdpYaml, RotaEntry, read_idp_yaml
from commands.parts.labels import plural
from data.lint import Finding, lint_path, lint_rota


def lint_now(paths: Sequence[Path], environ: Mapping[str, str], form: str) -> int:
    """Print what is found; 0 when nothing of it is an error, 1 when something is.

    Without paths: idp.yaml (or IDP_CONFIG) and everything on this machine that it names.
    """
    found = (
        [each for path in paths for each in _one(path)]
        if paths
        else _all(Path(environ.get("IDP_CONFIG") or "idp.yaml"))
    )
    errors = sum(each.level == "error" for each in found)
    _show(found, errors, form)
    return 1 if errors else 0


def _one(path: Path) -> list[Finding]:
    return _all(path) if path.name == "idp.yaml" else lint_path(path)


def _all(config_path: Path) -> list[Finding]:
    """The configuration, with its policies and scorecards, and the files that it names."""
    config, faults = read_idp_yaml(config_path)
    found = [Finding(fault.file, fault.line, "error", fault.message, fault.expected) for fault in faults]
    return found + (_named(config, config_path.parent) if config is not None else [])


def _named(config: IdpYaml, folder: Path) -> list[Finding]:
    found: list[Finding] = []
    for entry in config.oncall:
        if isinstance(entry, RotaEntry):
            found += _there(folder / Path(entry.path).expanduser())
    for source in config.catalog.sources:
        if isinstance(source, FilesEntry):
            found += lint_path(folder / Path(source.path).expanduser())
    for golden in config.golden_paths:
        if (template := folder / Path(golden.source).expanduser()).is_dir() and not (template / "HEAD").exists():
            found += lint_path(template)  # a bare repository is checked where it is worked on
    return found


def _there(rota: Path) -> list[Finding]:
    return lint_rota(rota) if rota.is_file() else lint_path(rota)


def _show(found: Sequence[Finding], errors: int, form: str) -> None:
    if form == "json":
        sys.stdout.write(json.dumps([asdict(each) for each in found], indent=2) + "\n")
        return
    for each in found:
        sys.stdout.write(f"{_annotation(each) if form == 'github' else each}\n")
    if form == "text":
        counts = f"{plural(errors, 'error')}, {plural(len(found) - errors, 'warning')}"
        sys.stdout.write(f"{counts}\n" if found else "Nothing is wrong.\n")


def _annotation(finding: Finding) -> str:
    """As GitHub shows it beside the line of a pull request."""
    said = f"{finding.message} Expected: {finding.expected}" if finding.expected else finding.message
    said = said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    file = finding.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{finding.level} file={file},line={max(finding.line, 1)}::{said}"
