"""The shortcuts that a manifest declares."""

import pytest

from bot.playground.page.shortcuts import Shortcut, shortcuts_of

MANIFEST = b"""
features:
  shortcuts:
    - {name: Request access, type: global, callback_id: access, description: To anything}
    - {name: Remember this, type: message, callback_id: keep}
"""


def test_both_kinds_are_read() -> None:
    assert shortcuts_of(MANIFEST) == (
        Shortcut("Request access", "access", "global", "To anything"),
        Shortcut("Remember this", "keep", "message"),
    )


@pytest.mark.parametrize("manifest", [b"features: {}", b"features: {shortcuts: []}"])
def test_an_app_may_have_none(manifest: bytes) -> None:
    assert shortcuts_of(manifest) == ()


@pytest.mark.parametrize("manifest", [b"[]", b"features: {shortcuts: [{name: x}]}", b"a: [", b"{}"])
def test_nonsense_is_named(manifest: bytes) -> None:
    with pytest.raises(ValueError, match=r"manifest|line"):
        shortcuts_of(manifest)
