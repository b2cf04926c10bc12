"""The page: its files, its JSON and its live feed."""

from typing import TYPE_CHECKING

from bot.playground.wire import Request, Response

if TYPE_CHECKING:
    from bot.playground.server import LocalSlack


def answer(slack: "LocalSlack", request: Request) -> Response:
    """Whatever the browser asks for."""
    return Response(404, b"not found")
