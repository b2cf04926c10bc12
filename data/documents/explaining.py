"""Parser errors, said to the author of the file."""

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from data.documents.values import Fault

_KNOWN = (
    (
        "found a tab character",
        "A tab stands where the line is indented.",
        "spaces, as YAML indents with nothing else",
    ),
    (
        "mapping values are not allowed",
        "This line has a ':' where no key can stand.",
        "quotes around text with ': '",
    ),
    ("could not find expected ':'", "A key without ':', or text that is not indented enough.", "key: value"),
    ("did not find expected key", "This line is not indented like the lines around it.", "the same indentation"),
    ("did not find expected '-' indicator", "This line does not continue the list.", "the same indentation"),
    ("cannot start any token", "This line begins with a character that YAML reserves.", "quotes around the text"),
    ("found undefined tag handle", "The tag on this line is not defined.", "plain YAML without tags"),
    ("unexpected end of stream", "A quote is not closed.", "a closing quote"),
    (
        "did not find expected ',' or",
        "A list or mapping in brackets is not closed or lacks a comma.",
        "a ',' or the end",
    ),
    ("did not find expected <document start>", "Something follows the end of the document.", "a line of ---"),
    ("found invalid Unicode character", "An escape in this text is not a Unicode character.", "valid Unicode"),
    ("did not find expected alphabetic", "A '*' or '&' here is read as an alias.", "quotes around the text"),
    (
        "block sequence entries are not allowed",
        "A list item stands where no list can.",
        "the list on its own line",
    ),
)


def explain(error: YAMLError, chunk: bytes, offset: int) -> Fault:
    """The fault that a parser error is, for a chunk whose first line is `offset`."""
    if isinstance(error, ReaderError):
        line = offset + chunk.count(b"\n", 0, error.position)
        return Fault(
            line, "yaml", f"The file is not valid UTF-8 text: {error.reason}.", "UTF-8 without control characters"
        )
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Fault(offset, "yaml", "This is not YAML.", "YAML")
    problem, line = str(error.problem), error.problem_mark.line + offset
    if _begins_with_tab(chunk, error.problem_mark.line):
        problem = "found a tab character"
    for part, message, expected in _KNOWN:
        if part in problem:
            return Fault(line, "yaml", _with_context(message, error, line, offset), expected)
    return Fault(line, "yaml", f"This is not YAML: {problem}.", "YAML")


def _begins_with_tab(chunk: bytes, line: int) -> bool:
    """Whether a tab indents this line of the chunk; libyaml says so only here and there."""
    text = chunk.splitlines()[line : line + 1]
    return bool(text) and b"\t" in text[0][: len(text[0]) - len(text[0].lstrip())]


def _with_context(message: str, error: MarkedYAMLError, line: int, offset: int) -> str:
    if error.context_mark is None or error.context_mark.line + offset == line:
        return message
    return f"{message[:-1]}; what it belongs to begins in line {error.context_mark.line + offset}."
