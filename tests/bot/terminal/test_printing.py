"""Answers in a terminal and in a pipe."""

import json
import shlex
from io import StringIO
from typing import Literal

import pytest
from rich.console import Console

from bot.terminal.printing import show, show_json, styled
from bot.terminal.progress import progress
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Pre, Reply, Rows, Section, code, link, md

REPLY = Reply(
    md("checkout is owned by Payments"),
    [
        Section(md("*{}* is owned by {}", "check_out", link("https://docs.example.com", "Payments"))),
        Fields([("Owner", md("{}", "<Payments> & co")), ("On call", md("Ann"))]),
        Rows([md("{}", "x" * 200), md("b")], left_out=7, more="find service"),
        Pre("checkout\n└─ payments"),
        Note(md("acme · {}", code("a_b/c.yaml"))),
        Buttons([Button("Card", "show checkout"), Button("Docs", url="https://docs.example.com")]),
    ],
    {"owner": "group:default/payments"},
)


def printed(reply: Reply, *, terminal: bool) -> str:
    out = StringIO()
    colours: Literal["standard"] | None = "standard" if terminal else None
    show(reply, Console(file=out, force_terminal=terminal, width=80, color_system=colours))
    return out.getvalue()


def test_in_a_pipe_every_line_is_whole_plain_and_as_it_was_meant() -> None:
    text = printed(REPLY, terminal=False)
    assert "check_out is owned by Payments\n" in text
    assert "Owner    <Payments> & co\n" in text
    assert "x" * 200 + "\n" in text
    assert "…and 7 more: idp ask 'find service'\n" in text
    assert "  └─ payments\n" in text
    assert "acme · a_b/c.yaml\n" in text
    assert "Card: idp ask 'show checkout'\n" in text
    assert "Docs: https://docs.example.com\n" in text
    assert "\x1b" not in text


def test_what_may_be_typed_next_is_what_a_shell_hands_over_again() -> None:
    asked = """oncall it's --at "tomorrow 9:00" $(id)"""
    text = printed(Reply(md("a"), [Buttons([Button("Tomorrow", asked)])]), terminal=False)
    assert shlex.split(text.partition(": ")[2]) == ["idp", "ask", asked]


def test_what_only_a_press_does_is_named_and_no_empty_command_is_offered() -> None:
    row = [Button("Claim", deed="claim", about="0 a b"), Button("Score", "score a"), Button("Send", deed="send")]
    assert (
        printed(Reply(md("a"), [Buttons(row)]), terminal=False)
        == "Score: idp ask 'score a'\nIn Slack: Claim, Send\n"
    )


def test_nothing_from_outside_reaches_the_terminal_as_a_command_to_it() -> None:
    evil = "name\x1b]0;owned\x07\u202e"
    text = printed(Reply(md("a"), [Pre(f"└─ {evil}"), Buttons([Button(evil, f"show {evil}")])]), terminal=False)
    assert "name" in text
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


def test_a_terminal_shows_bold_text_and_links() -> None:
    text = printed(REPLY, terminal=True)
    assert "\x1b[1mcheck" in text
    assert "https://docs.example.com" in text


def test_the_label_of_a_fact_is_dim_and_the_fact_is_not_and_its_lines_stand_below_each_other() -> None:
    text = printed(Reply(md("a"), [Fields([("Score", Md("one\ntwo"))])]), terminal=True)
    assert "\x1b[2mScore  \x1b[0mone" in text
    assert "\n       two" in text


def test_for_a_machine_the_answer_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    show_json(REPLY)
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "ok": True,
        "text": "checkout is owned by Payments",
        "data": {"owner": "group:default/payments"},
    }


def test_what_a_machine_reads_does_nothing_to_the_terminal_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    title = "Grüße \x1b[31m\x9b32m\u202e🎉\U000e0001"
    show_json(Reply(md("{}", title), data={"title": title}))
    text = capsys.readouterr().out
    assert text.replace("\n", "").isprintable()
    assert "Grüße" in text
    assert json.loads(text)["data"]["title"] == title


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("*bold* and _it_", "bold and it"),
        ("my_service_name stays", "my_service_name stays"),
        ("`a_b*c`", "a_b*c"),
        ("<https://a.example|A &amp; B>", "A & B"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("a < b", "a < b"),
        ("*unclosed", "unclosed"),
        (":warning: tried 5 min ago", "⚠ tried 5 min ago"),
        (":x: acme `a.yaml:3`", "✗ acme a.yaml:3"),
        ("", ""),
    ],
)
def test_slacks_marks_become_the_terminals(mrkdwn: str, plain: str) -> None:
    assert styled(mrkdwn).plain == plain


def test_progress_without_a_terminal_is_plain_lines() -> None:
    out = StringIO()
    with progress("Syncing", Console(file=out)) as report:
        report("acme, files:", 1200)
        report("starting", 0)
    assert out.getvalue() == "Syncing: acme, files: 1,200\nSyncing: starting\n"
