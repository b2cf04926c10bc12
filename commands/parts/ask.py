"""A question: who asked, in which words, of which state of the world; and what a command is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

from commands.parts.board import Board
from commands.parts.reply import Md, Reply
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import NotFound
from data.idp import Idp

Surface = Literal["slash", "mention", "dm", "terminal"]
Group = Literal["ASK", "ACT", "IMPROVE", "CARE", "ADMIN"]


class Asker(NamedTuple):
    """The person who asks. `email` is "" when unknown; `slack_id` and `channel` are "" in a terminal.

    `timezone` is the IANA name of the zone in which the person's clock goes, as far as the house knows it.
    """

    name: str
    email: str = ""
    slack_id: str = ""
    channel: str = ""
    surface: Surface = "terminal"
    timezone: str = "UTC"


@dataclass(slots=True)
class Ask:
    """One question, read once.

    `words` are the words after the verb, `flags` the --flags with their values ("" for a flag without one).
    `snapshot` is taken once, so that one answer never mixes two states of the catalog. `assumed` collects what
    was taken for granted (a typo read as a name) and is said before the answer, `remarks` what is said after it.
    `board` is `board_of` once somebody looked at it.
    """

    verb: str
    words: Sequence[str]
    flags: Mapping[str, str]
    asker: Asker
    idp: Idp
    snapshot: Snapshot
    now: datetime
    assumed: list[Md] = field(default_factory=list)
    remarks: list[Md] = field(default_factory=list)
    board: Board | None = None

    @property
    def subject(self) -> str:
        """The words after the verb as one text, without the question mark."""
        return " ".join(self.words).rstrip("?! ")


class Unclear(NotFound):
    """The words name nothing, or several things: `candidates` are offered as buttons for the same verb.

    `asked` are words to search for when there is no candidate.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        candidates: Sequence[Entity] = (),
        verb: str = "show",
        asked: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.candidates = candidates
        self.verb = verb
        self.asked = asked


@dataclass(frozen=True, slots=True)
class Flag:
    """A --flag of a command: `value` names what follows it ("" when nothing does)."""

    name: str
    help: str
    value: str = ""


@dataclass(frozen=True)
class Command:
    """A verb of /idp. `help` is the docstring of the function, `aliases` are other full words for it.

    `acts` says that its answer may want something done (`Reply.act`): such words are kept before they are taken.
    """

    name: str
    run: Callable[[Ask], Reply]
    group: Group
    usage: str
    example: str
    help: str
    aliases: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    order: int = 50  # place in its group, in the help
    acts: bool = False

    @cached_property
    def known_flags(self) -> dict[str, str]:
        """What each flag's value is called; --share and --json are everybody's."""
        return {"share": "", "json": "", **{flag.name: flag.value for flag in self.flags}}

    @property
    def summary(self) -> str:
        """The first line of the help."""
        return self.help.partition("\n")[0]


def command(
    name: str,
    *,
    group: Group,
    example: str,
    usage: str = "",
    aliases: Sequence[str] = (),
    flags: Sequence[Flag] = (),
    order: int = 50,
    acts: bool = False,
) -> Callable[[Callable[[Ask], Reply]], Command]:
    """Make a function a command. Nothing is registered: the package is searched for what this returns."""

    def made(run: Callable[[Ask], Reply]) -> Command:
        text = _dedent(run.__doc__)
        return Command(name, run, group, usage or name, example, text, tuple(aliases), tuple(flags), order, acts)

    return made


def _dedent(doc: str | None) -> str:
    return "\n".join(line.strip() for line in (doc or "").strip().splitlines())
