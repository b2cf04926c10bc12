"""What CODEOWNERS of a repository says about ownership, beside what the catalog file declares."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from commands.parts.ask import Ask
from commands.parts.board_now import board_of
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Section, code, link, md
from data.catalog.entity import Entity
from data.catalog.repos.codeowners import normalise_owner
from data.catalog.repos.repositories import Repository
from data.catalog.snapshot import Owner, Snapshot

CLAIMED = "claimed_owner"  # in the detail of an entity whose change of owner waits for the old owner
ANY_FILE = "_"  # stands for any file of a folder: no rule for a kind of files is meant to fit
MOST_NAMED = 3


class Opinion(NamedTuple):
    """Whom CODEOWNERS names for a path: `owners` as written, `groups` those of them that are in the catalog."""

    repository: Repository
    path: str
    owners: Sequence[str]
    groups: Sequence[Entity]

    @property
    def names(self) -> str:
        """The first of them, as people call them."""
        known = {each.name.lower(): each.name for each in self.groups}
        said = [normalise_owner(owner).removeprefix("User:") for owner in self.owners[:MOST_NAMED]]
        more = len(self.owners) - len(said)
        return ", ".join(known.get(name.lower(), name) for name in said) + (f" and {more} more" if more else "")

    @property
    def file(self) -> Md:
        """The file, with a link to it."""
        where = self.repository.codeowners_path
        page = self.repository.page(where)
        return link(page, "CODEOWNERS") if page else md("{}", where)


def opinion_on(ask: Ask, repository: Repository, path: str) -> Opinion | None:
    """Whom CODEOWNERS names for a path inside; None where it names nobody."""
    owners = repository.owners(path)
    found = (_in_catalog(ask.snapshot, owner) for owner in owners)
    return Opinion(repository, path, owners, [each for each in found if each]) if owners else None


def claim_on(entity: Entity) -> Md:
    """The change of owner that waits, in a sentence."""
    claimed = str(entity.details().get(CLAIMED) or "")
    return md(
        ":hourglass: Its file now says {}; the owner is asked, and it counts once they agree.",
        claimed or "no owner",
    )


def second_opinion(ask: Ask, entity: Entity, owner: Owner) -> Md:
    """What CODEOWNERS says where it is not what is declared; "" where it agrees or says nothing."""
    opinions = board_of(ask).opinions
    said = opinions.get(entity.ref)
    if said is None:
        said = opinions[entity.ref] = _second_opinion(ask, entity, owner)
    return said


def opinion_of(ask: Ask, entity: Entity) -> Opinion | None:
    """Whom CODEOWNERS names for the folder of an entity."""
    place = ask.snapshot.repositories.of(entity)
    if place is None:
        return None
    repository, folder = place
    return opinion_on(ask, repository, f"{folder}/{ANY_FILE}" if folder else ANY_FILE)


def path_asked(ask: Ask) -> Opinion | None:
    """The opinion on the very path that was asked for, such as github.com/acme/shop/blob/main/api/pay.go."""
    if "/" not in ask.subject or not len(ask.snapshot.repositories):
        return None
    place = ask.snapshot.repositories.at(ask.subject)
    return opinion_on(ask, *place) if place and place[1] else None


def said_of_path(opinion: Opinion) -> Md:
    """Whom CODEOWNERS names for a path, in a sentence."""
    return md("{} says {} for {}.", opinion.file, opinion.names, code(opinion.path))


def by_codeowners_alone(opinion: Opinion) -> Reply:
    """The answer for a path of which the catalog knows nothing else."""
    repository = opinion.repository
    said = md(
        "{} in {} is owned by *{}*, says {}", code(opinion.path), repository.name, opinion.names, opinion.file
    )
    note = md("{} · nothing in the catalog is of this repository", opinion.repository.source)
    buttons = [Button(f"Team {group.name}", f"team {group.ref}") for group in opinion.groups[:2]]
    parts: list[Part] = [Section(said), Note(note), *([Buttons(buttons)] if buttons else [])]
    text = md("{} in {} is owned by {}, says CODEOWNERS", opinion.path, repository.name, opinion.names)
    return Reply(text, parts, {"entity": None, "codeowners": opinion_data(opinion)})


def _second_opinion(ask: Ask, entity: Entity, owner: Owner) -> Md:
    found = opinion_of(ask, entity)
    if found is None or any(group.ref == owner.ref for group in found.groups):
        return Md("")
    if not owner.ref:
        return md("{} says {}.", found.file, found.names)
    declared = owner.entity.name if owner.entity else owner.ref
    return md(":warning: Declared {}; {} says {}.", declared, found.file, found.names)


def owning_group(snapshot: Snapshot, owners: Sequence[str]) -> Entity | None:
    """The first of the owners, as CODEOWNERS writes them, that is a group of the catalog."""
    found = (_in_catalog(snapshot, owner) for owner in owners)
    return next((each for each in found if each and each.kind == "Group"), None)


def _in_catalog(snapshot: Snapshot, owner: str) -> Entity | None:
    """The group or person that an owner means: `@org/team`, `@person` or an e-mail address."""
    if "@" in owner[1:]:
        match = snapshot.resolve(owner, ("User",))
        return match.entity if match.how == "email" else None
    name = normalise_owner(owner)
    person = name.startswith("User:")
    match = snapshot.resolve(name.removeprefix("User:"), ("User" if person else "Group",))
    exact = match.entity is not None and match.how in ("ref", "name", "alias")
    return (
        match.entity if exact and match.entity and match.entity.kind == ("User" if person else "Group") else None
    )


def opinion_data(opinion: Opinion | None) -> dict[str, Any] | None:
    """An opinion for machines: path, owners as written, groups (references), repository, file."""
    if opinion is None:
        return None
    return {
        "repository": opinion.repository.name,
        "path": opinion.path.removesuffix(ANY_FILE),
        "owners": list(opinion.owners),
        "groups": [each.ref for each in opinion.groups],
        "file": opinion.repository.codeowners_path,
    }
