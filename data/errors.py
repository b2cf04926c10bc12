"""What may go wrong in a way that a person can understand.

A `UserError` carries its own sentence and is shown as it is. Anything else that is raised is a bug: it gets a
number, a log record and an apology.
"""


class UserError(Exception):
    """A sentence for the person who asked, and a hint of what to do next (may be empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFound(UserError):
    """What was asked for does not exist, or the person may not know that it does."""


class NotAllowed(UserError):
    """The person may not do this."""


class Conflict(UserError):
    """Somebody else was faster, or the thing has changed since."""


class Invalid(UserError):
    """The input does not have the form that is needed."""


class Unavailable(UserError):
    """An outside system does not answer, or is not connected."""
