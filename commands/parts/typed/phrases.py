"""Sentences people type anyway, and the words of other bots: each as the words of /idp it means."""

import re
from functools import cache

# What follows the sentence; at the end, politeness and punctuation are dropped.
_X = r"(?:the |our )?(?:(?:service|component|system|api|database|team) )?(?P<x>.+?)"
_END = r",?(?: (?:right now|now|currently|today|please|pls))?\s*[?!.]*"
_POLITE = re.compile(
    r"(?:(?:hey|hi|hello|please|pls)[,!]? (?:there[,!]? |all[,!]? |team[,!]? )?"
    r"|(?:can|could) (?:you|somebody|anybody) (?:please )?tell (?:me|us) "
    r"|(?:do|does) (?:you|anyone|anybody|somebody) know )+",
    re.IGNORECASE,
)
_WHO_IS = r"who(?:'s|s| is| are| was| will be)?"
_WE = r"who(?:m)? (?:do|can|should|must) (?:i|we)"
_AT = r"(?: (?P<at>(?:tomorrow|today|on|at|next|this) ?[^?!]*))?"
_FAILS = r"(?:breaks?|fails?|goes down|is down|dies|stops|is gone)"
_CARES = r"(?:own(?:s|ed|es)?|ows|onws|owens|maintains|runs|looks after|takes care of|is responsible for)"

# One row a sentence: how it reads, and what it means. The first that fits counts.
_SENTENCES = (
    (r"(?:when )?am i (?:next )?on[- ]?call(?: next)?", "oncall me"),
    (r"my (?:next )?(?:on[- ]?call )?shifts?", "oncall me"),
    (rf"{_WHO_IS} on[- ]?call (?:for|at|in|of|on) {_X}{_AT}", "oncall {x}{at}"),
    (rf"{_WHO_IS} on[- ]?call", "oncall"),
    (rf"on[- ]?call (?:for|of|at) {_X}", "oncall {x}"),
    (rf"{_WE} (?:page|call|wake(?: up)?) (?:for|about|when|if) {_X}(?: {_FAILS})?", "oncall {x}"),
    (rf"who {_CARES} {_X}", "who-owns {x}"),
    (rf"who {_CARES}", "who-owns"),
    (rf"(?:which|what) team {_CARES} {_X}", "who-owns {x}"),
    (rf"{_WHO_IS} (?:the )?(?:owners?|maintainers?|responsible|people) (?:of|for|behind) {_X}", "who-owns {x}"),
    (rf"whose (?:is )?{_X}", "who-owns {x}"),
    (rf"owners? (?:of|for) {_X}", "who-owns {x}"),
    (rf"who does {_X} belong to", "who-owns {x}"),
    (rf"{_WE} (?:ask|talk to|contact) about {_X}", "who-owns {x}"),
    ("who am i", "whois me"),
    (rf"{_WHO_IS} in {_X}", "team {x}"),
    (rf"(?:who's|whos|who is) {_X}", "whois {x}"),
    (rf"(?:what|who|which services?) (?:all )?(?:depends?|relies|rely) (?:up)?on {_X}", "deps {x} --up"),
    (rf"what (?:uses|needs|calls|consumes) {_X}", "deps {x} --up"),
    (
        rf"what (?:breaks|happens|is affected|goes down|stops)(?: working)? (?:if|when) {_X} {_FAILS}",
        "deps {x} --blast-radius",
    ),
    (rf"(?:what is the )?blast[- ]radius (?:of |for )?{_X}", "deps {x} --blast-radius"),
    (rf"what (?:does|do) {_X} (?:depend on|rely on|need|use|call|consume)", "deps {x} --down"),
    (rf"(?:show me )?(?:the )?dependencies (?:of|for) {_X}", "deps {x}"),
    (
        r"where (?:are|is|do i find|can i find) (?:the )?(?:docs|documentation|manual) "
        rf"(?:of|for|about) {_X}",
        "docs {x}",
    ),
    (rf"where (?:are|is|do i find|can i find) (?:the )?runbooks? (?:of|for|about) {_X}", "docs {x} runbook"),
    (rf"(?:the )?(?:docs|documentation) (?:of|for|about) {_X}", "docs {x}"),
    (rf"(?:the )?runbook (?:(?:of|for|about) )?{_X}", "docs {x} runbook"),
    (r"(?:what|which) (?:\w+ )?(?:do (?:we|i)|does my team) own", "mine"),
    (r"(?:what do i own|what is mine|my (?:services|stuff|things|team))", "mine"),
    (rf"(?:what|which) (?:\w+ )?(?:does|do) {_X} own", "team {x}"),
    (rf"(?:what(?:'s|s| is| are)|tell me about|show me|describe|look up) {_X}", "show {x}"),
    (rf"(?:where is|where can i find|search for|look for) {_X}", "find {x}"),
    (r"how (?:old|fresh) is (?:this|the catalog|the data)", "freshness"),
)

# Other bots' names before their commands: the rest is read as ours, without the words that only they need.
_OTHERS = re.compile(
    r"/?(?:pd|pagerduty|opslevel|cortex|fh|firehydrant|backstage|hubot|roadie|port)\s+(?P<rest>\S.*)",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"(?:pager|rota|schedule)\s+|catalog\s+(?=(?:on-?call|service|owner|who)\b)", re.IGNORECASE
)

_BEGINNINGS = frozenset(
    [
        "who",
        "whos",
        "who's",
        "whose",
        "whom",
        "when",
        "what",
        "whats",
        "what's",
        "which",
        "where",
        "how",
        "am",
        "my",
        "runbook",
        "owner",
        "owners",
        "docs",
        "documentation",
        "dependencies",
        "search",
    ]
)
LONGEST = 300  # signs of a sentence


def is_sentence(first: str) -> bool:
    """Whether a text that begins with this word is read as a sentence before it is read as a command."""
    return first.lower().replace("’", "'") in _BEGINNINGS


def rephrase(text: str) -> str:
    """The words of /idp that the sentence means; "" when it is none of those known."""
    text = " ".join(text[:LONGEST].split())
    polite = _POLITE.match(text)
    if polite:
        rest = text[polite.end() :]
        return rephrase(rest) or rest
    other = _OTHERS.fullmatch(text)
    if other:
        rest = _OF_OTHERS.sub("", other["rest"], count=1).lstrip("/") or other["rest"]
        return rephrase(rest) or rest
    for sentence, meaning in _sentences():
        found = sentence.fullmatch(text)
        if found:
            return _filled(meaning, found)
    return ""


def _filled(meaning: str, found: re.Match[str]) -> str:
    parts = found.groupdict()
    at = f" --at {parts['at']}" if parts.get("at") else ""
    return meaning.format(x=(parts.get("x") or "").strip("\"' "), at=at)


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compiled at the first sentence: most questions are commands, and the process starts without them."""
    return tuple((re.compile(reading + _END, re.IGNORECASE), meaning) for reading, meaning in _SENTENCES)
