"""Which command answers, what is assumed, and what is said when nothing can be."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import orjson
import pytest

from commands import Asker, verbs
from commands.parts.reply import Note, Pre, Reply
from commands.parts.typed.phrases import is_sentence
from commands.parts.typed.registry import plain
from data.errors import Unavailable


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("who-owns checkout", "checkout is owned by Payments"),
        ("WHO-OWNS checkout", "checkout is owned by Payments"),
        ("who checkout", "checkout is owned by Payments"),
        ("owner checkout", "checkout is owned by Payments"),
        ("who-owns checkout?", "checkout is owned by Payments"),
        ("on checkout", "On call for checkout"),
        ("onc checkout", "On call for checkout"),
        ("dep checkout", "checkout: depends on"),
        ("fresh", "19 entities"),
        ("checkout", "Checkout is a production service"),
        ("component:default/checkout", "Checkout is a production service"),
        ("Checkout", "Checkout is a production service"),
        ("chekout", "Checkout is a production service"),
        ("service checkout", "Checkout is a production service"),
        ("who is on call for checkout?", "On call for checkout"),
        ("what breaks if checkout-db fails", "If checkout-db breaks"),
        ("cortex oncall checkout", "On call for checkout"),
        ("depz checkout", "checkout: depends on"),
        ("", "Ann Sommer, you and your 1 team own"),
        ("help", "Type /idp and one of"),
        ("?", "Type /idp and one of"),
    ],
)
def test_the_right_command_answers(ask: Any, typed: str, answer: str) -> None:
    reply = ask(typed)
    assert reply.ok
    assert answer in reply.text


@pytest.mark.parametrize("name", ["checkout", "chekout", "payments-db", "nobody-knows-this", "-checkout"])
def test_the_short_way_of_a_plain_question_leads_where_the_long_one_does(ask: Any, name: str) -> None:
    for verb in ("who-owns", "oncall", "deps", "show", "find", "team", "whois", "help"):
        short, long = ask(f"{verb} {name}"), ask(f"{verb}  {name}")
        assert (short.text, tuple(short.parts), short.ok) == (long.text, tuple(long.parts), long.ok), verb


def test_nothing_asked_is_ones_own_desk_and_help_to_whom_the_catalog_does_not_know(ask: Any) -> None:
    assert ask("").text == ask("mine").text
    assert replace(ask, asker=Asker("you"))("").text == ask("help").text


def test_a_typo_answers_at_once_and_says_what_it_assumed(ask: Any) -> None:
    reply = ask("who-owns chekout")
    assert reply.text.startswith("checkout is owned by Payments")
    assert "I took “chekout” for" in reply.text
    assert isinstance(reply.parts[0], Note)


def test_a_sentence_teaches_the_command(ask: Any) -> None:
    assert "`/idp oncall checkout`" in ask("who is on call for checkout").text


def test_nothing_is_assumed_when_nothing_was(ask: Any, read: Callable[[Reply], str]) -> None:
    assert "I took" not in read(ask("who-owns checkout"))
    assert "I read this" not in read(ask("who-owns checkout"))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("hlep", ["help"]),
        ("acess", ["access", "help"]),
        ("acess checkout prod", ["access checkout prod", "show component:default/checkout", "help"]),
        ("desp", ["desk", "deps", "help"]),
        ("how do I deploy checkout?", ["show component:default/checkout", "help"]),
        ("foo", ["help"]),
        ("turns", ["find turns", "help"]),
        ("xyz abc def", ["help"]),
    ],
)
def test_unknown_words_get_one_sentence_and_buttons_that_lead_on(
    ask: Any, buttons: Callable[[Reply], list[str]], typed: str, asked: list[str]
) -> None:
    reply = ask(typed)
    assert not reply.ok
    assert "neither a command nor a name" in reply.text
    assert buttons(reply) == asked


def test_who_owns_with_a_slip_is_still_the_question(ask: Any) -> None:
    assert "checkout is owned by Payments" in ask("who ownes checkout").text
    assert "Which one?" in ask("who owns").text


def test_a_refusal_leads_to_the_help_of_its_command(ask: Any, buttons: Callable[[Reply], list[str]]) -> None:
    assert buttons(ask("deps")) == ["help deps"]
    assert buttons(ask("who-owns zzzzzzzzzz")) == ["help who-owns"]
    assert buttons(ask("who-owns order")) == ["find order", "help who-owns"]


def test_several_things_are_offered_as_buttons_of_the_same_verb(
    ask: Any, entity: Any, buttons: Callable[[Reply], list[str]]
) -> None:
    twins = [entity(f"billing-{which}", description="x") for which in "abcdefg"]
    reply = ask.knowing(twins)("who-owns billing")
    assert not reply.ok
    assert len(buttons(reply)) == 5
    assert all(words.startswith("who-owns component:default/billing-") for words in buttons(reply))
    assert "Did you mean" in reply.text


def test_unknown_is_an_answer_that_says_what_to_do(ask: Any) -> None:
    reply = ask("who-owns zzzzzzzzzz")
    assert not reply.ok
    assert "“zzzzzzzzzz” is not in the catalog." in reply.text
    assert "/idp find" in reply.text


@pytest.mark.parametrize("verb", ["who-owns", "show", "deps", "api", "docs"])
def test_a_verb_without_a_name_asks_for_one(ask: Any, verb: str) -> None:
    reply = ask(verb)
    assert not reply.ok
    assert "Which one?" in reply.text


def test_share_is_for_everybody_and_nothing_else_is(ask: Any) -> None:
    assert ask("who-owns checkout --share").public
    assert ask("--share who-owns checkout").public
    assert ask("--share who owns checkout").public
    assert not ask("who-owns checkout").public


def test_json_is_shown_to_people_too_when_they_ask_for_it(ask: Any) -> None:
    (part,) = ask("who-owns checkout --json").parts
    assert isinstance(part, Pre)
    assert orjson.loads(part.text)["owner"] == "group:default/team-payments"


def test_a_flag_that_is_not_known_is_said(ask: Any) -> None:
    reply = ask("deps checkout --dpth 3")
    assert not reply.ok
    assert "--dpth is not a flag" in reply.text
    assert "--depth" in reply.text


def test_what_cannot_be_done_is_said_and_a_bug_is_not_hidden(ask: Any) -> None:
    def refuse(_source: str | None) -> NoReturn:
        raise Unavailable("The queue is full.", "Try again in a minute.")

    def broken(_source: str | None) -> NoReturn:
        raise ZeroDivisionError

    reply = ask.with_idp(request_sync=refuse)("sync")
    assert not reply.ok
    assert reply.text == "The queue is full. Try again in a minute."
    with pytest.raises(ZeroDivisionError):
        ask.with_idp(request_sync=broken)("sync")


@pytest.mark.parametrize("command", verbs(), ids=lambda command: command.name)
def test_every_command_has_help_that_can_be_read(ask: Any, command: Any) -> None:
    assert command.summary.endswith(".")
    assert len(command.summary) < 120
    assert "--json:" in command.help
    reply = ask(f"help {command.name}")
    assert reply.ok
    assert command.summary in reply.text.replace("&lt;", "<")
    assert command.example.split()[0] in (command.name, *command.aliases)


def test_a_command_never_imports_another_command() -> None:
    modules = {command.run.__module__ for command in verbs()}
    assert len(modules) == len(verbs())
    for module in modules:
        tree = ast.parse(Path(str(sys.modules[module].__file__)).read_text())
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & modules, module


def test_a_module_is_called_what_its_command_is_called() -> None:
    for command in verbs():
        assert command.run.__module__ == f"commands.{command.name.replace('-', '_')}"
        assert is_sentence(command.name) or plain(command.name) is command


def test_the_first_question_imports_its_own_command_alone() -> None:
    code = "import sys; from commands.parts.typed.registry import plain; plain('who-owns'); print(*sys.modules)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    imported = set(asked.stdout.split())
    assert {command.run.__module__ for command in verbs()} & imported == {"commands.who_owns"}
    assert "sqlalchemy.dialects.postgresql" not in imported


def test_no_word_names_two_commands() -> None:
    words = [word for command in verbs() for word in (command.name, *command.aliases)]
    assert len(words) == len(set(words))


def test_help_groups_commands_and_gives_each_an_example(ask: Any, read: Callable[[Reply], str]) -> None:
    said = read(ask("help"))
    assert "*Ask*" in said
    assert all(f"/idp {command.example}" in said.replace("&lt;", "<") for command in verbs())


def test_help_for_something_that_is_no_command(ask: Any) -> None:
    reply = ask("help depz")
    assert not reply.ok
    assert "Did you mean deps" in reply.text


def test_every_command_that_may_act_says_so() -> None:
    acting = ("act=Act(", "acted(ask", "given_back", "extended")
    for command in verbs():
        source = Path(inspect.getfile(command.run)).read_text()
        assert command.acts or not any(sign in source for sign in acting), command.name
