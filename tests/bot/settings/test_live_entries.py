"""idp.yaml names the systems that people and on-call come from; faults are said with their line, tokens never."""

from pathlib import Path

import pytest

from bot.settings.config import Settings, load
from bot.settings.fault import BadConfiguration
from bot.wiring import build

GOOD = """\
catalog:
  sources:
    - {name: people, type: okta, url: "https://acme.okta.com", groups: ["team-*"]}
    - {name: slack, type: slack-groups}
oncall:
  - {type: pagerduty, covers: {PABC123: [team-payments]}}
  - {type: incident-io, token_env: INCIDENTS}
"""


def settings(folder: Path, text: str) -> Settings:
    path = folder / "idp.yaml"
    path.write_text(text)
    return load({"IDP_CONFIG": str(path), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}, slack=False)


def test_everything_is_connected_and_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKTA_TOKEN", "okta-canary")
    idp = build(settings(tmp_path, GOOD))
    assert [(source.name, source.type) for source in idp.sources] == [
        ("people", "okta"),
        ("slack", "slack-groups"),
    ]
    assert [system.name for system in idp.oncall_systems] == ["PagerDuty", "incident.io"]
    assert "canary" not in repr(idp.sources)
    idp.database.close()


OKTA = "{name: people, type: okta, url: 'https://acme.okta.com'}"
FILES = "{name: acme, type: files, path: .}"
SLACK = "{name: slack, type: slack-groups}"
PORTAL = "{name: portal, type: backstage, url: 'https://b.example.com'%s}"
OF_PEOPLE = PORTAL % ", filters: ['kind=user', 'kind=group,spec.type=team']"


@pytest.mark.parametrize(
    ("sources", "more", "tellers"),
    [
        ([FILES], "", {"acme"}),
        ([FILES, SLACK], "", {"acme", "slack"}),
        ([FILES, OKTA, SLACK], "", {"people", "slack"}),
        ([FILES, OF_PEOPLE], "", {"portal"}),
        ([FILES, PORTAL % ""], "", {"acme", "portal"}),
        ([FILES, PORTAL % ", filters: ['kind=user', 'kind=component']"], "", {"acme", "portal"}),
        ([PORTAL % "", OKTA], "", {"people"}),
        ([FILES, OKTA], ", people_from: [people, acme]", {"people", "acme"}),
        ([FILES, OKTA], ", people_from: []", set()),
    ],
)
def test_with_a_directory_it_alone_tells_people(
    tmp_path: Path, sources: list[str], more: str, tellers: set[str]
) -> None:
    read = settings(tmp_path, f"catalog: {{sources: [{', '.join(sources)}]{more}}}")
    assert read.config.catalog.tellers == tellers


def test_people_from_names_sources(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="names okta, which is no source"):
        settings(tmp_path, f"catalog: {{sources: [{FILES}], people_from: [okta]}}")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('- {name: p, type: okta, url: "http://acme.okta.com"}', "https://"),
        ('- {name: p, type: okta, url: "https://acme.okta.com/admin"}', "organisation alone"),
        (
            '- {name: p, type: okta, url: "https://acme.okta.com", token_env: "00abc-token"}',
            "environment variable",
        ),
        ('- {name: p, type: okta, url: "https://acme.okta.com", group: team}', "group"),
        ("- {name: p, type: slack-groups, token: xoxb-1}", "token"),
    ],
)
def test_faults_of_directories(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        settings(tmp_path, f"catalog:\n  sources:\n    {line}\n")
    assert "idp.yaml:3" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('- {type: pagerduty, token_env: "u+canary"}', "environment variable"),
        ("- {type: pagerduty, covers: {PABC: ['group:/']}}", "a reference such as"),
        ('- {type: incident-io, url: "https://api.incident.io?key=1"}', "without user, password or query"),
    ],
)
def test_faults_of_oncall(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        settings(tmp_path, f"{GOOD.partition('oncall:')[0]}oncall:\n  {line}\n")
    assert "idp.yaml:6" in str(caught.value)
    assert says in str(caught.value)


def test_a_missing_token_is_said_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGERDUTY_TOKEN", raising=False)
    idp = build(settings(tmp_path, GOOD))
    now = idp.now()
    rotas = idp.oncall.rotas(now, now)
    idp.database.close()
    assert "PAGERDUTY_TOKEN is not set." in rotas.failures
    assert "INCIDENTS is not set." in rotas.failures


def test_a_pager_for_trying_out_knows_what_it_was_given(tmp_path: Path) -> None:
    pager = "oncall: [{type: fake, services: {team-payments: Payments}}]"
    idp = build(settings(tmp_path, f"catalog: {{sources: [{FILES}]}}\n{pager}\n"))
    assert idp.pager.reaches("group:default/team-payments") == "Demo pager: Payments"
    assert idp.pager.reaches("group:default/team-search") == ""
    idp.database.close()
