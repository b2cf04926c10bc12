"""CODEOWNERS files: who owns a path of a repository."""

from collections.abc import Sequence

PLACES = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", ".bitbucket/CODEOWNERS", "docs/CODEOWNERS")


def owners_of(text: str, path: str) -> Sequence[str]:
    """All owners that the last matching line names, as written; empty where nobody is named."""
    raise NotImplementedError


def owner_of(text: str, path: str) -> str | None:
    """The first owner of the last matching line, normalised to a reference; None where nobody is named."""
    raise NotImplementedError


def normalise_owner(owner: str) -> str:
    """`@org/team` is the team, `@person` is `User:person`, an e-mail is its local part."""
    raise NotImplementedError
