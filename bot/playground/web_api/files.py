"""The Web API's file upload in three steps, and what a file looks like."""

import mimetypes
from typing import Any

from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.people import BOT_USER
from bot.playground.state import JSON, File, by_bot, new_id
from bot.playground.web_api.args import Args
from bot.playground.web_api.chat import may_write

FILE_BYTES = 50 * 1024 * 1024


def get_upload_url(core: Core, args: Args) -> JSON:
    """files.getUploadURLExternal"""
    length = args.number("length")
    if not 0 < length <= FILE_BYTES:
        raise SlackError("invalid_arguments" if length <= 0 else "file_upload_size_restricted")
    file = File(new_id("F"), args.need("filename"), alt=args.text("alt_txt"), length=length)
    core.workspace.files[file.id] = file
    return {"ok": True, "upload_url": f"{core.url}/upload/v1/{file.id}", "file_id": file.id}


def receive(core: Core, ident: str, data: bytes) -> bool:
    """The second step: the bytes. False: no such upload, or not as long as was said."""
    file = core.workspace.files.get(ident)
    if file is None or file.data is not None or len(data) != file.length:
        return False
    file.data = data
    return True


def complete_upload(core: Core, args: Args) -> JSON:
    """files.completeUploadExternal"""
    with core.workspace.lock:
        files = [_uploaded(core, row) for row in args.json("files") or ()]
        if not files:
            raise SlackError("invalid_arguments")
        targets = [c for c in (args.text("channel_id") or args.text("channels")).split(",") if c]
        for target in targets:
            _share(core, target, files, args)
        return {"ok": True, "files": [file_json(core, file) for file in files]}


def _uploaded(core: Core, row: dict[str, Any]) -> File:
    file = core.workspace.files.get(str(row.get("id")))
    if file is None or file.data is None:
        raise SlackError("file_not_found")
    file.title = str(row.get("title") or file.name)
    return file


def _share(core: Core, target: str, files: list[File], args: Args) -> None:
    channel = may_write(core, target)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    body: JSON = {"text": args.text("initial_comment"), "files": [file_json(core, file) for file in files]}
    body |= {"upload": True, "subtype": "file_share"}
    if thread := args.text("thread_ts"):
        if thread not in channel.messages:
            raise SlackError("thread_not_found")
        body["thread_ts"] = thread
    core.workspace.post(channel, by_bot(body))


def info(core: Core, args: Args) -> JSON:
    """files.info"""
    file = core.workspace.files.get(args.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"ok": True, "file": file_json(core, file)}


def delete(core: Core, args: Args) -> JSON:
    """files.delete"""
    if core.workspace.files.pop(args.need("file"), None) is None:
        raise SlackError("file_not_found")
    return {"ok": True}


def file_json(core: Core, file: File) -> JSON:
    """A file as Slack describes it."""
    mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "alt_txt": file.alt,
        "mimetype": mime,
        "filetype": file.name.rpartition(".")[2],
        "size": file.length,
        "user": file.user,
        "mode": "hosted",
        "url_private": f"{core.url}/files/{file.id}",
        "permalink": f"{core.url}/page/files/{file.id}",
        "channels": sorted(file.channels),
    }
