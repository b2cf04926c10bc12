"""What is said when words are neither a command, nor a sentence, nor anything in the catalog."""

from collections.abc import Iterator, Sequence

from commands.parts.reply import Button
from commands.parts.texts.labels import cut
from commands.parts.typed.naming import EXACT
from commands.parts.typed.registry import Registry
from data.catalog.snapshot import Snapshot
from data.errors import NotFound

MOST_GUESSES = 3  # with the search and the help these are five buttons
MOST_WORDS = 8  # of a sentence: looked up one by one
LONGEST = 60  # signs of a label, or of what is quoted


class Unanswered(NotFound):
    """Words that no command answers; `buttons` are what to ask instead, the way to the help last."""

    def __init__(self, message: str, hint: str, buttons: Sequence[Button]) -> None:
        super().__init__(message, hint)
        self.buttons = buttons


class NotUnderstood(Unanswered):
    """Words that nothing is made of; the buttons are the best guesses."""

    def __init__(self, words: Sequence[str], known: Registry, snapshot: Snapshot) -> None:
        said = " ".join(words)
        guesses = [*_commands(words, known), *_things(words, snapshot)][:MOST_GUESSES]
        others = [Button("Help", "help")]
        if snapshot.search(said, 1).hits:
            others.insert(0, Button(cut(f"Search for {said}", LONGEST), f"find {said}"))
        buttons = {each.words: each for each in [*guesses, *others]}
        super().__init__(_message(words), _hint(guesses), list(buttons.values()))


def _message(words: Sequence[str]) -> str:
    said = cut(" ".join(words), LONGEST)
    if len(words) == 1:
        return f"“{said}” is neither a command nor a name in the catalog."
    return f"I do not understand “{said}”: it begins with neither a command nor a name in the catalog."


def _hint(guesses: Sequence[Button]) -> str:
    if not guesses:
        return "/idp help shows what can be asked."
    return f"Did you mean {' or '.join(each.label for each in guesses)}?"


def _commands(words: Sequence[str], known: Registry) -> Iterator[Button]:
    """The first word put right, with the others as they were."""
    for verb in known.slips(words[0]):
        meant = " ".join((verb, *words[1:]))
        yield Button(cut(meant, LONGEST), meant)


def _things(words: Sequence[str], snapshot: Snapshot) -> Iterator[Button]:
    """What stands under its very name among the words: "how do I deploy checkout" is about checkout."""
    for word in dict.fromkeys(words[1:MOST_WORDS]):
        match = snapshot.resolve(word.strip("?!.,"))
        if match.entity is not None and match.how in EXACT:
            yield Button(cut(match.entity.label, LONGEST), f"show {match.entity.ref}")
