"""A person's words in, a Reply out, whatever happens."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

from slack_bolt import BoltResponse

from bot.processes.work import report_bug
from bot.slack.drawing.views import Message, render, sentence
from bot.slack.who.people import Person
from commands import Asker, answer
from commands.parts.acts import Act
from commands.parts.ask import Surface
from commands.parts.reply import Reply
from data.errors import UserError
from data.idp import Idp

JSON: Final[dict[str, Sequence[str]]] = {"content-type": ["application/json;charset=utf-8"]}
APOLOGY: Final = "Something went wrong here. It is noted under the number {}."


def ask(idp: Idp, words: str, person: Person, channel: str, surface: Surface) -> Reply:
    """Answer. A bug becomes an apology with its number; everything else is the command's own sentence."""
    try:
        asker = Asker(person.name, person.email, person.id, channel, surface, person.timezone)
        return answer(words, asker, idp)
    except Exception:  # noqa: BLE001 - the one line between a bug in a command and the person who asked
        return apology("answering a question")


def carried(reply: Reply, account: str, carry: Callable[[str, Act], Reply]) -> Reply:
    """The reply; where it wants something done, what came of that."""
    if reply.act is None:
        return reply
    try:
        return carry(account, reply.act)
    except UserError as error:
        return sentence(error.message, error.hint)
    except Exception:  # noqa: BLE001 - as above
        return apology("carrying something out")


def guarded(doing: str, make: Callable[[], Message]) -> Message:
    """The message that `make` makes: a UserError says its sentence, a bug its number."""
    try:
        return make()
    except UserError as error:
        return refused(error)
    except Exception:  # noqa: BLE001 - after the acknowledgement nobody else would tell the person
        return for_one(render(apology(doing)))


def refused(error: UserError) -> Message:
    """Its sentence, for the person alone."""
    return for_one(render(sentence(error.message, error.hint)))


def for_one(message: Message) -> Message:
    """A message for the person alone; it leaves the message with the pressed button as it is."""
    return {"response_type": "ephemeral", "replace_original": False, **message}


def apology(doing: str) -> Reply:
    """For the exception that is being handled."""
    return sentence(APOLOGY.format(report_bug(doing)), "Try again, or tell the platform team the number.")


class Answered(BoltResponse):
    """An acknowledgement that carries a message. Its JSON stays bytes: text would be made bytes again."""

    status = 200
    headers = JSON  # nobody changes them

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @property
    def body(self) -> str:  # type: ignore[override]  # Bolt has a field
        """As Bolt's adapters take it."""
        return self.raw.decode()


class Handover:
    """A message made on one thread and waited for, a moment only, on another. Exactly one side keeps it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._message: Message | None = None
        self._waiting = True

    def offer(self, message: Message) -> bool:
        """From the maker: True when the other side still waits and takes it."""
        with self._changed:
            if self._waiting:
                self._message = message
                self._changed.notify()
            return self._waiting

    def wait(self, seconds: float) -> Message | None:
        """From the other side: the message, or None when it is not there in time; the maker then keeps it."""
        with self._changed:
            self._changed.wait_for(lambda: self._message is not None, seconds)
            self._waiting = False
            return self._message
