"""Why a connection failed, in words for people: what the system says of it, and never an address or a header."""

import ssl
from collections.abc import Iterator


def reason_of(error: BaseException) -> str:
    """Such as "Connection refused", "Name or service not known" or "no answer in time".

    Libraries wrap what the system said: it is looked for among the causes. What has no words of its own is named
    by its class.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message})"
        if isinstance(cause, TimeoutError):
            return "no answer in time"
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, ssl.SSLError):
            return cause.strerror
    return type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__  # httpcore hides the cause
