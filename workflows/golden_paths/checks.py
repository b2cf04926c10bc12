"""What every new service must bring, read off the files that its template has made."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from data.catalog.descriptors.reading import read_file
from data.catalog.snapshot import Snapshot
from data.catalog.syncing.reader import no_placeholders
from data.golden_paths.ci_checks import checks_for, is_workflow
from data.ports.golden_paths import Rendered
from workflows.authority import people_of

CATALOG: Final = "catalog-info.yaml"
OWNER_EXISTS: Final = "The owner exists"
MOST_NAMED: Final = 6  # checks in a sentence
READ: Final = 200_000  # bytes of a file that is looked through
_SCAN: Final = re.compile(rb"trivy|grype|snyk|docker scout|clair", re.IGNORECASE)
_DEPENDENCIES: Final = re.compile(rb"pip-audit|govulncheck|npm audit|dependency-review|osv-scanner|trivy fs", re.I)
_KEYS: Final = (
    re.compile(  # shapes that are credentials and nothing else; words such as password= stand in any code
        rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}"
        rb"|xox[abeoprs]-[\w-]{20,}|glpat-[\w-]{20,}|hvs\.[\w-]{24,}"
    )
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what is demanded, whether it holds, what was seen. Nothing is made while a `stops` fails."""

    title: str
    holds: bool
    seen: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class CatalogEntity:
    """The service as the catalog will know it; `problem` says why not, "" when it will."""

    ref: str = ""
    owner: str = ""
    text: str = ""
    links: Sequence[Mapping[str, str]] = ()  # url, title and more, as `Entity.details` has them
    problem: str = ""


def entity_in(rendered: Rendered) -> CatalogEntity:
    """The Component in what was rendered."""
    content = rendered.read(CATALOG)
    if content is None:
        return CatalogEntity(problem=f"there is no {CATALOG}")
    reading = read_file(content, CATALOG, "preview", no_placeholders)
    text = content.decode(errors="replace")
    row = next((one for one in reading.rows if one.entity.kind.lower() == "component"), None)
    if row is None:
        why = reading.problems[0].message if reading.problems else "it holds no Component"
        return CatalogEntity(text=text, problem=why)
    return CatalogEntity(row.entity.ref, row.entity.owner, text, row.entity.details().get("links", ()))


def checks(rendered: Rendered, snapshot: Snapshot, entity: CatalogEntity, name: str, owner: str) -> list[Check]:
    """All of them, in the order in which they are shown."""
    workflows = workflows_in(rendered)
    people = len(people_of(snapshot, owner)) if snapshot.get(owner) else 0
    keys = sorted(_with_keys(rendered))
    return [
        _entity_check(entity, name, owner),
        Check(OWNER_EXISTS, people > 0, f"{people} people are in {owner}" if people else owner, stops=True),
        Check("Images are scanned", any(map(_SCAN.search, workflows)), "in the CI workflow"),
        Check("Dependencies are checked", any(map(_DEPENDENCIES.search, workflows)), "in the CI workflow"),
        Check("The default branch is protected", True, _protection(workflows)),
        Check("Secrets by path only", not keys, ", ".join(keys[:3]) or "no value in any file", stops=True),
    ]


def stopped(found: list[Check]) -> str:
    """Why nothing may be made, "" when it may."""
    return " ".join(f"{one.title}: no ({one.seen})." for one in found if one.stops and not one.holds)


def _entity_check(entity: CatalogEntity, name: str, owner: str) -> Check:
    wanted = f"component:default/{name}"
    seen = entity.problem or entity.ref
    if entity.ref and entity.ref != wanted:
        seen = f"it is {entity.ref}, not {wanted}"
    elif entity.ref and entity.owner != owner:
        seen = f"its owner is {entity.owner or 'nobody'}, not {owner}"
    holds = entity.ref == wanted and entity.owner == owner
    return Check("The catalog knows it at once", holds, seen, stops=True)


def workflows_in(rendered: Rendered) -> list[bytes]:
    """The content of each file of GitHub's CI."""
    return [rendered.read(one.path) or b"" for one in rendered.files if is_workflow(one.path)]


def _protection(workflows: list[bytes]) -> str:
    """What a pull request will wait for, as far as it can be said before there is a repository."""
    names = checks_for(workflows, "main")
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"a review, and the checks {', '.join(names[:MOST_NAMED])}{more}" if names else "a review"


def _with_keys(rendered: Rendered) -> Iterator[str]:
    for one in rendered.files:
        if _KEYS.search((rendered.read(one.path) or b"")[:READ]):
            yield one.path
