"""Every answer can be posted, at any size, whatever the catalog's authors write."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.views import render
from commands import verbs
from commands.parts.reply import Reply
from commands.parts.typed.answering import answer
from data.catalog.entity import Entity
from data.catalog.live import Catalog
from data.errors import UserError
from data.store.database import Database

ATTACK = "<!channel> <@U1> <https://evil.example|Approve here> & ``` *x* _y_ ~z~ @here :ok:\n> q"
QUESTIONS = [
    "who-owns {}", "show {}", "oncall {}", "deps {}", "deps {} --graph", "deps {} --blast-radius", "find {}",
    "find kind:component", "team team", "mine", "whois ann", "api {}", "docs {}", "freshness", "about", "help",
    "sync", "{}", "who owns {}?", "oncall", "oncall me", "who-owns {} --json",
]  # fmt: skip
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
MENTION = re.compile(r"<[!@#]|<https?://evil|@(?:here|channel|everyone)", re.IGNORECASE)


def dangers(message: dict[str, Any]) -> list[str]:
    """What Slack would read as a mention or a foreign link, in every text that it reads as mrkdwn."""
    texts = [message["text"]]
    pending: list[Any] = [message["blocks"]]
    while pending:
        here = pending.pop()
        if isinstance(here, dict):
            texts += [here["text"]] if here.get("type") == "mrkdwn" else []
            pending += here.values()
        elif isinstance(here, list):
            pending += here
    return [found[0] for text in texts for found in MENTION.finditer(CODE.sub(_code_without_at, text))]


def _code_without_at(code: re.Match[str]) -> str:
    return code[0].replace("@", "")  # in code nobody is called; a tag in angle brackets would count there too


def crowded(entity: Callable[..., Entity], count: int, text: str) -> Sequence[Entity]:
    """Everything is big: names, relations, owners, links, descriptions."""
    team = entity(
        "team", "Group", title=text, description=text,
        detail={"annotations": {"slack.com/channel": text, "idp/lead": text}},
    )  # fmt: skip
    ann = entity(
        "ann", "User", relations=[("memberOf", "group:default/team")],
        detail={"profile": {"displayName": text, "email": "ann@acme.example"}},
    )  # fmt: skip
    links = [{"url": f"https://x.example/{at}", "title": text, "type": text} for at in range(50)]
    hub = entity(
        "hub", title=text, description=text * 20, owner="group:default/team", type=text, lifecycle=text,
        tags=" ".join(["tag"] * 500), path=text,
        detail={"links": links, "api": {"version": text, "endpoints": [text] * 500}, "labels": {"tier": text}},
    )  # fmt: skip
    return [
        team,
        ann,
        hub,
        *(
            entity(
                f"n{at}-{'x' * 60}", title=text, description=text, owner="group:default/team",
                relations=[("dependsOn", "component:default/hub"), ("consumesApi", f"api:default/{text}")],
            )
            for at in range(count)
        ),
    ]  # fmt: skip


TEXTS = {"attack": ATTACK, "long": "x" * 10_000, "empty": "", "unicode": "ünï " * 300}


@pytest.fixture(scope="module", params=TEXTS, ids=str)
def crowd(request: pytest.FixtureRequest, entity: Callable[..., Entity], hold: Callable[..., Catalog]) -> Catalog:
    return hold(crowded(entity, 300, TEXTS[request.param]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_within_slacks_limits_and_harmless(ask: Any, crowd: Catalog, question: str) -> None:
    message = render(ask.with_idp(catalog=crowd)(question.format("component:default/hub")))
    assert faults_of(message) == []
    assert not dangers(message)
    assert message["text"].strip()


@given(st.text())
@settings(max_examples=150)
def test_whatever_is_typed_gets_an_answer(whatever: str) -> None:
    assert isinstance(CACHED(whatever), Reply)


@pytest.mark.parametrize("verb", [command.name for command in verbs()])
@pytest.mark.parametrize("rest", ["", " checkout", " team-payments", " ünï <@U1> 17", " checkout --since 7d"])
def test_every_verb_answers_in_a_house_in_which_nothing_ever_happened(verb: str, rest: str) -> None:
    assert faults_of(render(CACHED(verb + rest))) == []


@pytest.fixture(autouse=True)
def _cached(ask: Any, migrated_sqlite: Path, tmp_path: Path) -> Iterator[None]:
    global CACHED  # noqa: PLW0603 (hypothesis cannot take a fixture of the function's scope)
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'idp.db')}")
    idp = replace(ask.idp, database=database)
    CACHED = lambda text: answer(text, ask.asker, idp)  # noqa: E731
    yield
    database.close()


CACHED: Callable[[str], Reply]


@pytest.mark.parametrize(
    "typed", [ATTACK, "^(a+)+$", "who-owns " + "a" * 10_000, "find " + "x:" * 5000, "<" * 3000]
)
def test_hostile_questions_are_answered_harmlessly(ask: Any, typed: str) -> None:
    message = render(ask(typed))
    assert faults_of(message) == []
    assert not dangers(message)


def test_errors_never_carry_what_was_typed_unescaped(ask: Any) -> None:
    def refuse(_source: str | None) -> str:
        raise UserError(f"No: {ATTACK}", ATTACK)

    assert not dangers(render(ask.with_idp(request_sync=refuse)("sync")))
