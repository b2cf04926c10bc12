"""What a link of a made-up company leads to: a page that says what would be there."""

from html import escape
from typing import Final

PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{label} · made up</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page/base.css">
<main class="elsewhere"><h1>{label}</h1>
<p>This company is made up, so nothing is behind this link. At yours it would open:</p>
<p><code>{address}</code></p>
<p class="faint">The address comes from the catalog or from idp.yaml, where your own stand instead.</p>
</main></html>
"""


def elsewhere(address: str, label: str) -> bytes:
    """The page about `address`, which is called `label`; both are shown as text. Raises ValueError."""
    if not address.startswith(("https://", "http://")):
        raise ValueError("an address of the web is needed")
    return PAGE.format(label=escape(label or "A link"), address=escape(address)).encode()
