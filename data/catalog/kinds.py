"""The kinds of the catalog model: what their spec must hold, and which fields point at other entities.

The facts are those of Backstage's catalog-model 1.10.1. Fields that are not listed may hold anything.
"""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, Field, StrictBool, StrictStr, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict  # pydantic refuses the one of typing before Python 3.12

from data.catalog.flaws import Flaw, missing
from data.documents.checking import sentence
from data.documents.values import Path


class Points(NamedTuple):
    """A field that refers to entities: the relation it declares, the kind where none is written ("": must be)."""

    relation: str
    kind: str


Text = Annotated[str, Field(min_length=1)]
Owner = Annotated[Text, Points("ownedBy", "Group")]
InSystem = Annotated[Text, Points("partOf", "System")]
Needs = Annotated[list[Text], Points("dependsOn", "")]
NeededBy = Annotated[Any, Points("dependencyOf", "")]  # the schema does not know it, yet it makes relations

# Strict: the number 7 is no text. Extra fields are kept by everybody, so they are no fault.
_spec = with_config(ConfigDict(strict=True, extra="allow"))


@_spec
class Component(TypedDict):
    type: Text
    lifecycle: Text
    owner: Owner
    system: NotRequired[InSystem]
    subcomponentOf: NotRequired[Annotated[Text, Points("partOf", "Component")]]
    providesApis: NotRequired[Annotated[list[Text], Points("providesApi", "API")]]
    consumesApis: NotRequired[Annotated[list[Text], Points("consumesApi", "API")]]
    dependsOn: NotRequired[Needs]
    dependencyOf: NotRequired[NeededBy]


@_spec
class API(TypedDict):
    type: Text
    lifecycle: Text
    owner: Owner
    definition: Text
    system: NotRequired[InSystem]


@_spec
class Remote(TypedDict):
    type: Text
    url: Text


@_spec
class McpServer(TypedDict):
    type: Literal["mcp-server"]
    lifecycle: Text
    owner: Owner
    remotes: Annotated[list[Remote], Field(min_length=1)]
    system: NotRequired[InSystem]


@_spec
class Resource(TypedDict):
    type: Text
    owner: Owner
    system: NotRequired[InSystem]
    dependsOn: NotRequired[Needs]
    dependencyOf: NotRequired[NeededBy]


@_spec
class System(TypedDict):
    owner: Owner
    domain: NotRequired[Annotated[Text, Points("partOf", "Domain")]]
    type: NotRequired[Text]


@_spec
class Domain(TypedDict):
    owner: Owner
    subdomainOf: NotRequired[Annotated[Text, Points("partOf", "Domain")]]
    type: NotRequired[Text]


@_spec
class Profile(TypedDict, total=False):
    displayName: Text
    email: Text
    picture: Text


@_spec
class Group(TypedDict):
    type: Text
    children: Annotated[list[Text], Points("parentOf", "Group")]
    parent: NotRequired[Annotated[Text, Points("childOf", "Group")]]
    members: NotRequired[Annotated[list[Text], Points("hasMember", "User")]]
    profile: NotRequired[Profile]


@_spec
class User(TypedDict):
    memberOf: Annotated[list[Text], Points("memberOf", "Group")]
    profile: NotRequired[Profile]


@_spec
class Location(TypedDict, total=False):
    type: Text
    target: Text
    targets: list[Text]
    presence: Literal["required", "optional"]


Step = TypedDict(
    "Step",
    {
        "action": str,
        "id": NotRequired[str],
        "name": NotRequired[str],
        "input": NotRequired[dict[str, Any]],
        "if": NotRequired[StrictStr | StrictBool],
    },
)


@_spec
class Output(TypedDict, total=False):
    links: list[dict[str, Any]]
    text: list[dict[str, Any]]


@_spec
class Template(TypedDict):
    type: Text
    steps: list[Step]
    owner: NotRequired[Owner]
    lifecycle: NotRequired[Text]
    parameters: NotRequired[dict[str, Any] | list[dict[str, Any]]]
    secrets: NotRequired[dict[str, Any]]
    presentation: NotRequired[dict[str, Any]]
    formDecorators: NotRequired[list[dict[str, Any]]]
    output: NotRequired[Output]


@_spec
class AiResource(TypedDict):
    type: Text
    lifecycle: Text
    owner: Owner
    system: NotRequired[InSystem]


@_spec
class Environment(TypedDict):
    lifecycle: Text


_V1 = ("backstage.io/v1alpha1", "backstage.io/v1beta1")
_MODEL: tuple[tuple[Any, tuple[str, ...]], ...] = (
    *((spec, _V1) for spec in (Component, API, Resource, System, Domain, Group, User, Location, Environment)),
    (AiResource, _V1[:1]),
    (Template, ("scaffolder.backstage.io/v1beta3",)),
)
SPECS: dict[str, Any] = {spec.__name__: spec for spec, _ in _MODEL}
"""The spec of each kind that has one of its own."""

VERSIONS = {spec.__name__: versions for spec, versions in _MODEL}


class Verdict(NamedTuple):
    """What Backstage's check of a kind says; "ignored" means that the kind or apiVersion is not one of its own."""

    outcome: Literal["accepted", "refused", "ignored"]
    flaws: list[Flaw]


IGNORED = Verdict("ignored", [])
ACCEPTED = Verdict("accepted", [])

_EXPECTED: dict[Path, str] = {
    ("spec", "owner"): "a group, such as team-a, or user:name",
    ("spec", "lifecycle"): "text, such as experimental, production or deprecated",
    ("spec", "type"): "text, such as service, website or library",
    ("spec", "definition"): "the text of the API's definition, or $text with the file that has it",
    ("spec", "children"): "a list of groups; [] when there are none",
    ("spec", "memberOf"): "a list of groups; [] when there are none",
}


def verdict(document: dict[str, Any]) -> Verdict:
    """Check the spec of a document, whose envelope is another matter, by the rules of its kind."""
    kind, version = document.get("kind"), document.get("apiVersion")
    if not isinstance(kind, str) or version not in VERSIONS.get(kind, ()):
        return IGNORED
    if "spec" not in document:
        return Verdict("refused", [missing(("spec",), "spec", f"the fields of a {kind}")])
    spec = document["spec"]
    try:
        _adapter(_spec_name(kind, spec)).validate_python(spec)
    except ValidationError as error:
        return Verdict("refused", _flaws(error))
    return ACCEPTED


def is_own(kind: str) -> bool:
    """Whether the kind is one whose fields we know, however it is spelt."""
    return kind.lower() in POINTERS


def _spec_name(kind: str, spec: Any) -> str:
    is_server = kind == "API" and isinstance(spec, dict) and spec.get("type") == "mcp-server"
    return "McpServer" if is_server else kind


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(McpServer if name == "McpServer" else SPECS[name])


def _flaws(error: ValidationError) -> list[Flaw]:
    found: dict[Path, Flaw] = {}
    for problem in error.errors(include_url=False):
        path = ("spec", *_without_unions(problem["loc"]))
        message, expected = sentence(problem, path)
        found.setdefault(path, Flaw(path, _code(path), message, _EXPECTED.get(path, expected)))
    return list(found.values())


def _without_unions(location: Path) -> Path:
    return tuple(
        step for step in location if isinstance(step, int) or not (step in ("str", "bool") or "[" in step)
    )


def _code(path: Path) -> str:
    """The code of a flaw is the field of spec that has it, where people look for that."""
    field = path[1] if len(path) > 1 else ""
    return str(field) if field in ("owner", "lifecycle", "type") else "spec"


def _pointers(spec: Any) -> Iterator[tuple[str, Points]]:
    for name, hint in get_type_hints(spec, include_extras=True).items():
        inner = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        yield from ((name, part) for part in get_args(inner) if isinstance(part, Points))


POINTERS: dict[str, dict[str, Points]] = {name.lower(): dict(_pointers(spec)) for name, spec in SPECS.items()}
"""By kind in lower case: the fields of spec that refer to entities, in the order in which they are read."""

ANYWHERE = {"owner": POINTERS["component"]["owner"], "system": POINTERS["component"]["system"]}
"""What we read of kinds that the model does not know."""
