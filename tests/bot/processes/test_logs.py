"""What stands in the log: one line for each record, whatever others say of themselves."""

import io
import logging

from bot.processes.logs import Calm, Lines

HOSTILE = "a\n2026-01-01 00:00:00 ERROR forged\r\x1b[31mred\x9b32m\u202eback"


def test_what_others_say_forges_no_line_and_acts_on_no_terminal() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines("%(levelname)s %(message)s"))
    record = logging.LogRecord("idp", logging.WARNING, __file__, 1, "refused %s", (HOSTILE,), None)
    handler.handle(record)
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        broken = (type(error), error, error.__traceback__)
    handler.handle(logging.LogRecord("idp", logging.ERROR, __file__, 1, "bug", (), broken))
    first, second, *traceback = out.getvalue().splitlines()
    assert first.startswith("WARNING refused a 2026-01-01 00:00:00 ERROR forged")
    assert second == "ERROR bug"
    assert traceback[0].startswith("Traceback")
    assert out.getvalue().replace("\n", "").isprintable()


def said(*told: tuple[float, int, str]) -> list[str]:
    """What is in the log of records made at these seconds, of these levels."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Calm())
    for at, level, message in told:
        record = logging.LogRecord("idp", level, __file__, 1, "%s", (message,), None)
        record.created = at
        handler.handle(record)
    return out.getvalue().splitlines()


def test_an_outage_is_told_once_a_minute_and_counted() -> None:
    gone = [(float(second), logging.WARNING, "the database does not answer") for second in range(62)]
    assert said(*gone, (30.0, logging.WARNING, "another trouble")) == [
        "the database does not answer",
        "the database does not answer (and 59 times since it was last told)",
        "another trouble",
    ]


def test_what_happens_and_what_is_a_bug_is_always_told() -> None:
    assert said((0.0, logging.INFO, "synced"), (1.0, logging.INFO, "synced")) == ["synced", "synced"]
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Calm())
    broken = (ValueError, ValueError("x"), None)
    for _ in range(2):
        handler.handle(logging.LogRecord("idp", logging.ERROR, __file__, 1, "bug", (), broken))
    assert out.getvalue().count("bug\n") == 2
