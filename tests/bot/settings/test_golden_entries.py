"""idp.yaml names golden paths and the host of repositories; faults are said with their line, tokens never."""

from pathlib import Path

import pytest

from bot.settings.config import Settings, load
from bot.settings.fault import BadConfiguration
from bot.wiring import build

GOOD = """\
catalog:
  sources:
    - {name: acme, type: files, path: .}
golden_paths:
  - {id: py, title: Python, source: ./template, owner: platform, groups: [sre], fields: {service: name}}
  - {id: go, title: Go, source: "https://bot:canary@git.acme.example/go.git", version: v2}
repo_host: {type: github, org: acme, visibility: public}
gitops: {repository: deployments, folder: "apps/{name}"}
"""


def settings(folder: Path, text: str) -> Settings:
    path = folder / "idp.yaml"
    path.write_text(text)
    return load({"IDP_CONFIG": str(path), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}, slack=False)


def test_everything_is_connected_and_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "github-canary")
    idp = build(settings(tmp_path, GOOD))
    first, second = idp.golden_paths.all()
    assert (first.source, first.owner, first.groups) == (
        str(tmp_path / "template"),
        "group:default/platform",
        ("sre",),
    )
    assert (second.version, idp.repo_host.name, idp.repo_host.page("x")) == (
        "v2",
        "GitHub",
        "https://github.com/acme/x",
    )
    assert [source.name for source in idp.sources] == ["acme", "new-services"]
    assert idp.gitops
    assert "canary" not in repr(idp.golden_paths)
    assert "canary" not in repr(idp.repo_host)
    idp.database.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: v2", "trusted: [main]", "40 hexadecimal digits"),
        ("fields: {service: name}", "fields: {service: colour}", "consumes_apis"),
        ("title: Go, ", "", "title"),
        ("type: github, org: acme", "type: github, org: acme, path: x", "path"),
        ("type: github", "type: svn", "local or github"),
        ('folder: "apps/{name}"', "folder: ../x", "path in the repository"),
        ("owner: platform", "owner: 'group:'", "group:platform"),
    ],
)
def test_faults_are_said_with_what_was_expected(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(BadConfiguration, match=said) as bad:
        settings(tmp_path, GOOD.replace(old, new))
    assert "canary" not in str(bad.value)
