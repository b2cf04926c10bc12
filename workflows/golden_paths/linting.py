"""Looking a golden path over before anybody uses it: it can be had, asks what a form can ask, brings the rest."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from data.catalog.snapshot import Snapshot
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.ports.golden_paths import GoldenPath, Pinned, Question
from workflows.golden_paths.form import ASKED, as_text
from workflows.golden_paths.looking import look

NOBODY = "group:default/lint-sample"  # owns the sample where nobody is said to own what is made
SAMPLE = {"name": "lint-sample", "description": "A sample that is never made.", "lifecycle": "experimental"}
UNHEEDED = {
    "migrations": "Its _migrations are not run when a service follows a newer version: say in its CHANGELOG what "
    "people have to do; it stands in the pull request.",
    "skip_if_exists": "Its _skip_if_exists is not heeded when a service follows a newer version: such files are "
    "merged like all others.",
}


class Flaw(NamedTuple):
    """Something about a golden path; `stops`: nobody can use it like that. `question` (or a key of copier.yml) and
    `check` are what it is about, "" for neither."""

    text: str
    stops: bool
    question: str = ""
    check: str = ""


def lint(idp: Idp, snapshot: Snapshot, path: GoldenPath) -> Iterator[Flaw]:
    """What is wrong, none when all is well; renders it once, with sample answers.

    Raises Unavailable when the template or what renders it cannot be had at the moment.
    """
    try:
        pinned = idp.golden_paths.pin(path)
        yield from _of_questions(idp, pinned)
        yield from _of_files(idp, snapshot, pinned)
    except Unavailable:
        raise
    except UserError as error:
        yield Flaw(f"{error.message} {error.hint}".strip(), stops=True)


def _of_questions(idp: Idp, pinned: Pinned) -> Iterator[Flaw]:
    questions = idp.golden_paths.questions(pinned, SAMPLE)
    yield from (Flaw(UNHEEDED[name], stops=False, question=f"_{name}") for name in questions.unheeded)
    asked = questions.asked
    known = {one.known for one in asked}
    for needed in ("name", "owner"):
        if needed not in known:
            hint = f"map it: `fields: {{<question>: {needed}}}`"
            yield Flaw(f"No question takes the {needed} that the platform knows; {hint}.", stops=True)
    for one in asked:
        if not one.help and not one.known:
            yield Flaw(
                f"The question {one.name} has no help; people see its bare name.", stops=False, question=one.name
            )


def _of_files(idp: Idp, snapshot: Snapshot, pinned: Pinned) -> Iterator[Flaw]:
    owner = pinned.path.owner or idp.platform_owner or NOBODY
    values: dict[str, Any] = SAMPLE | {"path": pinned.path.id, "commit": pinned.commit, "owner": owner}
    for one in idp.golden_paths.questions(pinned, SAMPLE).asked:
        if not one.known and one.value is None:
            values[f"{ASKED}{one.name}"] = _sample(one)
    for check in look(idp, snapshot, values).checks:
        if not check.holds:
            yield Flaw(f"{check.title}: no ({check.seen}).", check.stops, check=check.title)


def _sample(question: Question) -> Any:
    """Some answer to a question that has no default."""
    if question.choices:
        first = as_text(question.choices[0][1])
        return [first] if question.many else first
    return {"int": 1, "float": 1.0, "bool": False}.get(question.type, "sample")
