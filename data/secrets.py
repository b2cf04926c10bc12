"""Takes credentials out of text that is kept or shown: people paste tokens where they should not."""

import re

REMOVED = "[secret removed]"

# The prefixes and shapes under which the systems around us hand out credentials.
_SHAPES = re.compile(
    r"xox[abeoprs]-[\w-]{8,}|xapp-[\w-]{8,}|gh[oprsu]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{12,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|hvs\.[\w-]{16,}|SSWS\s+[\w-]{16,}"
    r"|(?i:bearer)\s+[\w.~+/=-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|$)"
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"
    r"|(?i:(?<=password=)|(?<=passwd=)|(?<=secret=)|(?<=token=)|(?<=api_key=)|(?<=apikey=))[^\s&;,]{4,}",
    re.DOTALL,
)


def without_secrets(text: str) -> str:
    """The text with everything that looks like a credential replaced."""
    return _SHAPES.sub(REMOVED, text)
