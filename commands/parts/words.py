"""What a person typed, as words: quotes keep spaces, Slack's escapes are taken off, --flags are read."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from data.errors import Invalid

LONGEST = 2_000  # signs of a question that are read; names and searches are far shorter

_SIMPLE = re.compile(r"[\w\s./:#@,?!=+-]*").fullmatch
_WORD = re.compile(r"""'([^']*)'(?!\S)|((?:[^\s"]|"[^"]*"?)+)""")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))
_DASHES = re.compile(r"(?<!\S)[—–](?=[A-Za-z])")  # what phones make of two hyphens
_ESCAPED = re.compile(r"<([@#!]|mailto:|https?://)([^<>|]*)(?:\|([^<>]*))?>")


class Quoted(str):
    """A word that stood in quotes: never a flag, and to be found as it stands."""

    __slots__ = ()


def split(text: str) -> list[str]:
    """The words of `text` in order, those in quotes as Quoted. Never raises; an open quote ends with the text."""
    text = text[:LONGEST]
    if _SIMPLE(text):
        return text.split()
    text = _ESCAPED.sub(_unescaped, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = _DASHES.sub("--", text.translate(_QUOTES))
    return [_word(found) for found in _WORD.finditer(text)]


def _word(found: re.Match[str]) -> str:
    single, plain = found.groups()
    if single is not None:
        return Quoted(single)
    bare = plain.replace('"', "")
    return Quoted(bare) if plain.startswith('"') else bare


def _unescaped(found: re.Match[str]) -> str:
    sign, body, label = found.groups()
    if sign == "mailto:":
        return str(body)
    if sign in "@#":
        return f"{sign}{label or body}"
    if sign == "!":  # a user group says its own name; @here and the like say nothing
        return label or ""
    return f"{sign}{body}"


def read_flags(words: Sequence[str], known: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Words and flags apart. `known` maps a flag to what its value is called, "" for none.

    `--flag value` and `--flag=value` are the same; a value whose name ends in "…" takes all words up to the next
    flag. Raises Invalid for a flag that is not known or lacks its value.
    """
    plain: list[str] = []
    flags: dict[str, str] = {}
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        if not _is_flag(word):
            plain.append(word)
            continue
        asked, given, value = word[2:].partition("=")
        name = _known_flag(asked.lower(), known)
        if known[name] and not given:
            value, at = _value(words, at, many=known[name].endswith("…"))
        if known[name] and not value:
            raise Invalid(f"--{name} needs a value: --{name} {known[name].rstrip('…')}.")
        flags[name] = value
    return plain, flags


def _is_flag(word: str) -> bool:
    return word.startswith("--") and len(word) > 2 and type(word) is not Quoted


def _value(words: Sequence[str], at: int, many: bool) -> tuple[str, int]:
    """The value that starts at `at`, and where reading goes on."""
    end = at
    while end < len(words) and (many or end == at) and not _is_flag(words[end]):
        end += 1
    return " ".join(words[at:end]), end


def _known_flag(name: str, known: Mapping[str, str]) -> str:
    if name in known:
        return name
    begun = [flag for flag in known if name and flag.startswith(name)]
    if len(begun) == 1:
        return begun[0]
    near = begun or get_close_matches(name, known, n=1) or sorted(known)
    raise Invalid(f"--{name} is not a flag of this command.", f"Did you mean --{' or --'.join(near)}?")
