"""The Web API's methods for canvases and Work Objects, as far as an app notices."""

from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.state import JSON, new_id
from bot.playground.web_api.args import Args


def create_canvas(core: Core, args: Args) -> JSON:
    """canvases.create"""
    ident = new_id("F")
    core.canvases[ident] = [{"title": args.text("title"), "content": args.json("document_content")}]
    return {"ok": True, "canvas_id": ident}


def edit_canvas(core: Core, args: Args) -> JSON:
    """canvases.edit: the changes are kept in their order"""
    canvas = core.canvases.get(args.need("canvas_id"))
    if canvas is None:
        raise SlackError("canvas_not_found")
    canvas += args.json("changes") or []
    return {"ok": True}


def present_details(core: Core, args: Args) -> JSON:
    """entity.presentDetails: needs a fresh trigger, as a modal does"""
    core.modals.exchange(args.text("trigger_id"))
    return {"ok": True}
