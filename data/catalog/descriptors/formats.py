"""The formats of single values in the catalog model of Backstage, and what to tell who misses one."""

import re
from collections.abc import Callable

_DNS_LABEL = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_NAME = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_VERSION = re.compile(r"[A-Za-z0-9]+")
_TAG = re.compile(r"[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#].*)?")  # most are; the rest is looked at closely
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_AUTHORITY = re.compile(r"(?:[^@]*@)?(\[[0-9A-Fa-f:.]+\]|[^\s:<>\[\]^|%#\x00-\x1f]+)(?::([0-9]{0,5}))?", re.DOTALL)
_STRIPPED_FROM_URLS = "".join(map(chr, range(0x21)))

Test = Callable[[object], bool]


def is_text(value: object) -> bool:
    """Text with something to read in it."""
    return isinstance(value, str) and bool(value.strip())


def is_not_empty(value: object) -> bool:
    """Text of at least one character, were it a space."""
    return isinstance(value, str) and value != ""


def is_dns_label(value: object) -> bool:
    """Lower-case letters, digits and dashes, at most 63."""
    return isinstance(value, str) and len(value) <= 63 and _DNS_LABEL.fullmatch(value) is not None


def is_dns_subdomain(value: object) -> bool:
    """DNS labels joined by dots, at most 253 characters."""
    return isinstance(value, str) and len(value) <= 253 and all(map(is_dns_label, value.split(".")))


def is_name(value: object) -> bool:
    """The name of an entity."""
    return isinstance(value, str) and len(value) <= 63 and _NAME.fullmatch(value) is not None


def is_kind(value: object) -> bool:
    """The kind of an entity."""
    return isinstance(value, str) and len(value) <= 63 and _KIND.fullmatch(value) is not None


def is_api_version(value: object) -> bool:
    """`v1` or `example.com/v1`."""
    return _is_prefixed(value, lambda end: len(end) <= 63 and _VERSION.fullmatch(end) is not None)


def is_key(value: object) -> bool:
    """The key of a label or an annotation: a name, with or without `example.com/` before it."""
    return _is_prefixed(value, is_name)


def is_label_value(value: object) -> bool:
    """Nothing, or what a name could be."""
    return value == "" or is_name(value)


def is_annotation_value(value: object) -> bool:
    """Any text."""
    return isinstance(value, str)


def is_tag(value: object) -> bool:
    """Lower-case letters, digits and `:+#`, in words joined by single dashes."""
    return isinstance(value, str) and len(value) <= 63 and _TAG.fullmatch(value) is not None


def is_url(value: object) -> bool:
    """An absolute URL as a browser reads it: with a host where the scheme is one of the web's."""
    if isinstance(value, str) and _PLAIN_URL.fullmatch(value):
        return True
    parts = _SCHEME.fullmatch(value.strip(_STRIPPED_FROM_URLS)) if isinstance(value, str) else None
    if parts is None:
        return False
    scheme, rest = parts[1].lower(), parts[2]
    if scheme in ("http", "https", "ws", "wss", "ftp"):
        return _has_host(rest.lstrip("/\\"))
    return not rest.startswith("//") or rest[2:3] in ("", "/") or _has_host(rest[2:])


def _has_host(rest: str) -> bool:
    authority = _AUTHORITY.fullmatch(re.split(r"[/\\?#]", rest, maxsplit=1)[0])
    return authority is not None and int(authority[2] or 0) < 65_536


def _is_prefixed(value: object, is_end: Callable[[str], bool]) -> bool:
    if not isinstance(value, str):
        return False
    prefix, slash, end = value.rpartition("/")
    return is_end(end) and (not slash or is_dns_subdomain(prefix))


EXPECTED: dict[Test, str] = {
    is_text: "text",
    is_not_empty: "text",
    is_name: "letters, digits and any of - _ . between them, at most 63 characters",
    is_dns_label: "lower-case letters, digits and - between them, at most 63 characters",
    is_kind: "letters and digits, such as Component",
    is_api_version: "such as backstage.io/v1alpha1",
    is_key: "a name, such as team, or one with a domain before it, such as example.com/team",
    is_label_value: "letters, digits and any of - _ . between them, at most 63 characters; numbers in quotes",
    is_annotation_value: "text, in quotes if it looks like a number, true or false",
    is_tag: "lower-case letters, digits and any of : + #, in words joined by single dashes",
    is_url: "an absolute URL, such as https://example.com/page",
}
"""What the author of a file was expected to write."""
