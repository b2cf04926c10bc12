import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.parts.reply import Later, Md, code, escape, link, md, prose

FORMATTED = re.compile(r"(?:^|[^A-Za-z0-9_])([*_~])(?=\S)[^\n]*?\1(?:[^A-Za-z0-9_]|$)")
NASTY = st.text(st.one_of(st.sampled_from("<>&|*_~`@!#:\n\r\t \u202e\u2028\u0000\ud800abc"), st.characters()))


@pytest.mark.parametrize(
    "name",
    [
        "checkout",
        "my_service",
        "a_b_c",
        "my__service",
        "team-payments",
        "a.b/c",
        "user:default/ann",
        "10*20",
        "größe",
        "x+y",
    ],
)
def test_ordinary_names_stay_as_they_are_and_can_be_copied(name: str) -> None:
    assert escape(name) == name


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("<!channel>", "<!"),
        ("<@U123>", "<@"),
        ("<https://evil.example|Approve here>", "<http"),
        ("@here @channel @everyone", "@here"),
        ("@HERE", "@HERE"),
        ("*bold*", "*"),
        ("_italic_", "_"),
        ("~gone~", "~"),
        ("a *b* c", "*"),
        ("(_x_)", "_"),
        ("```code```", "`"),
        (":white_check_mark: approved", ":white_check_mark:"),
        ("line\nbreak", "\n"),
        ("\u202eright to left", "\u202e"),
    ],
)
def test_nothing_from_outside_formats_mentions_or_links(text: str, never: str) -> None:
    assert never not in escape(text)


def test_a_quote_cannot_begin_a_line() -> None:
    assert not escape("> look").startswith("&gt;")
    assert not escape(">>> look").startswith("&gt;")


@given(NASTY)
def test_whatever_comes_from_outside_is_one_harmless_line(text: str) -> None:
    safe = md("{}", text)
    assert "<" not in safe
    assert ">" not in safe
    assert "`" not in safe
    assert not set("\n\r\u2028\u0000\ud800") & set(safe)
    assert re.sub(r"&(?:amp|lt|gt);", "", safe).count("&") == 0
    assert not FORMATTED.search(safe)
    assert not re.search(r"@(?:here|channel|everyone)", safe, re.IGNORECASE)


@given(NASTY, NASTY)
def test_two_values_side_by_side_cannot_format_together(one: str, other: str) -> None:
    assert not FORMATTED.search(md("{} {}", one, other))


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\u02cd\u02cb`")))
def test_words_survive(text: str) -> None:
    letters = [c for c in text if c.isalnum()]
    safe = escape(text).replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").replace("\u02cd", "_")
    assert [c for c in safe if c.isalnum()] == letters


def test_our_own_marks_stay() -> None:
    assert md("*{}*: {}", "a*b", Md("<@U1>")) == "*a*b*: <@U1>"


@given(NASTY)
@example("rm `id`")
def test_code_ends_where_we_end_it(text: str) -> None:
    assert code(text).count("`") == 2
    assert "<" not in code(text)


def test_code_calls_nobody() -> None:
    assert code("call @here now") == "`call @\u2060here now`"


def test_code_keeps_names_copyable() -> None:
    assert code("_private_ *x*") == "`_private_ *x*`"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a group is named twice in `from`", "a group is named twice in `from`"),
        ("add it to `covers`, *now*", "add it to `covers`, ∗now∗"),
        ("`<!channel>` and <!channel>", "`&lt;!channel&gt;` and &lt;!channel&gt;"),
        ("one ` alone", "one ˋ alone"),
        ("empty `` and ``` three", "empty ˋˋ and ˋˋˋ three"),
        ("“x`<@U1>`y” is not a name", "“x`&lt;@U1&gt;`y” is not a name"),
        ("", ""),
    ],
)
def test_names_between_backticks_are_code_and_nothing_in_them_acts(text: str, shown: str) -> None:
    assert prose(text) == shown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://x|y", "https://x>y", "https://x y", "", "file:///etc/passwd", "https://x\ny"],
)
def test_a_link_that_is_not_one_stays_text(url: str) -> None:
    assert link(url, "here") == "here"


def test_a_link_says_only_what_its_label_says() -> None:
    assert link("https://x.example/?a=1&b=2", "a|b<c>") == "<https://x.example/?a=1&amp;b=2|a∣b&lt;c&gt;>"


@pytest.mark.parametrize("label", ["https://wiki.acme.example/login", "see www.acme.example", "HTTP://acme"])
def test_a_link_that_poses_as_another_address_shows_its_own(label: str) -> None:
    assert link("https://evil.example/a", label) == "<https://evil.example/a|https://evil.example/a>"


def test_a_long_link_fits_into_a_line_or_is_text() -> None:
    assert len(link("https://x.example/" + "y" * 600, "L" * 500)) < 900
    assert link("https://x.example/" + "y" * 4000, "runbook") == "runbook"


def test_facts_for_machines_are_worked_out_when_asked_for_and_once() -> None:
    asked: list[int] = []

    def facts() -> dict[str, int]:
        asked.append(1)
        return {"a": 1}

    later = Later(facts)
    assert not asked
    assert dict(later) == {"a": 1}
    assert len(later) == 1
    assert asked == [1]
