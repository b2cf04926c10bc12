"""What the placeholders of one file are given, and a record of it."""

from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b

from data.errors import Invalid, UserError
from data.ports.catalog import Checkout
from data.store.sync_memory import Reads

MAX_FETCHES = 100  # different things that the placeholders of one file name
MAX_FETCHED = 16 << 20  # bytes of them all


def digest_of(content: bytes) -> blake2b:
    """The hash of a file that fetches nothing."""
    return blake2b(content, digest_size=16)


class Fetch:
    """Serves placeholders and writes down what was asked for and what came back."""

    def __init__(self, checkout: Checkout, path: str) -> None:
        self._checkout = checkout
        self._path = path
        self.answers: dict[str, bytes | UserError] = {}
        self.stamps: dict[str, str] = {}

    def __call__(self, target: str) -> bytes:
        if target not in self.answers:
            self.answers[target] = self._ask(target)
        answer = self.answers[target]
        if isinstance(answer, UserError):
            raise answer
        return answer

    def _ask(self, target: str) -> bytes | UserError:
        held = sum(len(answer) for answer in self.answers.values() if isinstance(answer, bytes))
        if len(self.answers) >= MAX_FETCHES or held > MAX_FETCHED:
            return Invalid(
                "The file names too much.", f"at most {MAX_FETCHES} files, {MAX_FETCHED >> 20} MiB in all"
            )
        # asked before reading: what is written in between looks changed the next time
        self.stamps[target] = self._checkout.stamp(self._path, target)
        try:
            return self._checkout.read(self._path, target)
        except UserError as error:
            return error

    def reads(self) -> Reads:
        """What was asked for, with its stamps."""
        return [(target, self.stamps.get(target, "")) for target in self.answers]

    def digest(self, content: bytes) -> str:
        """A hash of the file with everything it fetched, in the order of asking."""
        total = digest_of(content)
        for target, answer in self.answers.items():
            told = answer if isinstance(answer, bytes) else answer.message.encode(errors="replace")
            total.update(f"\0{len(told)}\0{target}\0".encode(errors="replace") + told)
        return total.hexdigest()

    def repeat(self, targets: Iterable[str], content: bytes) -> str:
        """The digest that the file has if it asks for what it asked for last time."""
        for target in targets:
            with suppress(UserError):
                self(target)
        return self.digest(content)
