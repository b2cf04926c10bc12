"""Which commands there are: those that the modules of this package define."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

import commands
from commands.parts.ask import Command
from commands.parts.typed.phrases import is_sentence

GROUPS = ("ASK", "ACT", "IMPROVE", "CARE", "ADMIN")


@dataclass(frozen=True)
class Registry:
    """Commands in the order of the help, and by every word that names them; `plain` are those words that no
    sentence begins with, such as who-owns, but not who."""

    commands: Sequence[Command]
    by_word: Mapping[str, Command]
    plain: Mapping[str, Command]

    def find(self, word: str) -> Command | None:
        """By name, other name, or a beginning that fits only one command."""
        word = word.lower()
        if word in self.by_word or len(word) < 2:
            return self.by_word.get(word)
        begun = {command.name: command for known, command in self.by_word.items() if known.startswith(word)}
        return next(iter(begun.values())) if len(begun) == 1 else None

    def slip(self, word: str) -> Command | None:
        """The question that a mistyped word means; only what changes nothing may be guessed."""
        near = self.slips(word)
        return self.by_word[near[0]] if near and self.by_word[near[0]].group == "ASK" else None

    def slips(self, word: str) -> list[str]:
        """Of at most three commands, the words that this one is a likely slip of, the likeliest first."""
        if is_sentence(word):  # how is no slip of show
            return []
        best: dict[str, str] = {}
        for near in get_close_matches(word.lower(), self.by_word, n=6, cutoff=0.68):
            best.setdefault(self.by_word[near].name, near)
        return list(best.values())[:3]


@lru_cache(maxsize=256)  # of what people begin with; more than there are commands
def plain(word: str) -> Command | None:
    """The command that a word names for certain: one that no sentence begins with.

    A module is called what its command is called, and nothing but that one is imported here: the first answer of a
    process does not wait for all the others.
    """
    module = _modules().get(word)
    own = _commands_of(module) if module else ()
    return next((command for command in own if command.name == word), None) or registry().plain.get(word)


@cache
def _modules() -> Mapping[str, str]:
    """The names of modules by the commands in them; where sentences begin with that word it takes all of them."""
    names = {module.name.replace("_", "-"): module.name for module in pkgutil.iter_modules(commands.__path__)}
    return {word: name for word, name in names.items() if word != "parts" and not is_sentence(word)}


@cache
def registry() -> Registry:
    """The package is looked through once, at the first question that needs more than one of them."""
    found = sorted(_commands(), key=lambda command: (GROUPS.index(command.group), command.order, command.name))
    by_word = {word: command for command in found for word in (command.name, *command.aliases)}
    plain = {word: command for word, command in by_word.items() if not is_sentence(word)}
    return Registry(found, by_word, plain)


def _commands() -> Iterator[Command]:
    for module in pkgutil.iter_modules(commands.__path__):
        yield from _commands_of(module.name)


def _commands_of(module: str) -> Iterator[Command]:
    members = vars(importlib.import_module(f"commands.{module}")).values()
    return (member for member in members if isinstance(member, Command))
