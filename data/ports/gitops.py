"""Where manifests of services go: a repository that a GitOps controller reads, and the folder in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GitOps:
    """`repository` at the repository host; `folder` of one service, in which {name} stands for its name."""

    repository: str
    folder: str = "apps/{name}"
