"""The form of a new service: what the platform knows, and the questions of the template that is chosen."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field, create_model

from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.idp import Idp
from data.ports.golden_paths import GoldenPath, Pinned, Question, Questions
from workflows.action import Form
from workflows.authority import group_ref, groups
from workflows.fields import Checked, Fixed, FromCatalog, Long, Menu, Option, Redraws, Values

ASKED: Final = "q_"  # before the name of a template's question, so that it never meets a field of ours
NAME: Final = re.compile(r"[a-z][a-z0-9-]{2,39}")
WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "con", "prn", "aux", "nul"})


def _offered(idp: Idp, snapshot: Snapshot, person: str, _values: Values) -> Sequence[Option]:
    return [Option(one.id, one.title, one.description) for one in usable(idp, snapshot, person)]


def _lifecycles(_idp: Idp, _snapshot: Snapshot, _person: str, _values: Values) -> Sequence[Option]:
    return [Option(word, word.capitalize()) for word in ("experimental", "production", "deprecated")]


def name_fault(idp: Idp, snapshot: Snapshot, name: str) -> str:
    """What is wrong with a name, "" when it is free. Raises Unavailable when the host does not answer."""
    if not NAME.fullmatch(name) or name in WORDS or name.endswith("-"):
        return "Small letters, digits and dashes, 3 to 40 of them, beginning with a letter."
    known = snapshot.get(f"component:default/{name}")
    if known is not None:
        return f"{name} is in the catalog already."
    if idp.repo_host.find(name) is not None:
        return f"{idp.repo_host.org} has a repository {name} already."
    return ""


def _check_name(idp: Idp, snapshot: Snapshot, _person: str, values: Values) -> str:
    name = str(values.get("name") or "")
    fault = name_fault(idp, snapshot, name) if name else ""
    return fault or (f"\u2714 {name} is free." if name else "")


class NewServiceForm(Form):
    """What the platform asks for every new service; the fields of the template come after it."""

    path: Annotated[str, Menu(_offered), Redraws(), Field(title="Golden path")]
    commit: Annotated[str, Fixed(), Field(max_length=40)] = ""
    name: Annotated[
        str,
        Checked(_check_name),
        Field(title="Name", description="Such as order-history; it is checked while you type.", max_length=40),
    ]
    description: Annotated[
        str, Field(title="What it is for", description="One sentence.", min_length=3, max_length=200)
    ]
    owner: Annotated[str, FromCatalog(("Group",)), Field(title="Owner", description="The team that runs it.")]
    system: Annotated[str, FromCatalog(("System",)), Field(title="System")] = ""
    lifecycle: Annotated[str, Menu(_lifecycles), Field(title="Lifecycle")] = "experimental"
    consumes_apis: Annotated[
        list[str],
        FromCatalog(("API",)),
        Field(
            title="APIs that it calls",
            description="They become consumesApis.",
            max_length=30,
            default_factory=list,
        ),
    ]


def usable(idp: Idp, snapshot: Snapshot, person: str) -> list[GoldenPath]:
    """The golden paths that this person may use."""
    mine = groups(snapshot, person)
    return [one for one in idp.golden_paths.all() if may_use(snapshot, one, mine)]


def may_use(snapshot: Snapshot, path: GoldenPath, mine: frozenset[str]) -> bool:
    """Whether somebody of these groups may use it."""
    return "*" in path.groups or any(group_ref(snapshot, name) in mine for name in path.groups)


def grow(idp: Idp, snapshot: Snapshot, person: str, values: Values) -> type[Form]:
    """The form with the questions of the chosen template, as they are with these answers."""
    chosen = next((one for one in usable(idp, snapshot, person) if one.id == values.get("path")), None)
    if chosen is None:
        return NewServiceForm
    try:
        pinned = idp.golden_paths.pin(chosen, commit=str(values.get("commit") or ""))
        asked = idp.golden_paths.questions(pinned, answers(idp, pinned, values))
    except UserError:
        return NewServiceForm  # whoever drafts it says why
    return with_questions(asked)


def with_questions(asked: Questions) -> type[Form]:
    """The form that asks these questions too."""
    fields: dict[str, Any] = {
        f"{ASKED}{one.name}": (_type(one, one.name in asked.depends), _default(one))
        for one in asked.asked
        if not one.known
    }
    return create_model("NewServiceForm", __base__=NewServiceForm, **fields)


def _type(question: Question, redraws: bool) -> Any:
    plain: Any = {"int": int, "float": float, "bool": bool}.get(question.type, str)
    marks: list[Any] = [Redraws()] if redraws else []
    if question.choices:
        plain = list[str] if question.many else str
        options = [Option(as_text(value), label) for label, value in question.choices]
        marks.append(Menu(lambda _idp, _snapshot, _person, _values: options))
    elif question.multiline or question.type in {"json", "yaml"}:
        marks.append(Long())
    title, _, hint = (question.help or question.name.replace("_", " ").capitalize()).partition("\n")
    info = Field(title=title[:100], description=" ".join((hint or question.placeholder).split())[:150] or None)
    made: Any = Annotated[plain, info]
    for mark in marks:
        made = Annotated[made, mark]
    return made


def _default(question: Question) -> Any:
    """What stands in the field at first; required when there is nothing."""
    value = question.value
    if value is None:
        return ...
    if question.choices:
        return [as_text(one) for one in value] if question.many else as_text(value)
    return as_text(value) if question.type in {"json", "yaml", "str", "path"} else value


def as_text(value: Any) -> str:
    """A value as it stands in a menu or a text field."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def answers(idp: Idp, pinned: Pinned, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a template's questions, by its own names: ours under whatever name it asks for them."""
    given = {name.removeprefix(ASKED): value for name, value in values.items() if name.startswith(ASKED)}
    known = _known(idp, values)
    named = dict(zip(known, known, strict=True)) | dict(pinned.path.fields)
    return given | {theirs: known[ours] for theirs, ours in named.items() if ours in known}


def _known(idp: Idp, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the platform answers by itself; what it does not know is left to the template."""
    name = str(values.get("name") or "")
    found: dict[str, Any] = {
        "name": name,
        "description": values.get("description"),
        "owner": values.get("owner"),
        "system": values.get("system") or "",
        "lifecycle": values.get("lifecycle"),
        "consumes_apis": list(values.get("consumes_apis") or ()),
        "repository": f"{idp.repo_host.org}/{name}" if idp.repo_host.org and name else "",
        "repository_url": idp.repo_host.page(name) if name else "",
    }
    return {key: value for key, value in found.items() if value or key in {"system", "consumes_apis"}}
