"""Checks a payload against Block Kit's rules."""

from collections.abc import Container
from typing import Any


def faults_of(payload: Any, files: Container[str] | None = None) -> list[str]:
    """Why Slack would refuse this message, view, block, element or object; empty when it would not."""
    return []
