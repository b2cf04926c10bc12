"""Addresses that open a workspace in VS Code on one's own machine."""

from typing import Literal
from urllib.parse import quote, urlencode

Way = Literal["redirect", "direct"]
REDIRECT = "https://vscode.dev/redirect?url="


def in_vscode(path: str, way: Way = "redirect", **asked: str) -> str:
    """`vscode://path?asked`, behind Microsoft's redirect by default: chat shows buttons for web addresses only."""
    url = f"vscode://{path}?{urlencode({name: value for name, value in asked.items() if value})}"
    return url if way == "direct" else REDIRECT + quote(url, safe="")
