"""/idp new-service: from a form to a repository that runs."""

from typing import Any

from commands.parts.acts import OpenForm
from commands.parts.ask import Ask, Flag, command
from commands.parts.golden_paths.elsewhere import elsewhere_parts
from commands.parts.golden_paths.service_preview import dry_run_note, looked_parts
from commands.parts.reply import Buttons, Part, Reply, Rows, Section, md
from commands.parts.requests.previews import form_button, preview_parts
from commands.parts.typed.me import groups_of, myself
from data.errors import NotFound
from workflows.golden_paths.form import usable
from workflows.golden_paths.looking import look
from workflows.golden_paths.new_service import NEW_SERVICE
from workflows.requests.request import Actor, preview


@command(
    "new-service",
    group="ACT",
    order=6,
    usage="new-service [<golden path>] [<name>] [field=value \u2026]",
    example="new-service python-http order-history",
    aliases=("create",),
    flags=(Flag("dry-run", "look at what would be made, and stop there"),),
)
def new_service(ask: Ask) -> Reply:
    """Make a new service from a golden path: repository, CI, manifests, dashboard, docs, catalog entry.

    A form asks for the rest; before anything is made you see every file, the plan, and who must agree.
    In a terminal `--dry-run` with everything said shows that preview; fields are written as name=value.
    --json: action, values; with a preview: files [{path, size}], commit, checks [{title, holds}], steps.
    """
    values = _values(ask)
    paths = usable(ask.idp, ask.snapshot, myself(ask).ref)
    if not paths:
        raise NotFound("There is no golden path that you may use.", "Set `golden_paths:` in idp.yaml.")
    if "dry-run" in ask.flags and ask.asker.surface == "terminal":
        return _looked(ask, values)
    kept = values | ({"dry_run": True} if "dry-run" in ask.flags else {})
    form = OpenForm(NEW_SERVICE.name, kept)
    text = md("New service: fill in the form; nothing is made before you have seen the preview.")
    offered = [md("\u2022 *{}* ({}): {}", one.title, one.id, one.description or one.language) for one in paths]
    parts: list[Part] = [
        Section(text),
        Rows(offered),
        *elsewhere_parts(ask.snapshot),
        Buttons([form_button(form)]),
    ]
    return Reply(text, parts, {"action": NEW_SERVICE.name, "values": values}, form=form)


def _values(ask: Ask) -> dict[str, Any]:
    """What was said: the golden path, the name, and fields; the owner is the asker's team unless stated."""
    values: dict[str, Any] = {}
    known = {one.id for one in ask.idp.golden_paths.all()}
    for word in ask.words:
        name, given, value = word.partition("=")
        if given:
            values[name if name in NEW_SERVICE.form.model_fields else f"q_{name}"] = value
        elif "path" not in values and word in known:
            values["path"] = word
        else:
            values["name"] = word
    teams = groups_of(ask, myself(ask))
    if teams:
        values.setdefault("owner", teams[0].ref)
    return values


def _looked(ask: Ask, values: dict[str, Any]) -> Reply:
    """The preview in a terminal."""
    values.setdefault("description", "A new service.")
    made = preview(ask.idp, NEW_SERVICE, Actor(myself(ask).ref), values)
    seen = look(ask.idp, ask.snapshot, made.draft.parameters)
    parts = [*looked_parts(made, seen), *preview_parts(made, ask.snapshot, NEW_SERVICE.reason), dry_run_note()]
    data = {
        "action": NEW_SERVICE.name,
        "values": dict(made.draft.parameters),
        "commit": seen.pinned.commit,
        "files": [{"path": one.path, "size": one.size} for one in seen.files],
        "checks": [{"title": one.title, "holds": one.holds} for one in seen.checks],
        "steps": list(made.steps),
    }
    return Reply(md("{}: nothing is made.", made.draft.title), parts, data)
