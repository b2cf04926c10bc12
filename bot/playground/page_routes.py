"""The page: its files, its JSON, its live feed and its actions."""

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from bot.playground.errors import SlackError
from bot.playground.page_acts import act
from bot.playground.page_state import messages, snapshot
from bot.playground.state import Change
from bot.playground.wire import Request, Response, json_response

if TYPE_CHECKING:
    from bot.playground.server import LocalSlack

FILES = Path(__file__).parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
}
SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def answer(slack: "LocalSlack", request: Request) -> Response:
    """Whatever the browser asks for."""
    try:
        if request.method == "POST":
            return _post(slack, request)
        if request.path in LIVE:
            query = {name: values[-1] for name, values in parse_qs(request.query).items()}
            return LIVE[request.path](slack, query)
    except (SlackError, ValueError) as refused:
        return json_response({"ok": False, "error": str(refused)}, 400, SAFE)
    if request.path.startswith("/page/files/"):
        return _upload(slack, request.path.rpartition("/")[2])
    return _file("index.html" if request.path == "/" else request.path.removeprefix("/page/"))


def _post(slack: "LocalSlack", request: Request) -> Response:
    """An action; JSON only, so that no foreign page's form can send one."""
    if request.path != "/page/act" or request.headers.get("content-type") != "application/json":
        return Response(404, b"not found")
    asked = json.loads(request.body)
    if not isinstance(asked, dict):
        raise ValueError("an object is needed")
    return json_response(act(slack, asked), headers=SAFE)


def _file(name: str) -> Response:
    path = (FILES / name).resolve()
    if not path.is_relative_to(FILES) or not path.is_file():
        return Response(404, b"not found", SAFE)
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0] or "text/plain"
    return Response(200, path.read_bytes(), {**SAFE, "Content-Type": f"{kind}; charset=utf-8"})


def _upload(slack: "LocalSlack", ident: str) -> Response:
    """A file that the bot uploaded; only pictures are shown, everything else is downloaded."""
    file = slack.core.workspace.files.get(ident)
    if file is None or file.data is None:
        return Response(404, b"not found", SAFE)
    kind = mimetypes.guess_type(file.name)[0]
    headers = {**SAFE, "Content-Type": kind if kind in SHOWN_INLINE else "application/octet-stream"}
    if kind not in SHOWN_INLINE:
        headers["Content-Disposition"] = "attachment"
    return Response(200, file.data, headers)


def _state(slack: "LocalSlack", query: dict[str, str]) -> Response:
    return json_response(snapshot(slack, query.get("as", "")), headers=SAFE)


def _messages(slack: "LocalSlack", query: dict[str, str]) -> Response:
    return json_response(messages(slack, query), headers=SAFE)


def _feed(slack: "LocalSlack", query: dict[str, str]) -> Response:
    user = slack.core.workspace.person(query.get("as", "")).id
    headers = {**SAFE, "Content-Type": "text/event-stream; charset=utf-8"}
    return Response(200, headers=headers, stream=_changes(slack, user, int(query.get("after", 0))))


def _changes(slack: "LocalSlack", user: str, after: int) -> Iterator[bytes]:
    """Server-sent events from `after` on; a comment every few seconds tells whether the reader is still there."""
    workspace = slack.core.workspace
    while True:
        with workspace.changed:
            if workspace.seq <= after:
                workspace.changed.wait(5)
            news = [change for change in workspace.feed if change.seq > after]
            lost = bool(news) and news[0].seq > after + 1
            after = workspace.seq
        if lost:
            yield b'data: {"kind": "reset"}\n\n'
        yield b"".join(_event(change) for change in news if change.user in {"", user}) or b":\n\n"


def _event(change: Change) -> bytes:
    text = json.dumps({"seq": change.seq, "kind": change.kind, **change.data}, ensure_ascii=False)
    return f"data: {text}\n\n".encode("utf-8", "replace")


LIVE: Mapping[str, Callable[["LocalSlack", dict[str, str]], Response]] = {
    "/page/state.json": _state,
    "/page/messages.json": _messages,
    "/page/feed": _feed,
}
