"""What stands in the log while the engine's database is away: one line that says why, and bugs as they are."""

import logging

import pytest

from workflows.engine_log import Briefly

GONE = "connection failed: server closed the connection unexpectedly"
RAISED = f"(psycopg.OperationalError) {GONE}\n(Background on this error at: https://sqlalche.me/e/20/e3q8)"


def shown(message: str, error: Exception | None = None) -> logging.LogRecord:
    broken = (type(error), error, None) if error else None
    record = logging.LogRecord("dbos", logging.WARNING, __file__, 1, message, (), broken)
    assert Briefly().filter(record)
    return record


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (f"Exception listing queues: {RAISED}", None),
        (
            f'Exception polling schedules: Traceback\n  File "base.py"\nsqlalchemy.exc.OperationalError: {RAISED}',
            None,
        ),
        ("DBOS failed to launch:", RuntimeError(RAISED)),
        (f"Notification listener error: {GONE}", None),
    ],
)
def test_a_lost_connection_is_always_the_same_line_without_a_traceback(
    message: str, error: Exception | None
) -> None:
    record = shown(message, error)
    assert record.getMessage() == f"the engine waits for the database: {GONE}"
    assert record.exc_info is None


def test_a_bug_keeps_its_words_and_its_traceback() -> None:
    for error in (
        KeyError("x"),
        RuntimeError("(sqlite3.OperationalError) no such table: workflow_status [SQL: …]"),
    ):
        record = shown("Error executing workflow 7", error)
        assert record.getMessage() == "Error executing workflow 7"
        assert record.exc_info is not None
