"""What people read: the list, one golden path, the drift, the dry run, the card of a service, adoption."""

from dataclasses import replace

import pytest

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.cards import draw
from bot.slack.drawing.views import render
from commands import Asker, answer
from commands.parts.reply import Reply
from data.policies import Policy, PolicyConfig
from tests.workflows.house import House
from workflows.templates.telling import TemplateCard, template_card
from workflows.templates.watching import watch


@pytest.fixture
def looked(still: House) -> House:
    watch(still.idp, "now")
    return still


def said(house: House, words: str, by: str = "cat") -> tuple[Reply, str]:
    """The answer, and all that stands in it."""
    reply = answer(words, Asker(by, f"{by}@acme.example"), house.idp)
    message = render(reply)
    assert faults_of({"channel": "C1", **message}) == []
    return reply, str(message)


def test_the_list_tells_who_follows_what(looked: House) -> None:
    reply, text = said(looked, "templates")
    assert "3 services: 3 on v1, 1 edited by hand" in text
    assert "*3 behind*" in text
    assert "github.com/somebody/else: 1 service" in text
    assert "Made by hand: 1 service" in text
    [path] = reply.data["templates"]
    assert (path["version"], path["services"], path["current"], path["behind"]) == ("v3", 3, 0, 3)


def test_one_golden_path_tells_of_each_service(looked: House) -> None:
    _, text = said(looked, "template demo")
    assert "*cart* (payments): v1, 2 versions behind v3; edited by hand: app.txt" in text
    assert "*invoices* (payments): v1, 2 versions behind v3; as the template made it" in text
    assert "not looked into: There is no repository ghost" in text


def test_only_who_may_ask_for_an_upgrade_is_offered_one(looked: House) -> None:
    rules = {"request": {"groups": ["platform"]}, "rules": [{"then": {"approvals": 1, "from": ["owners"]}}]}
    policy = Policy("template-upgrade", PolicyConfig.model_validate(rules))
    looked.idp = replace(looked.idp, policies={**looked.idp.policies, "template-upgrade": policy})
    for words, button in (("template demo", "Upgrade…"), ("template demo upgrade --dry-run", "Ask for 3 pull")):
        assert button in said(looked, words, "cat")[1]
        assert button not in said(looked, words, "ann")[1]


def test_drift_brings_the_notes_of_the_versions_between(looked: House) -> None:
    _, text = said(looked, "template demo drift")
    assert "3 services of Demo service behind v3" in text
    assert text.index("The second.") < text.index("The third:")
    assert "The first." not in text


def test_the_dry_run_says_clean_or_which_files_conflict(looked: House) -> None:
    reply, text = said(looked, "template demo upgrade --to v3 --dry-run")
    assert "1 clean, 1 with conflicts, 1 unknown. Nothing was changed." in text
    assert "*cart*: 1 conflict: app.txt" in text
    assert "Ask for 3 pull requests" in text
    outcomes = {each["ref"].rpartition("/")[2]: each["outcome"] for each in reply.data["services"]}
    assert outcomes == {"cart": "conflicts", "ghost": "unknown", "invoices": "clean"}


def test_the_real_thing_is_asked_for_first(looked: House) -> None:
    reply, text = said(looked, "template demo upgrade --to v3 --wave 2")
    assert "Upgrade 3 services to Demo service v3" in text
    assert "2 waves of up to 2" in text
    assert "1 wave of up to 3" in said(looked, "template demo upgrade --to v3 --wave 3")[1]
    assert "nothing is sent yet" in reply.text
    assert reply.data["values"] == {"template": "demo", "version": "v3", "wave": 2}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("template", "Say which golden path."),
        ("template nothing", "There is no golden path nothing."),
        ("template demo upgrade --to v9 --dry-run", "has no version v9"),
        ("template demo upgrade --wave many", "is not a number of services"),
        ("template demo sing", "has no part sing"),
        ("adoption of-cats", "is not counted"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(looked: House, words: str, sentence: str) -> None:
    reply, _ = said(looked, words)
    assert not reply.ok
    assert sentence in reply.text


def test_the_card_of_a_service_says_how_far_behind_it_is(looked: House) -> None:
    reply, text = said(looked, "show cart")
    assert "demo: v1, 2 versions behind v3; edited by hand: app.txt" in text
    assert "The third:" in text
    assert "Follow v3" in text
    assert reply.data["golden_path"]["behind"] == ["v2", "v3"]
    reply, text = said(looked, "show orders")
    assert reply.data["golden_path"] is None
    assert "Golden path" not in text


def test_adoption_says_how_few_it_knows(looked: House) -> None:
    reply, text = said(looked, "adoption templates")
    assert "3 of 5 services follow a golden path." in text
    assert "unknown (n=0)" in text
    assert "too few to compare" in text
    assert reply.data["by_hand"] == 1


def test_what_owners_are_told_has_a_button_for_each_service(looked: House) -> None:
    card = template_card(looked.idp, '{"path":"demo","version":"v3","owner":"group:default/payments"}')
    assert isinstance(card, TemplateCard)
    text = str(draw(card, looked.idp.catalog.snapshot))
    assert "3 services of yours follow an older version" in text
    assert "Pull request: cart" in text
    assert "*New in v3*" in text
    assert template_card(looked.idp, '{"path":"gone","version":"v3","owner":""}') is None


def test_before_anybody_has_looked_answers_say_so(still: House) -> None:
    _, text = said(still, "template demo")
    assert "v1; how far behind is not known" in text
    assert "not looked into yet" in text
