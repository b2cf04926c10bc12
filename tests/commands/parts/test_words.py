import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.parts.words import LONGEST, Quoted, read_flags, split
from data.errors import Invalid

KNOWN = {"share": "", "json": "", "depth": "n", "at": "time…", "blast-radius": ""}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("who-owns checkout", ["who-owns", "checkout"]),
        ("  who-owns   checkout  ", ["who-owns", "checkout"]),
        ("", []),
        ('find "card schemes" x', ["find", "card schemes", "x"]),
        ("find “card schemes”", ["find", "card schemes"]),
        ("find „card schemes“", ["find", "card schemes"]),
        ("find «card schemes»", ["find", "card schemes"]),
        ("find 'card schemes'", ["find", "card schemes"]),
        ("find ‘card schemes’", ["find", "card schemes"]),
        ("who's on call", ["who's", "on", "call"]),
        ("who’s on call", ["who's", "on", "call"]),
        ('find tag:"two words"', ["find", "tag:two words"]),
        ('find "open quote', ["find", "open quote"]),
        ('find ""', ["find", ""]),
        ("deps x —depth 2", ["deps", "x", "--depth", "2"]),
        ("deps x –depth 2", ["deps", "x", "--depth", "2"]),
        ("show a—b", ["show", "a—b"]),
        ("whois <@U12|ann>", ["whois", "@ann"]),
        ("whois <@U12>", ["whois", "@U12"]),
        ("team <#C12|team-payments>", ["team", "#team-payments"]),
        ("show <https://github.com/acme/checkout>", ["show", "https://github.com/acme/checkout"]),
        ("show <https://github.com/acme/checkout|here>", ["show", "https://github.com/acme/checkout"]),
        ("whois <mailto:ann@acme.example|ann@acme.example>", ["whois", "ann@acme.example"]),
        ("team <!subteam^S1|@payments>", ["team", "@payments"]),
        ("show <!here>", ["show"]),
        ("find a &lt;b&gt; &amp;c", ["find", "a", "<b>", "&c"]),
    ],
)
def test_splits_what_people_and_slack_type(typed: str, words: list[str]) -> None:
    assert split(typed) == words


def test_knows_what_was_quoted() -> None:
    assert [type(word) is Quoted for word in split('find "two words" one "--share"')] == [False, True, False, True]


@given(st.text())
def test_never_fails_and_never_gives_white_space_outside_quotes(text: str) -> None:
    for word in split(text):
        assert type(word) is Quoted or '"' not in word


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), max_size=8))
def test_words_come_back_as_they_were(words: list[str]) -> None:
    assert split(" ".join(words)) == " ".join(words).split()


@given(st.lists(st.text(st.sampled_from("ab -:/"), min_size=1).map(str.strip), max_size=5))
def test_quoted_words_come_back_as_they_were(words: list[str]) -> None:
    assert split(" ".join(f'"{word}"' for word in words)) == words


def test_reads_only_as_much_as_a_question_may_hold() -> None:
    assert sum(map(len, split("x" * 1_000_000))) == LONGEST


@pytest.mark.parametrize(
    ("typed", "words", "flags"),
    [
        ("checkout --share", ["checkout"], {"share": ""}),
        ("--share checkout", ["checkout"], {"share": ""}),
        ("x --depth 2 y", ["x", "y"], {"depth": "2"}),
        ("x --depth=2", ["x"], {"depth": "2"}),
        ("x --DEPTH=2", ["x"], {"depth": "2"}),
        ("x --at tomorrow 9:00 --share", ["x"], {"at": "tomorrow 9:00", "share": ""}),
        ('x --at "tomorrow 9:00"', ["x"], {"at": "tomorrow 9:00"}),
        ("x --blast", ["x"], {"blast-radius": ""}),
        ('"--share"', ["--share"], {}),
        ("-- x", ["--", "x"], {}),
    ],
)
def test_tells_flags_from_words(typed: str, words: list[str], flags: dict[str, str]) -> None:
    assert read_flags(split(typed), KNOWN) == (words, flags)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x --dpth 3", "--depth"),
        ("x --depth", "needs a value"),
        ("x --depth --share", "needs a value"),
        ("--=", "not a flag"),
    ],
)
def test_says_what_is_wrong_with_a_flag(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_flags(split(typed), KNOWN)
    assert sentence in f"{refused.value.message} {refused.value.hint}"
