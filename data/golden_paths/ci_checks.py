"""Which checks a project's own CI gives to every pull request, as GitHub names them: what a merge may wait for.

After GitHub's "Workflow syntax for GitHub Actions" and "Troubleshooting required status checks": a check is called
as its job (`name`, else the key), and a required check of a workflow that is passed over for its paths stays
pending for ever. So only what runs for certain, under a name that is known beforehand, is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from data.documents.loading import load_documents
from data.documents.values import Document

FOLDER: Final = ".github/workflows/"
MOST: Final = 50
_PARTLY: Final = ("paths", "paths-ignore", "types")  # of a trigger: it does not run for every pull request
_UNNAMED: Final = ("uses", "strategy", "if")  # of a job: called otherwise, several times, or not always run


def is_workflow(path: str) -> bool:
    """Whether GitHub reads this file as a workflow."""
    inside = path.removeprefix(FOLDER)
    return inside != path and "/" not in inside and inside.endswith((".yml", ".yaml"))


def checks_for(workflows: Iterable[bytes], branch: str) -> list[str]:
    """The checks of every pull request to this branch, in the order of the files, each once."""
    return list(dict.fromkeys(name for content in workflows for name in _of_file(content, branch)))[:MOST]


def _of_file(content: bytes, branch: str) -> Iterator[str]:
    found = load_documents(content)
    value = found[0].value if len(found) == 1 and isinstance(found[0], Document) else None
    if not isinstance(value, Mapping) or not _runs(value.get("on"), branch):
        return
    jobs = value.get("jobs")
    for key, job in jobs.items() if isinstance(jobs, Mapping) else ():
        if isinstance(job, Mapping) and not any(word in job for word in _UNNAMED):
            name = str(job.get("name") or key)
            if "${{" not in name:
                yield name


def _runs(on: Any, branch: str) -> bool:
    """Whether a workflow that is triggered like this runs for every pull request to the branch."""
    if not isinstance(on, Mapping):
        return on == "pull_request" or (isinstance(on, list) and "pull_request" in on)
    how = on.get("pull_request", ...)
    if not isinstance(how, Mapping):
        return how is None
    if any(word in how for word in _PARTLY):
        return False
    return _meant(how.get("branches", "**"), branch) and not _meant(how.get("branches-ignore", ()), branch)


def _meant(patterns: Any, branch: str) -> bool:
    listed = patterns if isinstance(patterns, list | tuple) else [patterns]
    return any(fnmatchcase(branch, str(pattern)) for pattern in listed)
