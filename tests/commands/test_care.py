from collections.abc import Callable
from datetime import timedelta
from typing import Any

from commands.reply import Reply
from data.catalog.entity import Problem
from data.store.catalog import SourceState

Read = Callable[[Reply], str]


def test_sync_asks_for_it_and_says_how_old_things_are(ask: Any, read: Read) -> None:
    said = read(ask("sync"))
    assert ask.synced == [None]
    assert "Everything will be read again." in said
    assert "*acme*: synced 3 min ago" in said
    ask("sync acme")
    assert ask.synced == [None, "acme"]


def test_sync_of_a_source_that_is_none(ask: Any) -> None:
    reply = ask("sync nowhere")
    assert not reply.ok
    assert "Sources: acme." in reply.text
    assert ask.synced == []


def test_freshness_shows_age_errors_and_problems_with_their_lines(
    ask: Any, small_company: Any, read: Read
) -> None:
    now = ask.idp.now()
    states = [
        SourceState("acme", "files", "./catalog", now - timedelta(days=3), now, "The folder is gone.", 19, 2),
        SourceState(
            "infra", "git", "https://git.acme.example/infra", None, None, "", 0, 0, "30 entities would go."
        ),
    ]
    problems = [
        ("acme", Problem("b.yaml", 7, "warning", "tag", "The tag “A B” is odd.", "lower case")),
        ("acme", Problem("a.yaml", 2, "error", "yaml", "A tab <!here>", "spaces")),
    ]
    reply = ask.knowing(small_company, sources=states, problems=problems)("freshness")
    said = read(reply)
    assert "synced 3 d ago :warning:" in said
    assert "tried just now: The folder is gone." in said
    assert "30 entities would go." in said
    assert "never synced" in said
    assert said.index("`a.yaml:2`") < said.index("`b.yaml:7`")
    assert "<!here>" not in said
    assert reply.data["problems_total"] == 2
    assert reply.data["sources"][0]["error"] == "The folder is gone."


def test_freshness_counts_what_it_leaves_out(ask: Any, small_company: Any, read: Read) -> None:
    problems = [("acme", Problem(f"{at}.yaml", 1, "error", "yaml", "no")) for at in range(500)]
    assert "left out 480" in read(ask.knowing(small_company, problems=problems)("freshness"))


def test_old_news_are_marked_in_every_answer(ask: Any, small_company: Any, read: Read) -> None:
    now = ask.idp.now()
    old = [SourceState("acme", "files", ".", now - timedelta(hours=30), now)]
    assert "synced 30 h ago :warning:" in read(ask.knowing(small_company, sources=old)("who-owns checkout"))


def test_about_says_version_source_age_and_who_runs_it(ask: Any, read: Read) -> None:
    said = read(ask("about"))
    assert "1.2.3" in said
    assert "catalog version 7" in said
    assert "acme: synced 3 min ago" in said
    assert "engineering" in said
    assert "#platform" in said


def test_an_empty_catalog_can_be_asked(ask: Any) -> None:
    empty = ask.knowing([])
    for words in ("help", "about", "freshness", "oncall", "find x"):
        assert empty(words).ok
    assert not empty("who-owns checkout").ok
