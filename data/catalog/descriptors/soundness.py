"""The quick way to see that there is nothing to tell the author of a document: most documents are sound.

Compiled by pydantic, and never laxer than `envelope` and `kinds`, which find out what is wrong with the others.
"""

from functools import cache
from typing import Annotated, Any, Literal, Required

from pydantic import ConfigDict, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic refuses the one of typing before Python 3.12

from data.catalog.descriptors.specs import SPECS, VERSIONS

_NAME = r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_PREFIX = r"(?:[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*/)?"

_ApiVersion = Annotated[str, StringConstraints(pattern=f"^{_PREFIX}[A-Za-z0-9]+$", max_length=63)]
_Kind = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9]*$", max_length=63)]
_Text = Annotated[str, StringConstraints(pattern=r"\S")]
_Name = Annotated[str, StringConstraints(pattern=f"^{_NAME}$", max_length=63)]
_Namespace = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-+[a-z0-9]+)*$", max_length=63)]
_Key = Annotated[str, StringConstraints(pattern=f"^{_PREFIX}{_NAME}$", max_length=63)]
_LabelValue = Annotated[str, StringConstraints(pattern=f"^(?:{_NAME})?$", max_length=63)]
_Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$", max_length=63)]
_Url = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]+(?:[/?#].*)?$")]

_lax = with_config(ConfigDict(strict=True, extra="allow"))


@_lax
class _Link(TypedDict, total=False):
    url: Required[_Url]
    title: _Text
    icon: _Name
    type: _Text


@_lax
class _Metadata(TypedDict, total=False):
    name: Required[_Name]
    namespace: _Namespace
    title: _Text
    description: str
    labels: dict[_Key, _LabelValue]
    annotations: dict[_Key, str]
    tags: list[_Tag]
    links: list[_Link]
    uid: _Text
    etag: _Text


def is_sound(value: dict[str, Any]) -> bool:
    """Whether the envelope and the fields of an entity are beyond doubt. False says only: look closer."""
    kind = value["kind"]
    own = kind in SPECS and value.get("apiVersion") in VERSIONS[kind]
    sound: bool = _checker(kind if own else "")(value)
    return sound


@cache
def _checker(kind: str) -> Any:
    """A function from a document to bool, which builds no report; "" stands for kinds that are not ours."""
    fields: dict[str, Any] = {"apiVersion": _ApiVersion, "kind": _Kind, "metadata": _Metadata}
    if not kind:
        return _compiled(fields, "ignore")
    return _compiled(fields | {"spec": SPECS[kind]}, "forbid")


def _compiled(fields: dict[str, Any], extra: Literal["ignore", "forbid"]) -> Any:
    document = TypedDict("document", fields)  # type: ignore[misc]  # the fields differ by kind
    document.__pydantic_config__ = ConfigDict(strict=True, extra=extra)  # type: ignore[attr-defined]  # as above
    return TypeAdapter(document).validator.isinstance_python
