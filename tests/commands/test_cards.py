"""The card, the team, people, APIs, docs, search."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from commands.parts.reply import Reply, Rows

Read = Callable[[Reply], str]
Buttons = Callable[[Reply], list[str]]


def test_the_card_tells_everything_in_a_fixed_order(ask: Any, read: Read) -> None:
    said = read(ask("show checkout"))
    order = ["Component · service · production", "Turns a cart", "Owner: Payments", "Channel: #team-payments"]
    order += [
        "On call: Ben Okoro",
        "Repository: <https://github.com/acme/checkout|acme/checkout>",
        "Tags: python, pci",
    ]
    order += ["*Consumes*: users-api", "*Depends on*: checkout-db", "*Needed by*: storefront", "synced 3 min ago"]
    places = [said.index(each) for each in order]
    assert places == sorted(places)


def test_the_card_counts_what_it_leaves_out(ask: Any, entity: Any, read: Read) -> None:
    many = [entity(f"user{at}", relations=[("dependsOn", "component:default/hub")]) for at in range(5000)]
    assert "…and 4,994 more" in read(ask.knowing([entity("hub"), *many])("hub"))


def test_the_card_of_a_person_shows_the_name(ask: Any) -> None:
    assert ask("show ann").text.startswith("Ann Sommer is a user")


def test_facts_of_the_card_for_machines(ask: Any) -> None:
    data = ask("show checkout").data
    assert data["relations"]["dependsOn"] == ["resource:default/checkout-db"]
    assert data["repository"] == "https://github.com/acme/checkout"
    assert data["tags"] == ["python", "pci"]


@pytest.mark.parametrize(
    ("annotations", "repository"),
    [
        ({"source-location": "url:https://git.acme.example/lone/"}, "https://git.acme.example/lone/"),
        ({"source-location": "https://git.acme.example/lone"}, "https://git.acme.example/lone"),
        ({"managed-by-location": "url:https://git.acme.example/c.yaml"}, "https://git.acme.example/c.yaml"),
        ({"source-location": "file:/srv/lone", "managed-by-location": "url:https://git.acme.example/x"}, ""),
        ({"source-location": "url:javascript:alert(1)"}, ""),
    ],
)
def test_the_source_of_an_entity_is_its_repository(
    ask: Any, entity: Any, annotations: dict[str, str], repository: str
) -> None:
    detail = {"annotations": {f"backstage.io/{key}": value for key, value in annotations.items()}}
    assert ask.knowing([entity("lone", detail=detail)])("show lone").data["repository"] == repository


def test_the_card_leads_to_other_tools_and_keeps_the_keys_that_page(ask: Any, entity: Any, read: Read) -> None:
    told = {
        "jira/project-key": "LONE<!here>",
        "grafana/dashboard-selector": "tag=lone",
        "datadoghq.com/dashboard-url": "https://metrics.acme.example/d/1",
        "pagerduty.com/integration-key": "key-that-pages",
        "newrelic.com/dashboard-guid": "https://metrics.acme.example/" + "x" * 4000,
    }
    reply = ask.knowing([entity("lone", detail={"annotations": told})])("show lone")
    said = read(reply)
    assert len(said) < 3000
    assert "*Tracked in*: LONE&lt;!here&gt; (jira)" in said
    assert "*Monitoring*: <https://metrics.acme.example/d/1|datadoghq>, tag=lone (grafana)" in said
    assert "key-that-pages" not in said + str(reply.data)
    assert reply.data["tools"]["tracker"] == {"jira/project-key": "LONE<!here>"}


def test_a_team_has_people_things_and_an_on_call(ask: Any, read: Read) -> None:
    said = read(ask("team payments"))
    assert "Ben Okoro" in said
    assert "Ann Sommer" in said
    assert "*checkout* (Component, service)" in said
    assert "Belongs to: engineering" in said
    assert ask("team").data["team"]["name"] == "team-payments"


def test_a_team_without_members_says_so_and_its_name_once(ask: Any, read: Read) -> None:
    said = read(ask("team team-quiet"))
    assert "People: none in the catalog" in said
    assert "*team-quiet*\n" in said


def test_the_team_of_a_thing_is_its_owner_and_that_is_said(ask: Any) -> None:
    reply = ask("team checkout")
    assert reply.data["team"]["ref"] == "group:default/team-payments"
    assert "the team that owns it" in reply.text


def test_mine_lists_what_my_teams_own(ask: Any) -> None:
    reply = ask("mine")
    assert reply.text.startswith("Ann Sommer, you and your 1 team own 3 things")
    assert "component:default/checkout" in reply.data["owns"]["group:default/team-payments"]


def test_mine_without_an_address_says_what_to_do(ask: Any) -> None:
    assert "--as you@example.com" in replace(ask, asker=ask.asker._replace(email=""))("mine").text


@pytest.mark.parametrize(
    "who", ["ann", "@ann", "ann@acme.example", "me", "<mailto:ann@acme.example|ann@acme.example>"]
)
def test_whois_finds_people_however_they_are_named(ask: Any, who: str) -> None:
    reply = ask(f"whois {who}")
    assert reply.text.startswith(
        "Ann Sommer: teams Payments (#team-payments); on call: payments-primary, level 2 until"
    )


def test_whois_is_about_people(ask: Any) -> None:
    assert "is a component, not a person" in ask("whois storefront").text


def test_an_api_tells_version_endpoints_and_both_sides(ask: Any, read: Read) -> None:
    reply = ask("api users-api")
    assert reply.text == "users-api: version 3.2.1, 2 endpoints, provided by users, consumed by checkout"
    assert "GET /users/{id}" in read(reply)


def test_the_provider_of_one_api_will_do(ask: Any) -> None:
    assert "users-api: version 3.2.1" in ask("api component:default/users").text
    assert "provides no API" in ask("api component:default/checkout").text


def test_docs_are_links_and_their_absence_names_who_to_ask(ask: Any, read: Read) -> None:
    said = read(ask("docs checkout"))
    assert "<https://wiki.acme.example/runbooks/checkout|Runbook>" in said
    assert "(runbook)" not in said  # its title says so
    assert ask("runbook checkout").data["links"][0]["type"] == "runbook"
    assert (
        ask("docs my_service").text
        == "No documentation of my_service is linked in the catalog. Ask Payments in #team-payments."
    )


def test_find_counts_and_offers_cards(ask: Any, buttons: Buttons) -> None:
    reply = ask("find owner:team-payments kind:component")
    assert reply.data["total"] == 2
    assert sorted(buttons(reply)) == ["show component:default/checkout", "show component:default/my_service"]


def test_find_keeps_quotes(ask: Any) -> None:
    assert ask('find "cart into"').data["total"] == 1
    assert ask('find "into cart"').data["total"] == 0


def test_find_names_filters_that_it_does_not_know(ask: Any, read: Read) -> None:
    assert "Not a filter, left out: tier:" in read(ask("find tier:1 checkout"))


def test_find_says_how_many_it_left_out(ask: Any, entity: Any) -> None:
    reply = ask.knowing([entity(f"thing-{at}") for at in range(200)])("find thing")
    (rows,) = [part for part in reply.parts if isinstance(part, Rows)]
    *shown, left = rows.lines
    assert left == f"_…and {200 - len(shown)} more_"


def test_find_nothing_offers_what_is_near(ask: Any, buttons: Buttons) -> None:
    reply = ask("find chekout")
    assert "Nothing found" in reply.text
    assert "Did you mean checkout" in reply.text
    assert buttons(reply)[0] == "show component:default/checkout"


@pytest.mark.parametrize(
    "words",
    ["show checkout", "show users-api", "show ann", "team payments", "mine", "whois ann", "api users-api",
     "docs checkout", "docs my_service", "find checkout", "find chekout", "freshness", "about", "sync", "help"],
)  # fmt: skip
def test_every_button_of_every_answer_is_answered(ask: Any, buttons: Buttons, words: str) -> None:
    asked = buttons(ask(words))
    assert asked
    for each in asked:
        if not each.startswith("find "):
            assert ask(each).ok or "postgres" in each, each
