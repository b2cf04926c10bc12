"""The kinds of the catalog model: what their spec must hold, and which fields point at other entities.

The facts are those of Backstage's catalog-model 1.10.1. Fields that are not listed may hold anything.
"""

from collections.abc import Iterator, KeysView
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    with_config,
)
from typing_extensions import TypedDict  # pydantic refuses the one of typing before Python 3.12


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


@_spec
class Permissions(TypedDict, total=False):
    tags: list[str]


Condition = StrictStr | StrictBool
Step = TypedDict(
    "Step",
    {
        "action": str,
        "id": NotRequired[str],
        "name": NotRequired[str],
        "input": NotRequired[dict[str, Any]],
        "if": NotRequired[Condition],
        "backstage:permissions": NotRequired[Permissions],
    },
)
OutputLink = TypedDict(
    "OutputLink", {"if": Condition, "url": Text, "entityRef": Text, "title": Text, "icon": Text}, total=False
)
OutputText = TypedDict("OutputText", {"if": Condition, "title": Text, "icon": Text, "content": str}, total=False)


@_spec
class Output(TypedDict, total=False):
    links: list[OutputLink]
    text: list[OutputText]


def _other_outputs_are_texts(output: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(value, str) for key, value in output.items() if key not in ("links", "text")):
        raise ValueError("outputs other than links and text are text")
    return output


@_spec
class FormDecorator(TypedDict, total=False):
    id: str
    input: dict[str, Any]


@_spec
class Template(TypedDict):
    type: Text
    steps: list[Step]
    owner: NotRequired[Owner]
    lifecycle: NotRequired[Text]
    parameters: NotRequired[dict[str, Any] | list[dict[str, Any]]]
    secrets: NotRequired[dict[str, Any]]
    presentation: NotRequired[dict[str, Any]]
    formDecorators: NotRequired[list[FormDecorator]]
    output: NotRequired[Annotated[Output, AfterValidator(_other_outputs_are_texts)]]


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

FIELDS: dict[str, KeysView[str]] = {name: spec.__annotations__.keys() for name, spec in SPECS.items()}
"""The fields of spec that each of these kinds knows, in their order."""

VERSIONS = {spec.__name__: versions for spec, versions in _MODEL}


def _pointers(spec: Any) -> Iterator[tuple[str, Points]]:
    for name, hint in get_type_hints(spec, include_extras=True).items():
        inner = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        yield from ((name, part) for part in get_args(inner) if isinstance(part, Points))


POINTERS: dict[str, dict[str, Points]] = {name.lower(): dict(_pointers(spec)) for name, spec in SPECS.items()}
"""By kind in lower case: the fields of spec that refer to entities, in the order in which they are read."""

ANYWHERE = {"owner": POINTERS["component"]["owner"], "system": POINTERS["component"]["system"]}
"""What we read of kinds that the model does not know."""
