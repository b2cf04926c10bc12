"""The Web API's methods for apps that people talk with: status, title and suggested prompts."""

from bot.playground.core import Core
from bot.playground.state import JSON
from bot.playground.web_api.args import Args


def set_status(core: Core, args: Args) -> JSON:
    """assistant.threads.setStatus: "is looking it up…", shown until the next message or an empty status"""
    return _keep(core, args, status=args.text("status"))


def set_title(core: Core, args: Args) -> JSON:
    """assistant.threads.setTitle"""
    return _keep(core, args, title=args.need("title"))


def set_suggested_prompts(core: Core, args: Args) -> JSON:
    """assistant.threads.setSuggestedPrompts: at most four"""
    return _keep(core, args, prompts=list(args.json("prompts") or ())[:4])


def _keep(core: Core, args: Args, **values: object) -> JSON:
    channel = core.workspace.channel(args.need("channel_id"))
    with core.workspace.lock:
        core.prompts[channel.id] = {**core.prompts.get(channel.id, {}), **values}
        core.workspace.tell("assistant", "", {"channel": channel.id, **core.prompts[channel.id]})
    return {"ok": True}
