"""A layout that is drawn once says exactly what the same parts say that are rendered each time."""

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.drawing.drawn import BRIEF, ROOMY, SHORT, json_for_you, only_you
from bot.slack.drawing.views import render
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Reply, Rows, Section

NAME, TOLD, SOURCE, REF = BLANKS[:4]
LAYOUT = Layout(
    Section(Md(f"*{NAME}* is 100 % {TOLD}")),
    Fields([("Owner", Md(f"{TOLD}, {NAME}"))]),
    Rows([Md(f"{NAME}: {SOURCE}"), SOURCE], left_out=3, more="more"),
    Note(SOURCE),
    Buttons((Button("Card", f"show {REF}"), Button("Approve", deed="approve", about=f"{REF}", confirm="Sure?"))),
    Buttons([Button(f"Who is {NAME}?", f"who-owns {REF}")]),
)
LIST = Layout(
    Rows([*BLANKS[:15], Md(f"_…and {BLANKS[15]} more_")]),
    Buttons([Button(blank, f"show {blank}") for blank in BLANKS[16:20]]),
)
ODD = [
    *BLANKS,
    "\x7f",
    '"',
    "\\",
    '","',
    "\\ue000",
    "%b",
    "⟦1⟧",
    "\n",
    "x" * BRIEF,
    "x" * 76,
    "y" * SHORT,
    "x" * ROOMY,
]
TEXT = st.text() | st.sampled_from(ODD)
TEXTS = st.lists(TEXT, min_size=5, max_size=7)


@given(TEXTS.map(tuple))
@example(("a", "b", "c", "d", ""))
@example(("a", "b", BLANKS[-1], "d", "e"))
@example(("a", "b", "\x7f", "d", "e"))
@example(("a", BLANKS[0], "c", "d", "e", "after"))
@example(("a", "b", "c", "x" * SHORT, "y" * SHORT, "z" * 299))
def test_says_the_same_as_the_parts_do(texts: tuple[str, ...]) -> None:
    text, values, notes = texts[0], texts[1:5], (*texts[5:], "", "")
    filled = Filled(LAYOUT, values).noted(notes[0], notes[1])
    whole = Reply(Md(text), tuple(filled))
    assert orjson.loads(json_for_you(Reply(Md(text), filled))) == only_you(render(whole))


@given(st.lists(TEXT | st.just("z" * 120), min_size=21, max_size=21).map(tuple))
@example(("z" * 100,) * 17 + ("checkout",) * 4)
@example(("z" * 299,) * 21)
@example(("z" * 120,) * 17 + ("two\nlines", "ok", "ok", "ok"))
def test_a_list_says_the_same_as_its_parts_do(texts: tuple[str, ...]) -> None:
    filled = Filled(LIST, texts[1:])
    whole = Reply(Md(texts[0]), tuple(filled))
    assert orjson.loads(json_for_you(Reply(Md(texts[0]), filled))) == only_you(render(whole))


@given(st.lists(TEXT | st.sampled_from(["x" * 1250, "y" * 2000]), min_size=3, max_size=3).map(tuple))
@example(("a", "x" * 1250, "y" * 1250))
@example(("a", "x" * 300, "y" * 2297))
@example(("a", "x" * 3000, "y"))
def test_long_paragraphs_say_the_same_too(texts: tuple[str, ...]) -> None:
    layout = Layout(
        Section(BLANKS[0]), Section(Md(f"{BLANKS[1]} or {BLANKS[1]}, and *{BLANKS[0]}*")), Note(Md("ours"))
    )
    whole = Reply(Md(texts[0]), tuple(filled := Filled(layout, texts[1:])))
    assert orjson.loads(json_for_you(Reply(Md(texts[0]), filled))) == only_you(render(whole))


def test_a_layout_is_filled_like_parts_made_by_hand() -> None:
    filled = Filled(LAYOUT, ("checkout", "ours", "acme", "component:default/checkout")).noted("before", "after")
    assert len(filled) == 8
    assert filled[0] == Note(Md("before"))
    assert filled[1:3] == (Section(Md("*checkout* is 100 % ours")), Fields((("Owner", Md("ours, checkout")),)))
    asked = [part for part in filled if isinstance(part, Buttons)]
    assert asked[0].buttons[0] == Button("Card", "show component:default/checkout")
    assert filled[-1] == Note(Md("after"))


def test_a_layout_is_drawn_once() -> None:
    layout = Layout(Section(Md(f"*{NAME}*")))
    said = [json_for_you(Reply(Md(name), Filled(layout, (name,)))) for name in ("checkout", "users")]
    drawn = layout.drawn
    assert said[0] == said[1].replace(b"users", b"checkout")
    json_for_you(Reply(Md("again"), Filled(layout, ("again",))))
    assert drawn is not None
    assert layout.drawn is drawn
