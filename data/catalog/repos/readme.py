"""What a README tells of itself."""

import re

_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1[`~]*\s*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^ {0,3}#{1,6} +([^\n]{1,200})$|^([^\n]{1,200})\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_RUNBOOK = re.compile(r"\b(?:run ?books?|play ?books?)\b", re.IGNORECASE)


def has_runbook(text: str) -> bool:
    """Whether a heading (Markdown's, or underlined) outside of code names a runbook or playbook."""
    text = _FENCE.sub("", text.replace("\r\n", "\n"))
    return any(_RUNBOOK.search(found[1] or found[2]) for found in _HEADING.finditer(text))
