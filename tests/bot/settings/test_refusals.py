"""Every refusal of the configuration is met once, and says what to write instead."""

from pathlib import Path

import pytest

from bot.settings.config import load
from bot.settings.fault import BadConfiguration
from bot.settings.idp_yaml import read_idp_yaml
from bot.settings.source_entries import GitHubEntry
from data.catalog.sources.github_token import App

SOURCES = "catalog: {sources: [{name: acme, type: files, path: .}]%s}\n"
CATALOG = SOURCES % ""
SOURCE = "catalog: {sources: [{name: %s}]}\n"
PATHS = "hub, type: github, org: acme, paths: %s"


def told(folder: Path, text: str) -> list[str]:
    file = folder / "idp.yaml"
    file.write_text(text)
    config, faults = read_idp_yaml(file)
    assert (config is None) == bool(faults)
    return [str(fault) for fault in faults]


@pytest.mark.parametrize(("text", "words"), [
    (CATALOG + "---\n" + CATALOG, "A second document begins in line 3"),
    (SOURCES % ", sync_every: 8d", "sync_every"),
    (SOURCES % ", groups_max_age: 59s", "groups_max_age"),
    (SOURCES % ", groups_max_age: 16m", "groups_max_age"),
    (SOURCE % f"{'n' * 64}, type: files, path: .", "at most 63"),
    (SOURCE % "'-a', type: okta, url: 'https://a.okta.com'", "name"),
    (SOURCE % "p, type: backstage, url: 'https://u:s3cr3t@b.example.com'", "without user, password or query"),
    (SOURCE % "p, type: backstage, url: 'https://b.example.com?token=s3cr3t'", "without user, password or query"),
    (SOURCE % "p, type: backstage, url: 'http://u:s3cr3t@b.example.com'", "http only on this machine"),
    (SOURCE % "p, type: backstage, url: 'http://[s3cr3t'", "http only on this machine"),
    (SOURCE % "p, type: backstage, url: 'https://b.example.com', filter: x", "filters"),
    (SOURCE % (PATHS % "[/etc/passwd]"), "path in the repository"),
    (SOURCE % (PATHS % "['--upload-pack=x']"), "path in the repository"),
    (SOURCE % (PATHS % "[a/../../b]"), "path in the repository"),
    (SOURCE % (PATHS % "['a\\b']"), "path in the repository"),
    (SOURCE % (PATHS % "[]"), "at least 1"),
    (SOURCE % (PATHS % f"[{', '.join('abcdefghijk')}]"), "at most 10"),
    (CATALOG + "oncall: [{type: ical, url: 'http://calendar.example.com/s3cr3t.ics'}]", "https://"),
    (CATALOG + "oncall: [{type: ical, url: ''}]", "path of a file"),
    (CATALOG + "oncall: [{type: ical, url: x.ics, covers: ['group:']}]", "group:team-payments"),
    (CATALOG + "oncall: [{type: fake, services: {}}]", "services"),
    (CATALOG + "oncall: [{type: pagerduty, cover: {}}]", "covers"),
    (CATALOG + "audit: {readers: []}", "at least 1"),
    (CATALOG + "platform: {owner: 7}", "text"),
    (CATALOG + "hooks: [{name: on-call, secret_env: S}]", "named on-call"),
    (CATALOG + "hooks: [{name: ci, secret_env: S}]\nfacts: [{type: trivy, name: ci, path: '{name}'}]", "named"),
    (CATALOG + "hooks: [{name: ci, secret_env: 's3cr3t!'}]", "not the token itself"),
    (CATALOG + "hooks: [{name: ci, secret_env: ghp_s3cr3t}]", "not the token itself"),
    (CATALOG + "facts: [{type: coverage, path: ci/coverage.xml}]", "{name}"),
    (CATALOG + "facts: [{type: coverage, path: '../{name}.xml'}]", "{name}"),
    (CATALOG + "facts: [{type: coverage, path: '/{name}/coverage.xml'}]", "{name}"),
    (CATALOG + "scorecards: {files: [nowhere.yaml]}", "nowhere.yaml"),
    (CATALOG + "policies: nowhere.yaml", "nowhere.yaml cannot be read"),
    (CATALOG + "policies: .", "cannot be read"),
    (CATALOG + "digests: {at: Mon 25:00}", "Mon 09:00"),
    (CATALOG + "digests: {timezone: Mars/Base}", "Europe/Berlin"),
    (CATALOG + "digests: {quiet: 18-9}", "18:00-09:30"),
    (CATALOG + "digests: {channels: {'group:': x}}", "team-payments"),
    (CATALOG + f"golden_paths: [{{id: a, title: A, source: x, trusted: [{'a' * 39}]}}]", "40 hexadecimal"),
    (CATALOG + f"golden_paths: [{{id: a, title: A, source: x, trusted: [{'v' * 40}]}}]", "40 hexadecimal"),
    (CATALOG + "golden_paths: [{id: a, title: A, source: x, groups: []}]", "at least 1"),
    (CATALOG + f"golden_paths: [{{id: a, title: A, source: x, formerly: [{'x, ' * 21}]}}]", "at most 20"),
    (CATALOG + "golden_paths:\n" + "- {id: a, title: A, source: x}\n" * 101, "at most 100"),
    (CATALOG + f"workspaces: [{{type: coder, url: 'https://c.test', organization: {'o' * 101}}}]", "org"),
    (CATALOG + "workspaces: [{type: fake, paths: x}]", "path"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, words: str) -> None:
    found = told(tmp_path, text)
    assert words in "\n".join(found)
    assert "s3cr3t" not in "\n".join(found)


@pytest.mark.parametrize(("content", "words"), [
    ("a: [", "policies.yaml:2"),
    ("policies: {}\n---\npolicies: {}\n", "A second document begins in line 3"),
    ("policies: {prod-access: {rulez: []}}\n", "policies.yaml:1"),
])  # fmt: skip
def test_a_file_of_policies_is_refused_by_its_own_name(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "policies.yaml").write_text(content)
    assert words in "\n".join(told(tmp_path, CATALOG + "policies: policies.yaml\n"))


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    assert "cannot be read" in str(read_idp_yaml(tmp_path)[1][0])


@pytest.mark.parametrize(("name", "value"), [
    ("IDP_DATABASE_URL", "sqlite:///"),
    ("PORT", "65536"),
    ("PORT", "100000"),
    ("SLACK_API_URL", "https://slack.example/api?token=1"),
])  # fmt: skip
def test_what_cannot_work_is_no_variable(tmp_path: Path, name: str, value: str) -> None:
    file = tmp_path / "idp.yaml"
    file.write_text(CATALOG)
    with pytest.raises(BadConfiguration, match=f"{name} cannot be used"):
        load({"IDP_CONFIG": str(file), name: value}, slack=False)


def test_what_is_not_said_is_the_careful_choice(tmp_path: Path) -> None:
    file = tmp_path / "idp.yaml"
    file.write_text(CATALOG + "repo_host: {type: github, org: acme}\n")
    config, _ = read_idp_yaml(file)
    assert config
    assert config.catalog.takeovers == "hold"
    assert config.repo_host
    assert config.repo_host.type == "github"
    assert config.repo_host.visibility == "private"


def test_what_is_written_is_what_it_means(tmp_path: Path) -> None:
    file = tmp_path / "idp.yaml"
    file.write_text(
        "catalog: {sources: [{name: hub, type: github, org: acme, url: 'https://g.example.com/api/',"
        " app: {client_id: x, key: app.pem}}]}\n"
        "digests: {at: wed 16:30, quiet: '18:00-09:30', automatic: false}\n"
        "scorecards: {shipped: false}\n"
    )
    config, _ = read_idp_yaml(file)
    assert config
    (entry,) = config.catalog.sources
    assert isinstance(entry, GitHubEntry)
    made = entry.source(tmp_path)
    assert made.url == "https://g.example.com/api"
    assert isinstance(made.credential, App)
    assert made.credential.key == tmp_path / "app.pem"
    assert not config.loaded_scorecards.cards
    assert config.digests
    weekly = config.digests.config()
    assert (weekly.day, f"{weekly.at:%H:%M}", str(weekly.quiet), weekly.automatic) == (
        2,
        "16:30",
        "18:00-09:30",
        False,
    )
