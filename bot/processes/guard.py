"""The guard in front of Bolt: nothing is parsed before it is known that Slack sent it, just now.

Bolt itself parses the body before it looks at the signature, and answers 500 to some malformed headers.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

LARGEST: Final = 1024 * 1024  # bytes of a request; Slack's largest are far smaller
SKEW: Final = 300  # seconds that a request may be old, or early

_TIMESTAMP = re.compile(r"[0-9]{1,12}").fullmatch
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}").fullmatch


def why_refused(secret: bytes, timestamp: str, signature: str, body: bytes, now: float) -> str:
    """ "" for a `body` that Slack signed within the last five minutes, else what the operator should look at.

    `now` in seconds since the epoch. Only what is signed rightly says anything about clocks: a stranger may write
    any time.
    """
    if not _TIMESTAMP(timestamp) or not _SIGNATURE(signature):
        return "not signed as Slack signs"
    expected = hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, sha256).hexdigest()
    if not hmac.compare_digest(expected, signature[3:]):
        return "not signed with SLACK_SIGNING_SECRET"
    apart = abs(now - int(timestamp))
    return "" if apart <= SKEW else "signed more than five minutes before or after the time of this machine"
