"""Sentences people type anyway, and the words of other bots: each as the words of /idp it means."""

import re
from functools import cache

# What follows the sentence; at the end, politeness and punctuation are dropped.
_X = r"(?:the |our )?(?P<x>.+?)"
_END = r"(?:\s+(?:right now|now|currently|today|please|pls))?\s*[?!.]*"
_NAMES = r"(?:service |component |system |api |database |team )?"

# One row a sentence: how it reads, and what it means. First match counts.
_SENTENCES = (
    (r"(?:when am i|am i) (?:next )?on[- ]?call", "oncall me"),
    (r"my (?:next )?(?:on[- ]?call )?shifts?", "oncall me"),
    (rf"who(?:'s|s| is| are| was| will be)? on[- ]?call (?:for |at |in |of |on ){_NAMES}{_X}(?: (?P<at>(?:tomorrow|on |at |next ).*?))?", "oncall {x}{at}"),
    (r"who(?:'s|s| is| are)? on[- ]?call", "oncall"),
    (rf"on[- ]?call (?:for|of|at) {_NAMES}{_X}", "oncall {x}"),
    (rf"who(?:m)? (?:do|can|should|must) (?:i|we) (?:page|call|wake(?: up)?) (?:for|about|when|if) {_NAMES}{_X}(?: (?:breaks|fails|is down))?", "oncall {x}"),
    (rf"who (?:owns|owned|maintains|runs|is responsible for|looks after|takes care of) {_NAMES}{_X}", "who-owns {x}"),
    (rf"who(?:'s|s| is| are)? (?:the )?(?:owners?|maintainers?|responsible|people) (?:of|for|behind) {_NAMES}{_X}", "who-owns {x}"),
    (rf"who(?:se| does) (?:own )?(?:is )?{_X}(?: belong to)?", "who-owns {x}"),
    (rf"(?:which|what) team (?:owns|runs|maintains|is responsible for) {_NAMES}{_X}", "who-owns {x}"),
    (rf"owners? (?:of|for) {_NAMES}{_X}", "who-owns {x}"),
    (rf"who(?:m)? (?:do|can|should) (?:i|we) (?:ask|talk to|contact) about {_NAMES}{_X}", "who-owns {x}"),
    (rf"who (?:am i|i am)", "whois me"),
    (rf"who(?:'s|s| is| are) in {_X}", "team {x}"),
    (rf"who(?:'s|s| is) {_X}", "whois {x}"),
    (rf"(?:what|which services?|who|what all) (?:depends?|relies|rely) (?:up)?on {_NAMES}{_X}", "deps {x} --up"),
    (rf"what (?:uses|needs|calls|consumes) {_NAMES}{_X}", "deps {x} --up"),
    (rf"what (?:breaks|happens|is affected|goes down|stops)(?: working)? (?:if|when) {_NAMES}{_X} (?:breaks?|fails?|goes down|is down|dies|stops|is gone)", "deps {x} --blast-radius"),
    (rf"(?:what is the )?blast[- ]radius (?:of |for )?{_NAMES}{_X}", "deps {x} --blast-radius"),
    (rf"what (?:does|do) {_NAMES}{_X} (?:depend on|need|use|call|consume|rely on)", "deps {x} --down"),
    (rf"(?:show me )?(?:the )?dependencies (?:of|for) {_NAMES}{_X}", "deps {x}"),
    (rf"where (?:are|is|do i find|can i find) (?:the )?(?:docs|documentation|runbook|runbooks|manual)(?: (?:of|for|about))? {_NAMES}{_X}", "docs {x}"),
    (rf"(?:the )?(?:docs|documentation|runbook) (?:of|for|about) {_NAMES}{_X}", "docs {x}"),
    (rf"runbook {_X}", "docs {x} runbook"),
    (rf"(?:what|which) (?:services|things|components|systems) (?:do (?:we|i)|does my team) own", "mine"),
    (rf"(?:what do i own|what is mine|my (?:services|stuff|things|team))", "mine"),
    (rf"(?:what|which) (?:services |things |components )?(?:does|do) {_X} own", "team {x}"),
    (rf"(?:what(?:'s|s| is| are)|tell me about|show me|describe|look up) {_NAMES}{_X}", "show {x}"),
    (rf"(?:where is|where can i find|search(?: for)?|look for) {_X}", "find {x}"),
    (rf"(?:service|catalog|component|entity|card|info)(?: info| show)? {_X}", "show {x}"),
    (rf"(?:how (?:old|fresh) is (?:this|the catalog|the data))", "freshness"),
)  # fmt: skip

# Other bots' names before their commands: the rest is read as ours.
_OTHERS = re.compile(r"/?(?:pd|pagerduty|opslevel|cortex|fh|firehydrant|backstage|hubot|roadie|port)\s+(?P<rest>\S.*)", re.IGNORECASE)  # fmt: skip
_OTHERS_WORDS = re.compile(r"(?:pager|rota|schedule)\s+|catalog(?=\s+(?:oncall|on-call|service|owner|who)\b)\s*", re.IGNORECASE)  # fmt: skip

_BEGINNINGS = frozenset("who whos who's whose whom when what whats what's which where how am my runbook".split())


def is_sentence(first: str) -> bool:
    """Whether a text that begins with this word is read as a sentence before it is read as a command."""
    return first.lower() in _BEGINNINGS


def rephrase(text: str) -> str:
    """The words of /idp that the sentence means; "" when it is none of those known."""
    text = " ".join(text.replace("’", "'").split())
    other = _OTHERS.fullmatch(text)
    if other:
        rest = _OTHERS_WORDS.sub("", other["rest"], count=1).lstrip("/") or other["rest"]
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
