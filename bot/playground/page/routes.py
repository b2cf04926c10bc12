"""The page: its files, its JSON, its live feed and its actions."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs

from bot.playground.acting import Acting
from bot.playground.errors import SlackError
from bot.playground.network.wire import Request, Response, json_response
from bot.playground.page.acts import act
from bot.playground.page.elsewhere import elsewhere
from bot.playground.page.state import may_open, messages, snapshot
from bot.playground.page.tour import Tour
from bot.playground.state import Change, Workspace

FILES = Path(__file__).parent / "static"
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


Query = Mapping[str, str]


def answer(slack: Acting, tour: Tour, request: Request) -> Response:
    """Whatever the browser asks for."""
    query = {name: values[-1] for name, values in parse_qs(request.query).items()}
    try:
        if request.method == "POST":
            return _post(slack, request, query)
        if request.path == "/elsewhere":
            page = elsewhere(query.get("to", ""), query.get("label", ""))
            return Response(200, page, {**SAFE, "Content-Type": "text/html; charset=utf-8"})
        return _got(slack, tour, request.path, query)
    except (SlackError, ValueError) as refused:
        return json_response({"ok": False, "error": str(refused)}, 400, SAFE)


def _got(slack: Acting, tour: Tour, path: str, query: Query) -> Response:
    workspace = slack.core.workspace
    match path.split("/")[1:]:
        case ["page", "state.json"]:
            return json_response(snapshot(slack.core, tour, query.get("as", "")), headers=SAFE)
        case ["page", "messages.json"]:
            return json_response(messages(workspace, query), headers=SAFE)
        case ["page", "feed"]:
            return _feed(workspace, query)
        case ["page", "files", ident]:
            return _upload(workspace, ident, query.get("as", ""))
        case [""] | ["archives", *_]:  # the page itself follows a link to a message
            return _file("index.html")
        case _:
            return _file(path.removeprefix("/page/"))


def _post(slack: Acting, request: Request, query: Query) -> Response:
    """An action, or a chosen file; of types that no foreign page's form can send."""
    kind = (request.path, request.headers.get("content-type"))
    if kind == ("/page/upload", "application/octet-stream"):
        file = slack.upload(query.get("as", ""), query.get("name", ""), request.body)
        return json_response({"ok": True, "id": file.id}, headers=SAFE)
    if kind != ("/page/act", "application/json"):
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


def _upload(workspace: Workspace, ident: str, user: str) -> Response:
    """An upload, for those who may open it; only pictures are shown, everything else is downloaded."""
    file = workspace.files.get(ident)
    if file is None or file.data is None or not may_open(workspace, workspace.person(user), file):
        return Response(404, b"not found", SAFE)
    kind = mimetypes.guess_type(file.name)[0]
    headers = {**SAFE, "Content-Type": kind if kind in SHOWN_INLINE else "application/octet-stream"}
    if kind not in SHOWN_INLINE:
        headers["Content-Disposition"] = "attachment"
    return Response(200, file.data, headers)


def _feed(workspace: Workspace, query: Query) -> Response:
    user = workspace.person(query.get("as", "")).id
    headers = {**SAFE, "Content-Type": "text/event-stream; charset=utf-8"}
    return Response(200, headers=headers, stream=_changes(workspace, user, int(query.get("after", 0))))


def _changes(workspace: Workspace, user: str, after: int) -> Iterator[bytes]:
    """Server-sent events from `after` on; a comment every few seconds tells whether the reader is still there."""
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
