"""What Coder answers, in our words. All of it comes from outside: what is missing is empty, not a fault."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from data.integrations.workspaces.editor import Way, in_vscode
from data.ports.workspaces import Choice, Parameter, Preset, RemoteState, RemoteWorkspace, Template

STATES: Final[Mapping[str, RemoteState]] = {
    "pending": "pending",
    "starting": "starting",
    "running": "running",
    "stopping": "stopping",
    "stopped": "stopped",
    "failed": "failed",
    "canceling": "stopping",
    "canceled": "failed",
    "deleting": "deleting",
}
GETTING_READY: Final = frozenset({"created", "starting"})  # lifecycle of an agent
IN_BROWSER: Final = ("code-server", "vscode-web", "vscode")  # apps that are an editor
KINDS: Final[Mapping[str, Literal["text", "number", "bool", "list"]]] = {
    "number": "number",
    "bool": "bool",
    "list(string)": "list",
}


def template(found: Mapping[str, Any], parameters: Any = (), presets: Any = ()) -> Template:
    """A template, with what its active version asks when that is known."""
    deprecated = str(found.get("deprecation_message") or "It is deprecated.") if found.get("deprecated") else ""
    return Template(
        name=str(found["name"]),
        title=str(found.get("display_name") or found["name"]),
        hint=str(found.get("description") or ""),
        version=str(found.get("active_version_id") or ""),
        life=int(found.get("default_ttl_ms") or 0) // 1000,
        deprecated=deprecated,
        parameters=tuple(_parameter(one) for one in parameters),
        presets=tuple(_preset(one) for one in presets),
    )


def _parameter(one: Mapping[str, Any]) -> Parameter:
    kind = KINDS.get(str(one.get("type")), "text")
    bounded = kind == "number"
    return Parameter(
        name=str(one["name"]),
        title=str(one.get("display_name") or one["name"]),
        kind=kind,
        hint=str(one.get("description_plaintext") or one.get("description") or ""),
        default=str(one.get("default_value") or ""),
        required=bool(one.get("required")),
        choices=tuple(_choice(choice) for choice in one.get("options") or ()),
        pattern=str(one.get("validation_regex") or ""),
        minimum=one.get("validation_min") if bounded else None,
        maximum=one.get("validation_max") if bounded else None,
        fault=str(one.get("validation_error") or ""),
        mutable=bool(one.get("mutable", True)),
        long=one.get("form_type") == "textarea",
    )


def _choice(one: Mapping[str, Any]) -> Choice:
    return Choice(str(one["value"]), str(one.get("name") or one["value"]), str(one.get("description") or ""))


def _preset(one: Mapping[str, Any]) -> Preset:
    values = {str(given["name"]): str(given["value"]) for given in one.get("parameters") or ()}
    hint, default = str(one.get("description") or ""), bool(one.get("default"))
    return Preset(str(one["id"]), str(one.get("name") or one["id"]), hint, values, default)


def workspace(found: Mapping[str, Any], email: str, me: str, base: str, way: Way) -> RemoteWorkspace | None:
    """A workspace; None when it is deleted. `me` is the id of our own account."""
    build = found["latest_build"]
    if build["status"] == "deleted":
        return None
    agent = _agent(build)
    state, error = _state(found, build, agent)
    login, name = str(found["owner_name"]), str(found["name"])
    return RemoteWorkspace(
        id=str(found["id"]),
        name=name,
        owner=email or login,
        template=str(found.get("template_name") or ""),
        state=state,
        created_at=_time(found["created_at"]) or datetime.now(UTC),
        deadline=_time(build.get("deadline")) if state in {"running", "starting"} else None,
        cost=build.get("daily_cost"),
        ours=bool(me) and str(build.get("initiator_id")) == me,
        error=error,
        web_url=_web(base, login, name, agent),
        editor_url=in_vscode("coder.coder-remote/open", way, **_opening(base, login, name, agent)),
        login=login,
    )


def _agent(build: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first agent, {} when there is none."""
    agents = [one for resource in build.get("resources") or () for one in resource.get("agents") or ()]
    return agents[0] if agents else {}


def _state(
    found: Mapping[str, Any], build: Mapping[str, Any], agent: Mapping[str, Any]
) -> tuple[RemoteState, str]:
    """What it is, and what is wrong: a build that succeeded is ready when its agent is."""
    state = STATES.get(str(build["status"]), "failed")
    job = build.get("job") or {}
    if state == "failed":
        return state, _line(job.get("error") or "The build was broken off.")
    if found.get("dormant_at") and state != "deleting":
        return "stopped", ""
    if state == "running" and agent:
        status, life = agent.get("status"), agent.get("lifecycle_state")
        if status == "connecting" or (status == "connected" and life in GETTING_READY):
            return "starting", ""
        if status != "connected":
            return state, "Its agent is not connected."
        return state, "Its start script failed." if life in {"start_error", "start_timeout"} else ""
    return state, ""


def _web(base: str, login: str, name: str, agent: Mapping[str, Any]) -> str:
    slugs = [str(app.get("slug")) for app in agent.get("apps") or () if not app.get("hidden")]
    editor = next((slug for slug in IN_BROWSER if slug in slugs), "")
    if editor:
        return f"{base}/@{login}/{name}.{agent['name']}/apps/{editor}/"
    return f"{base}/@{login}/{name}"


def _opening(base: str, login: str, name: str, agent: Mapping[str, Any]) -> dict[str, str]:
    folder = str(agent.get("expanded_directory") or agent.get("directory") or "")
    return {
        "owner": login,
        "workspace": name,
        "agent": str(agent.get("name") or ""),
        "folder": folder,
        "url": base,
    }


def _time(text: object) -> datetime | None:
    """Aware UTC; Go's zero time is no time."""
    if not isinstance(text, str) or text.startswith("0001-"):
        return None
    return datetime.fromisoformat(text).astimezone(UTC)


def _line(text: object) -> str:
    return " ".join(str(text).split())[:300]
