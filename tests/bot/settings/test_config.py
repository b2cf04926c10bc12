"""All faults of the configuration at once, each with its place and what was expected."""

from pathlib import Path

import pytest

from bot.settings.config import Settings, load
from bot.settings.fault import BadConfiguration

GOOD = """\
catalog:
  sources:
    - {name: acme, type: files, path: ./catalog}
    - {name: infra, type: git, url: "https://git.example.com/infra.git", ref: main, path: .}
  sync_every: 10m
oncall:
  - {type: rota, path: rota.yaml}
  - {type: ical, url: "https://calendar.example.com/oncall.ics"}
"""

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_SIGNING_SECRET": "0123secret"}


def settings(folder: Path, text: str = GOOD, slack: bool = True, **environ: str) -> Settings:
    path = folder / "idp.yaml"
    path.write_text(text)
    return load({"IDP_CONFIG": str(path), **environ}, slack=slack)


def faults(folder: Path, text: str = GOOD, **environ: str) -> list[str]:
    with pytest.raises(BadConfiguration) as caught:
        settings(folder, text, True, **(TOKENS | environ))
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def test_a_good_configuration_is_taken_with_its_defaults(tmp_path: Path) -> None:
    read = settings(tmp_path, GOOD, True, **TOKENS)
    assert [source.name for source in read.config.catalog.sources] == ["acme", "infra"]
    assert read.config.catalog.sync_every == 600
    assert (read.host, read.port) == ("127.0.0.1", 3000)
    assert read.database_url == "sqlite:///var/idp.db"
    assert read.api_url == "https://slack.com/api/"
    assert not read.socket_mode
    assert read.beside_config("rota.yaml") == tmp_path / "rota.yaml"


def test_an_app_level_token_means_socket_mode_and_no_signing_secret(tmp_path: Path) -> None:
    read = settings(tmp_path, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1-A1-2-3")
    assert read.socket_mode


def test_without_slack_no_token_is_needed(tmp_path: Path) -> None:
    assert settings(tmp_path, slack=False).bot_token == ""


def test_no_secret_is_in_what_is_printed(tmp_path: Path) -> None:
    read = settings(tmp_path, GOOD, True, **TOKENS, IDP_DATABASE_URL="postgresql://u:secretpw@h/d")
    assert not [word for word in ("secretpw", "xoxb", "0123secret") if word in repr(read)]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("sync_every: 10m", "sync_every: often").replace("oncall:", "on_call:")
    with pytest.raises(BadConfiguration) as caught:
        settings(tmp_path, text, PORT="http", SLACK_APP_TOKEN="xoxb-wrong", SLACK_API_URL="http://evil.example")
    told = str(caught.value.message)
    assert told.index("idp.yaml:5") < told.index("idp.yaml:6"), "in the order of the file"
    for word in ("SLACK_BOT_TOKEN", "PORT", "SLACK_APP_TOKEN", "SLACK_API_URL", "idp.yaml:5", "idp.yaml:6"):
        assert word in told
    assert "xoxb-wrong" not in told


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("oncall:", "on_call:", "idp.yaml:6", "oncall"),
        ("sync_every: 10m", "sync_evry: 10m", "idp.yaml:5", "sync_every"),
        ("sync_every: 10m", "sync_every: 10", "idp.yaml:5", "10m"),
        ("sync_every: 10m", "sync_every: 1s", "idp.yaml:5", "5"),
        ("type: files, path: ./catalog", "type: fils, path: ./catalog", "idp.yaml:3", "files or git"),
        ("type: files, path: ./catalog", "path: ./catalog", "idp.yaml:3", "files or git"),
        (
            "type: rota, path: rota.yaml",
            "rota: rota.yaml",
            "idp.yaml:7",
            "oncall[0] has no type. Expected: rota or",
        ),
        (
            "type: rota, path: rota.yaml",
            "type: pager",
            "idp.yaml:7",
            "oncall[0].type is “pager”. Expected: rota or",
        ),
        (
            "{type: rota, path: rota.yaml}",
            "rota.yaml",
            "idp.yaml:7",
            "“rota.yaml”. Expected: a mapping with the key type",
        ),
        ("type: files, path: ./catalog", "type: files", "idp.yaml:3", "path"),
        ("type: files, path: ./catalog", "type: files, pth: x, path: y", "idp.yaml:3", "path"),
        ("name: infra", "name: acme", "idp.yaml:4", "named acme"),
        ("name: infra", "name: 'a b'", "idp.yaml:4", "letters"),
        ("{type: rota, path: rota.yaml}", "{type: rota, path: 7}", "idp.yaml:7", "text"),
        ("catalog:", "catalog: [", "idp.yaml", ""),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, where: str, words: str
) -> None:
    assert old in GOOD
    told = faults(tmp_path, GOOD.replace(old, new, 1))
    assert len(told) == 1
    assert told[0].startswith(where)
    assert words in told[0]


@pytest.mark.parametrize("text", ["", "[]", "catalog: {}", "catalog: {sources: []}", "a: 1\n---\nb: 2\n", "\x00"])
def test_a_file_of_another_shape_is_a_fault(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_a_missing_file_says_what_to_do() -> None:
    with pytest.raises(BadConfiguration, match=r"idp\.example\.yaml"):
        load({"IDP_CONFIG": "/nowhere/idp.yaml"}, slack=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "٣٠٠٠"),
        ("HOST", "a b"),
        ("IDP_DATABASE_URL", "mysql://h/d"),
        ("IDP_DATABASE_URL", "sqlite://relative.db"),
        ("SLACK_API_URL", "http://slack.example.com/api/"),
        ("SLACK_API_URL", "slack.com"),
        ("SLACK_API_URL", "http://[::1"),
        ("SLACK_APP_TOKEN", "xoxb-1"),
        ("SLACK_BOT_TOKEN", "xoxb-\u00e9"),
        ("SLACK_BOT_TOKEN", "xoxp-1-of-a-person"),
        ("SLACK_BOT_TOKEN", "xapp-1-A1-2-3"),
        ("IDP_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_fault_in_the_environment_names_the_variable_and_not_its_value(
    tmp_path: Path, name: str, value: str
) -> None:
    (told,) = faults(tmp_path, **{name: value})
    assert name in told
    assert "environment" in told
    assert value == "0" or value not in told


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/api", "http://localhost/api/", "https://slack.example/api"]
)
def test_another_slack_may_be_named(tmp_path: Path, url: str) -> None:
    assert settings(tmp_path, GOOD, True, **TOKENS, SLACK_API_URL=url).api_url == f"{url.rstrip('/')}/"


def test_the_old_spelling_of_a_postgresql_address_is_understood(tmp_path: Path) -> None:
    read = settings(tmp_path, GOOD, True, **TOKENS, IDP_DATABASE_URL="postgres://u:p@h/d")
    assert read.database_url == "postgresql://u:p@h/d"
