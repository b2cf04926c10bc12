"""What stands in the log: one line for each record, whatever others say of themselves."""

import io
import logging

from bot.processes.logs import Lines

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
