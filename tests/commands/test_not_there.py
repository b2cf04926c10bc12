"""What is said of names that the catalog does not have, and of words that nothing answers."""

from collections.abc import Callable
from typing import Any

import pytest

from commands.parts.reply import Reply
from data.catalog.entity import Problem

Read = Callable[[Reply], str]


@pytest.mark.parametrize("verb", ["show", "who-owns", "deps", "oncall"])
@pytest.mark.parametrize("name", ["component:default/nowhere", "nowhere", "Component:nowhere"])
def test_a_name_that_only_others_know_says_who_names_it(ask: Any, verb: str, name: str) -> None:
    reply = ask(f"{verb} {name}")
    assert not reply.ok
    assert f"“{name}” is not in the catalog, but lost (lost/catalog-info.yaml:3) names it." in reply.text


def test_what_freshness_offers_to_ask_about_a_missing_reference_is_answered(ask: Any, read: Read) -> None:
    said = read(ask("freshness"))
    assert "`/idp deps component:default/nowhere`" in said
    assert "lost (lost/catalog-info.yaml:3) names it" in ask("deps component:default/nowhere").text


def test_many_who_name_it_are_counted(ask: Any, entity: Any) -> None:
    gone = [("dependsOn", "component:default/gone")]
    told = ask.knowing([entity(f"service-{number}", relations=gone) for number in range(1, 6)])
    assert "and 2 more name it." in told("deps gone").text
    two = ask.knowing([entity(name, relations=gone) for name in ("first", "second")])
    assert (
        "first (first/catalog-info.yaml:3) and second (second/catalog-info.yaml:3) name it."
        in two("deps gone").text
    )


def test_a_broken_file_is_named_where_its_name_is_asked_for(ask: Any) -> None:
    problem = Problem("services/reviews/catalog-info.yaml", 9, "error", "yaml", "This is not YAML: a tab.", "YAML")
    doubt = Problem("services/ratings/catalog-info.yaml", 9, "warning", "name", "An odd tag.", "a tag")
    told = ask.knowing([], problems=[("acme", problem), ("acme", doubt)])
    reply = told("show reviews")
    assert "services/reviews/catalog-info.yaml:9 could not be read: This is not YAML: a tab." in reply.text
    assert "could not be read" not in told("show ratings").text


def test_two_names_are_offered_as_two_whatever_has_both_words(
    ask: Any, entity: Any, buttons: Callable[[Reply], list[str]]
) -> None:
    names = ("checkout", "ledger", "checkout-ledger-sync")
    told = ask.knowing([entity(name) for name in names])
    reply = told("who-owns checkout ledger")
    assert not reply.ok
    assert "“checkout ledger” may be several things." in reply.text
    refs = [f"component:default/{name}" for name in names]
    assert buttons(reply)[:3] == [f"who-owns {ref}" for ref in refs]
    assert told("who-owns ledger sync").ok  # "sync" alone is no name
    assert told("who-owns checkout ledger sync").ok  # that is its name
    team = entity(
        "team-ledger", "Group", title="Ledger"
    )  # is called so as well: the service is meant all the same
    assert buttons(ask.knowing([*map(entity, names), team])("who-owns checkout ledger"))[:3] == buttons(reply)[:3]
    apart = ask.knowing([entity(name) for name in names[:2]])
    assert buttons(apart("who-owns checkout ledger"))[:2] == [f"who-owns {ref}" for ref in refs[:2]]


def test_an_empty_catalog_is_no_fault_of_who_asks(ask: Any) -> None:
    assert ask.knowing([])("who-owns checkout").text.startswith("The catalog is empty. /idp freshness says")


def test_nobody_is_told_to_register_a_person_or_a_team_in_a_repository(ask: Any) -> None:
    for question in ("whois nobody-here", "team nobody-here"):
        assert "repository" not in ask(question).text
    assert "register it with a catalog-info.yaml in its repository" in ask("show nobody-here").text


def test_a_person_is_called_by_name_with_teams_and_shifts(ask: Any, read: Read) -> None:
    reply = ask("who-owns user:ben")
    assert reply.text.startswith("Ben Okoro (ben) is a person; on call: payments-primary until")
    assert "Teams: Payments (team-payments)" in read(reply)
    assert (
        ask("who-owns @cara").text == "Cara Lindqvist (cara) is a person; on call: identity-hours until 17:00 GMT"
    )


@pytest.mark.parametrize(
    ("words", "said", "button"),
    [
        ("deploys checkout", "I keep no list of deployments.", "score component:default/checkout"),
        ("status checkout", "I do not watch how things run.", "show component:default/checkout"),
        ("announce checkout 'v2 is here' --to team", "I post no announcements.", "help"),
        ("announce checkout", "I post no announcements.", "deps component:default/checkout --blast-radius"),
        ("lint catalog", "This is done in a terminal, where the bot runs.", "help"),
        ("cost", "I know the cost of workspaces only.", "workspaces"),
        ("subscribe checkout", "There is nothing to subscribe to.", "digest"),
        ("hello", "Hello! Ask me who owns a service", "help"),
        ("thanks!", "Gladly.", "help"),
        ("oncall me 2h for checkout", "Shifts are not swapped here.", "help oncall"),
        ("campaign list", "There are no campaigns.", "checks"),
    ],
)
def test_what_is_not_here_is_said_with_what_helps_instead(
    ask: Any, buttons: Callable[[Reply], list[str]], words: str, said: str, button: str
) -> None:
    reply = ask(words)
    assert not reply.ok
    assert reply.text.startswith(said)
    assert button in buttons(reply)


def test_a_service_of_such_a_name_comes_first(ask: Any, entity: Any) -> None:
    told = ask.knowing([entity("status", title="Status page")])
    assert told("status").text.startswith("Status page is a")
    assert told("verify").text.startswith("Who owns it is changed in its catalog file.")


def test_documents_are_chosen_by_words_after_the_name(ask: Any, read: Read) -> None:
    assert "Runbook https://wiki.acme.example/runbooks/checkout" in ask("docs checkout run book wiki").text
    reply = ask("docs checkout rollback")
    assert "Runbook https://wiki.acme.example/runbooks/checkout" in reply.text
    assert "No page is called “rollback”, so here are all." in read(reply)
    assert not ask("docs nowhere-at-all rollback").ok


def test_a_filter_without_a_value_is_explained(ask: Any, read: Read) -> None:
    assert "`owner:payments`" in read(ask("find owner: payments-team-x"))
