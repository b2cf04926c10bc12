"""A Reply as a Slack message: within every limit at any size, nothing lost silently, nothing forged."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.block_kit.checking import faults_of
from bot.slack.drawing.views import Message, blocks, cut, render, sentence
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Pre, Reply, Rows, Section, link, md

EVIL = "<!channel> <@U1> <https://evil.example|Approve here> & ``` *bold* \u202e @here"


def rendered(*parts: Part) -> Message:
    return render(Reply(md("an answer"), parts))


def text_of(message: Message) -> str:
    return str(message["blocks"])


LINES = [md("{} is owned by {}", f"service-{n}", "x" * 40) for n in range(500)]

HUGE: list[Part] = [
    Section(md("{}", "word " * 2000)),
    Fields([("Owner", md("{}", "x" * 5000))] * 40),
    Rows(LINES, left_out=9500, more="find service"),
    Pre("\n".join(f"line {n} <&> " + "y" * 300 for n in range(900))),
    Note(md("{}", "z" * 9000)),
    Buttons([Button("b" * 300, "w" * 5000)] * 60),
]


@pytest.mark.parametrize("part", HUGE, ids=lambda part: type(part).__name__)
def test_each_part_stays_within_the_limits_at_any_size(part: Part) -> None:
    assert faults_of(rendered(part)) == []


def test_many_parts_stay_within_the_limits_and_what_is_left_out_is_said() -> None:
    message = rendered(*(HUGE * 20))
    assert len(message["blocks"]) <= 50
    assert faults_of(message) == []
    assert "more parts that do not fit here" in text_of(message)


def test_a_list_says_how_many_lines_are_missing_and_how_to_see_them() -> None:
    text = text_of(rendered(Rows(LINES, left_out=9500, more="find service")))
    shown = text.count("is owned by")
    assert f"…and {10_000 - shown:,} more" in text
    assert "/idp find service" in text


def test_a_tree_is_cut_at_whole_lines_and_says_so() -> None:
    text = text_of(rendered(Pre("\n".join(f"line-{n}" for n in range(5000)))))
    assert "more lines" in text
    assert "line-0\\n" in text


def test_a_small_answer_is_shown_whole() -> None:
    message = rendered(Section(md("hello")), Rows([md("a"), md("b")]), Buttons([Button("Next", "help")]))
    assert [block["type"] for block in message["blocks"]] == ["section", "section", "actions"]
    assert message["blocks"][1]["text"]["text"] == "a\nb"
    assert "more" not in text_of(message)


def test_each_button_can_be_told_apart_and_asks_its_words() -> None:
    message = rendered(
        Buttons([Button("A", "show a"), Button("B", "show b"), Button("C", url="https://c.example")])
    )
    elements = message["blocks"][0]["elements"]
    assert len({element["action_id"] for element in elements}) == 3
    assert [element.get("value") for element in elements] == ["show a", "show b", None]
    assert elements[2]["url"] == "https://c.example"


def test_nothing_from_outside_can_mention_link_or_end_a_block() -> None:
    text = text_of(rendered(Section(md("{}", EVIL)), Rows([md("{}", EVIL)]), Pre(EVIL), Note(md("{}", EVIL))))
    for forged in ("<!channel>", "<@U1>", "<https://evil.example"):
        assert forged not in text
    assert text.count("```") == 2


def test_an_empty_answer_is_still_a_message() -> None:
    for reply in (Reply(Md("")), Reply(Md(""), [Section(Md("")), Rows([]), Buttons([]), Fields([]), Pre("")])):
        assert faults_of(render(reply)) == []


def test_a_sentence_has_its_hint() -> None:
    message = render(sentence("It is not there.", "Look elsewhere."))
    assert message["text"] == "It is not there. Look elsewhere."
    assert faults_of(message) == []


@pytest.mark.parametrize("limit", range(8, 60))
def test_a_cut_never_leaves_half_a_link_or_half_an_escape(limit: int) -> None:
    text = md("a &amp; b {} c {} d", link("https://docs.example.com/a", "the docs"), "<x>") * 3
    short = cut(text, limit)
    assert len(short) <= limit
    assert short.count("<") == short.count(">")
    for piece in short.replace("…", "").split("&")[1:]:
        assert piece.startswith(("amp;", "lt;", "gt;"))


texts = st.text(max_size=400).map(lambda text: md("{}", text))
parts = st.one_of(
    texts.map(Section),
    texts.map(Note),
    st.lists(st.tuples(st.text(min_size=1, max_size=20), texts), max_size=25).map(Fields),
    st.lists(texts, max_size=90).map(Rows),
    st.text(max_size=6000).map(Pre),
    st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)).map(lambda both: Button(*both))).map(Buttons),
)


@settings(max_examples=60)
@given(st.lists(parts, max_size=70))
def test_whatever_is_answered_slack_takes_it(some: list[Any]) -> None:
    assert faults_of(rendered(*some)) == []
    assert len(blocks(some, 100)) <= 100


def test_slack_makes_nothing_of_what_only_looks_like_a_link_or_a_channel() -> None:
    message = rendered(*[part for part in HUGE if not isinstance(part, Buttons)])
    texts = [text for block in message["blocks"] for text in texts_of(block)]
    assert texts
    assert all(text["verbatim"] for text in texts)


def texts_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [block["text"]] if "text" in block else block.get("fields") or block.get("elements") or []


def test_a_page_that_slack_would_refuse_gets_no_button_and_the_others_stay() -> None:
    bad = ["https://exa mple.example/", "https://", "https://x.example/" + "y" * 4000, "https://x.example/<a|b>"]
    buttons = [*[Button("bad", url=url) for url in bad], Button("good", url="https://x.example/a?b=c")]
    (block,) = rendered(Buttons(buttons))["blocks"]
    assert [button["url"] for button in block["elements"]] == ["https://x.example/a?b=c"]


def test_signs_that_turn_the_text_around_are_seen_in_trees_and_on_buttons_too() -> None:
    message = rendered(Pre("a\n└─ b\u202ec @here"), Buttons([Button("x\u202ey", "show x")]))
    assert "\u202e" not in text_of(message)
    assert "└─ b\ufffdc @\u2060here" in str(message["blocks"][0]["text"]["text"])
