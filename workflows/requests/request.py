"""The life of a request: asked, looked at, agreed or denied, cancelled, handed on. What `bot` and `commands` call.

Every function is one transaction: rows, audit row and enqueued work appear together or not at all. Every right is
read from the catalog and the policy at the moment of the call, never from a button, a channel or a message.
Refusals raise NotAllowed and leave one audit row; being late raises Conflict ("already decided by …") without.
"""

from workflows.journal import Actor
from workflows.requests.deciding import cancel, decide, look
from workflows.requests.delegating import delegate, end_delegation
from workflows.requests.reworking import go_on, hand_over, retry, undo
from workflows.requests.submitting import Preview, preview, submit

__all__ = [
    "Actor",
    "Preview",
    "cancel",
    "decide",
    "delegate",
    "end_delegation",
    "go_on",
    "hand_over",
    "look",
    "preview",
    "retry",
    "submit",
    "undo",
]
