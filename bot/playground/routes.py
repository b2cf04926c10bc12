"""Which path is what: the Web API, response URLs, uploads, files and the page."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.acting import Acting
from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.faults import Fault
from bot.playground.network.traffic import Exchange, without_secrets
from bot.playground.network.wire import Request, Response, json_response
from bot.playground.page import routes as page
from bot.playground.page.tour import Tour
from bot.playground.web_api import files, methods
from bot.playground.web_api.args import Args
from bot.playground.web_api.response_url import respond

Work = Callable[[], tuple[Response, Any]]


def answer(slack: Acting, tour: Tour, request: Request, port: int) -> Response | None:
    """The answer to any request; None: cut the connection. A foreign Host or Origin is refused."""
    if not _is_ours(request, port):
        return Response(403, b"This local simulation answers its own page and its bot only.")
    core = slack.core
    first, _, rest = request.path.removeprefix("/").partition("/")
    if first == "api":
        return _api(core, request, rest)
    if first == "response":
        return _hook(core, request, rest)
    if first == "upload":
        return _upload(core, request, rest.removeprefix("v1/"))
    if first == "files":
        return _file(core, request, rest)
    return page.answer(slack, tour, request)


def _is_ours(request: Request, port: int) -> bool:
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    origin = request.headers.get("origin")
    return request.headers.get("host") in hosts and (origin is None or origin.removeprefix("http://") in hosts)


def _api(core: Core, request: Request, method: str) -> Response | None:
    args = arguments(request)
    token = request.headers.get("authorization", "").removeprefix("Bearer ") or args.text("token")

    def work() -> tuple[Response, Any]:
        result = methods.call(core, method, token, args)
        return json_response(result, headers={"x-oauth-scopes": ",".join(sorted(core.scopes))}), result

    return _recorded(core, method, without_secrets(dict(args)), work)


def arguments(request: Request) -> Args:
    """The arguments of a call: of the query, and of a form or JSON body."""
    values: dict[str, Any] = dict(parse_qsl(request.query, keep_blank_values=True))
    text = request.body.decode("utf-8", "replace")
    if "json" in request.headers.get("content-type", ""):
        try:
            body = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            body = {}
        values |= body if isinstance(body, dict) else {}
    else:
        values |= dict(parse_qsl(text, keep_blank_values=True))
    return Args(values)


def _hook(core: Core, request: Request, key: str) -> Response | None:
    def work() -> tuple[Response, Any]:
        try:
            hook = core.use_hook(key)
        except SlackError as refused:
            return json_response(refused.as_slack(), 404), refused.as_slack()
        try:
            respond(core, hook, arguments(request))
        except SlackError as refused:
            return json_response(refused.as_slack(), 400), refused.as_slack()
        return Response(200, b"ok", {"Content-Type": "text/plain"}), "ok"

    return _recorded(core, "response_url", dict(arguments(request)), work)


def _upload(core: Core, request: Request, ident: str) -> Response | None:
    def work() -> tuple[Response, Any]:
        taken = files.receive(core, ident, request.body)
        text = f"OK - {len(request.body)}" if taken else "no such upload, or not its announced length"
        return Response(200 if taken else 400, text.encode(), {"Content-Type": "text/plain"}), text

    return _recorded(core, "upload", f"{len(request.body)} bytes", work)


def _file(core: Core, request: Request, ident: str) -> Response:
    if request.headers.get("authorization") != f"Bearer {core.bot_token}":
        return Response(403, b"needs the app's token")
    file = core.workspace.files.get(ident)
    if file is None or file.data is None:
        return Response(404, b"no such file")
    return Response(200, file.data, {"Content-Type": "application/octet-stream"})


def _recorded(core: Core, name: str, asked: Any, work: Work) -> Response | None:
    """Do the work under the fault that a test ordered, if any, and keep both in the history.

    Under the lock of the workspace: whoever sees what a call did finds the call in the history.
    """
    at, begin = core.workspace.clock(), time.perf_counter()
    fault = core.faults.take(name)
    if fault:
        _wait(fault)
    with core.workspace.lock:
        response, said = _suffer(fault, work) if fault else work()
        status = response.status if response else 0
        note = "fault on demand" if fault else ""
        core.traffic.add(Exchange(name, False, at, time.perf_counter() - begin, status, asked, said, note))
    return response


def _wait(fault: Fault) -> None:
    time.sleep(fault.delay)
    if fault.hold:
        fault.hold.wait(60)  # in the end a test that forgot it ends, too


def _suffer(fault: Fault, work: Work) -> tuple[Response | None, Any]:
    if fault.cut:
        return None, work()[1] if fault.cut == "after" else "cut"
    if fault.error == "ratelimited" or fault.status == 429:
        said = {"ok": False, "error": "ratelimited"}
        return json_response(said, 429, {"Retry-After": str(fault.retry_after)}), said
    if fault.status:
        return Response(fault.status, b"the local Slack was told to fail"), fault.status
    if fault.error:
        return json_response({"ok": False, "error": fault.error}), {"ok": False, "error": fault.error}
    return work()
