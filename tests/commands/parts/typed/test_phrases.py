import pytest

from commands.parts.typed.phrases import rephrase
from tests.waiting import soon


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("who is on call for checkout", "oncall checkout"),
        ("who's on call for checkout?", "oncall checkout"),
        ("Who is on-call for the checkout service right now?", "oncall checkout service"),
        ("who is oncall for service checkout", "oncall checkout"),
        ("who is on call for checkout tomorrow 9:00", "oncall checkout --at tomorrow 9:00"),
        ("who is on call for checkout at fri 17:00?", "oncall checkout --at at fri 17:00"),
        ("who is on call", "oncall"),
        ("when am I on call?", "oncall me"),
        ("am i on call", "oncall me"),
        ("who do I page for checkout", "oncall checkout"),
        ("who should we wake up when checkout breaks?", "oncall checkout"),
        ("who owns checkout", "who-owns checkout"),
        ("who owns the checkout?", "who-owns checkout"),
        ("hey, who owns checkout, please?", "who-owns checkout"),
        ("Hi team! can you tell me who owns checkout", "who-owns checkout"),
        ("does anybody know who is on call for checkout?", "oncall checkout"),
        ("please who-owns checkout", "who-owns checkout"),
        ("who is the owner of checkout", "who-owns checkout"),
        ("which team maintains payments db", "who-owns payments db"),
        ("whose is checkout", "who-owns checkout"),
        ("owner of checkout", "who-owns checkout"),
        ("who can I ask about checkout?", "who-owns checkout"),
        ("who is ann", "whois ann"),
        ("who am I", "whois me"),
        ("who is in team-payments", "team team-payments"),
        ("what depends on checkout", "deps checkout --up"),
        ("which services depend on checkout?", "deps checkout --up"),
        ("what uses users-api", "deps users-api --up"),
        ("what breaks if postgres-checkout-db fails?", "deps postgres-checkout-db --blast-radius"),
        ("what breaks if checkout breaks", "deps checkout --blast-radius"),
        ("what happens when checkout goes down", "deps checkout --blast-radius"),
        ("blast radius of checkout", "deps checkout --blast-radius"),
        ("what does checkout depend on?", "deps checkout --down"),
        ("where are the docs of checkout?", "docs checkout"),
        ("where is the runbook for checkout", "docs checkout runbook"),
        ("runbook checkout", "docs checkout runbook"),
        ("what is checkout", "show checkout"),
        ("tell me about checkout", "show checkout"),
        ("what does team-payments own", "team team-payments"),
        ("what do we own", "mine"),
        ("my services", "mine"),
        ("how fresh is the catalog?", "freshness"),
        ("/pd oncall checkout", "oncall checkout"),
        ("cortex oncall checkout", "oncall checkout"),
        ("opslevel service checkout", "service checkout"),
        ("/fh service checkout", "service checkout"),
        ("hubot who is on call for checkout", "oncall checkout"),
        ("backstage catalog oncall checkout", "oncall checkout"),
    ],
)
def test_understands_what_people_say(sentence: str, words: str) -> None:
    assert rephrase(sentence) == words


@pytest.mark.parametrize("text", ["", "checkout", "who-owns checkout", "gibberish and more", "pd", "my", "?"])
def test_leaves_alone_what_is_no_sentence(text: str) -> None:
    assert rephrase(text) == ""


@pytest.mark.parametrize(
    "text", ["what " * 2000, "who is on call for " + "a" * 10_000, "who owns " + "at " * 4000, "^(a+)+$ " * 500]
)
def test_long_and_odd_text_costs_little(text: str) -> None:
    with soon():
        rephrase(text)
