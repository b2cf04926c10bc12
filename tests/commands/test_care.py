from collections.abc import Callable
from datetime import timedelta
from typing import Any

from commands.parts.reply import Reply
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
    assert said.index("acme `a.yaml:2`") < said.index("acme `b.yaml:7`")
    assert [each["source"] for each in reply.data["problems"]] == ["acme", "acme"]
    assert "<!here>" not in said
    assert reply.data["problems_total"] == 2
    assert reply.data["sources"][0]["error"] == "The folder is gone."


def test_freshness_counts_owners_and_references_that_are_not_in_the_catalog(
    ask: Any, entity: Any, read: Read, buttons: Callable[[Reply], list[str]]
) -> None:
    gone = [entity(f"s-{at}", owner="group:default/gone", source="acme") for at in range(7)]
    needs = entity("needs", relations=[("dependsOn", "resource:default/nowhere")], source="infra")
    asking = ask.knowing(
        [*gone, needs], sources=[SourceState(name, "files", ".", None, None) for name in ("acme", "infra")]
    )
    reply = asking("freshness")
    assert "1 owner and 1 reference not in the catalog" in reply.text
    said = read(reply)
    assert "`group:default/gone`: named by 7 entities" in said
    assert "`resource:default/nowhere`: named by 1 entity" in said
    assert reply.data["unresolved"] == {
        "owners": {"group:default/gone": 7},
        "references": {"resource:default/nowhere": 1},
    }
    assert asking("freshness infra").data["unresolved"]["owners"] == {}
    assert asking("find owner:group:default/gone").data["total"] == 7  # what it says to type


def test_freshness_says_when_a_folder_holds_nothing_it_knows(ask: Any, small_company: Any, read: Read) -> None:
    now = ask.idp.now()
    empty = [SourceState("acme", "files", "./catalog", now, now)]
    assert "nothing found: a folder is searched for" in read(
        ask.knowing(small_company, sources=empty)("freshness")
    )
    made = [SourceState("new-services", "made", "made here", now, now)]  # nobody has made a service yet
    said = read(ask.knowing(small_company, sources=made)("freshness"))
    assert "*new-services* (made here): synced" in said
    assert "nothing found" not in said


def test_freshness_counts_what_it_leaves_out(ask: Any, small_company: Any, read: Read) -> None:
    problems = [("acme", Problem(f"{at}.yaml", 1, "error", "yaml", "no")) for at in range(500)]
    assert "_…and 480 more_" in read(ask.knowing(small_company, problems=problems)("freshness"))


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


def test_about_counts_the_sources_it_leaves_out(ask: Any, small_company: Any, read: Read) -> None:
    many = [SourceState(f"s{at}", "files", ".", None, None) for at in range(30)]
    assert "…and 25 more" in read(ask.knowing(small_company, sources=many)("about"))


def test_an_empty_catalog_can_be_asked(ask: Any) -> None:
    empty = ask.knowing([])
    for words in ("help", "about", "freshness", "oncall", "find x"):
        assert empty(words).ok
    assert not empty("who-owns checkout").ok
