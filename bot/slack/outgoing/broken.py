"""Broken catalog files are told to the team that owns them, in its channel, once for each problem."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from bot.slack.drawing.views import render
from bot.slack.outgoing.chat import Chat, Place
from commands.parts.owners.opinion import owning_group
from commands.parts.reply import Md, Note, Part, Reply, Rows, Section, code, link, md, prose
from commands.parts.texts.labels import contact, cut
from data.catalog.entity import Entity, Problem
from data.catalog.snapshot import Snapshot
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.store.catalog import load_problems
from data.store.told import first_to_tell, told_with, untell

log = logging.getLogger("idp")

PREFIX: Final = "broken:"
AT_ONCE: Final = 10  # problems named in one message
QUIET: Final = frozenset({"files"})  # sources whose author is whoever runs the bot: `idp sync` tells them

Broken = tuple[str, Problem]  # with the name of its source


class BrokenFiles:
    """Looks when the catalog has moved. Safe beside other replicas: the database says who tells."""

    def __init__(self, idp: Idp, chat: Chat) -> None:
        self._idp = idp
        self._chat = chat
        self._seen = -1

    def tell(self) -> None:
        """Post what nobody was told yet; what cannot be posted now is tried again the next time."""
        snapshot = self._idp.catalog.snapshot
        if snapshot.version == self._seen or not self._idp.catalog.loaded:
            return
        problems = self._unheard(snapshot)
        failed = False
        for channel, theirs in _by_channel(snapshot, problems, self._idp.platform_channel).items():
            failed |= not self._post(channel, theirs)
        self._seen = -1 if failed else snapshot.version

    def _unheard(self, snapshot: Snapshot) -> list[Broken]:
        """The errors that are new; those that are over may be told again when they come back."""
        quiet = {name for name, state in snapshot.sources.items() if state.type in QUIET}
        with self._idp.database.store() as store:
            there = {
                _key(source, problem): (source, problem)
                for source, problem in load_problems(store)
                if problem.level == "error" and source not in quiet
            }
            untell(store, told_with(store, PREFIX) - there.keys())
            fresh = first_to_tell(store, there.keys() - told_with(store, PREFIX), self._idp.now())
        return [there[key] for key in sorted(fresh, key=lambda key: (there[key][0], there[key][1].path))]

    def _post(self, channel: str, problems: Sequence[Broken]) -> bool:
        """False when it must be tried again; what a channel refuses is logged, since it will refuse it again."""
        try:
            self._chat.post(Place(channel), render(broken_reply(self._idp.catalog.snapshot, problems)))
        except Unavailable as error:
            log.warning("broken files cannot be told in %s now: %s", channel, error.message)
            with self._idp.database.store() as store:
                untell(store, [_key(*each) for each in problems])
            return False
        except UserError as error:
            log.warning("broken files cannot be told in %s: %s", channel, error.message)
        return True


def broken_reply(snapshot: Snapshot, problems: Sequence[Broken]) -> Reply:
    """The message for one channel: each problem with file, line and what was expected."""
    shown = [_line(snapshot, *each) for each in problems[:AT_ONCE]]
    files = len({(source, problem.path) for source, problem in problems})
    what = (
        "A catalog file of yours cannot be read"
        if files == 1
        else f"{files} catalog files of yours cannot be read"
    )
    first = problems[0][1]
    text = md("{}: {} line {}: {}", what, first.path, str(first.line), cut(first.message, 200))
    parts: list[Part] = [
        Section(md("*{}*", what)),
        Rows(shown, len(problems) - len(shown)),
        Note(Md("Until it is repaired, the last version that could be read answers. This is said once.")),
    ]
    return Reply(text, parts, {})


def _line(snapshot: Snapshot, source: str, problem: Problem) -> Md:
    where = f"{problem.path}:{problem.line}"
    folder, _, inside = problem.path.partition("/")
    repository = snapshot.repositories.in_folder(source, folder)
    page = repository.page(inside) if repository else ""
    shown = link(f"{page}#L{problem.line}", where) if page else code(where)
    said = md(":x: {} {}", shown, prose(cut(problem.message, 200)))
    return (
        md("{} Expected: {}.", said, prose(cut(problem.expected.rstrip("."), 160))) if problem.expected else said
    )


def _by_channel(snapshot: Snapshot, problems: Iterable[Broken], otherwise: str) -> Mapping[str, list[Broken]]:
    """Problems by the channel of the team that owns the file; those of nobody go to the platform's channel."""
    problems = list(problems)
    paths = {(source, problem.path) for source, problem in problems}
    entities = (
        {(each.source, each.path): each for each in snapshot if (each.source, each.path) in paths} if paths else {}
    )
    found: dict[str, list[Broken]] = {}
    for source, problem in problems:
        owner = _owner(snapshot, source, problem, entities.get((source, problem.path)))
        channel = contact(owner).channel if owner else ""
        if channel := channel or otherwise:
            name = channel if channel.startswith(("#", "C", "G")) else f"#{channel}"
            found.setdefault(name, []).append((source, problem))
    return found


def _owner(snapshot: Snapshot, source: str, problem: Problem, entity: Entity | None) -> Entity | None:
    """The team of what the file told when it could be read, else the one that CODEOWNERS names for it."""
    if entity is not None and (owner := snapshot.owner(entity).entity):
        return owner
    folder, _, inside = problem.path.partition("/")
    repository = snapshot.repositories.in_folder(source, folder)
    return owning_group(snapshot, repository.owners(inside)) if repository else None


def _key(source: str, problem: Problem) -> str:
    parts = (source, problem.path, problem.code, problem.message, problem.ref)
    return PREFIX + blake2b("\0".join(parts).encode(errors="replace"), digest_size=16).hexdigest()
