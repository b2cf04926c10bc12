"""The Web API's views.* methods."""

from bot.playground.block_kit import checking
from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.state import JSON, shown_files
from bot.playground.web_api.args import Args
from bot.playground.web_api.chat import refuse

VIEW_BYTES = 250_000


def open_view(core: Core, args: Args) -> JSON:
    """views.open"""
    view = core.modals.open(args.text("trigger_id"), checked_view(core, args.json("view"), "modal"))
    return {"ok": True, "view": view.as_slack()}


def push(core: Core, args: Args) -> JSON:
    """views.push"""
    view = core.modals.push(args.text("trigger_id"), checked_view(core, args.json("view"), "modal"))
    return {"ok": True, "view": view.as_slack()}


def update(core: Core, args: Args) -> JSON:
    """views.update"""
    if ("view_id" in args) == ("external_id" in args):
        refuse(["exactly one of view_id and external_id is needed"], "invalid_arguments")
    body = checked_view(core, args.json("view"), "")
    view = core.modals.update(args.text("view_id"), args.text("external_id"), body, args.text("hash"))
    return {"ok": True, "view": view.as_slack()}


def publish(core: Core, args: Args) -> JSON:
    """views.publish"""
    body = checked_view(core, args.json("view"), "home")
    view = core.modals.publish(args.need("user_id"), body, args.text("hash"))
    return {"ok": True, "view": view.as_slack()}


def checked_view(core: Core, view: JSON | None, kind: str) -> JSON:
    """A view that Slack would take. Raises invalid_arguments with the reasons, and view_too_large."""
    if not isinstance(view, dict):
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]}
        )
    if kind and view.get("type") != kind:
        refuse([f"view.type: must be {kind}"], "invalid_arguments")
    if len(str(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    refuse(checking.faults_of(view, core.workspace.files), "invalid_arguments")
    for ident in shown_files(view.get("blocks")):
        if file := core.workspace.files.get(ident):
            file.in_view = True
    return view
