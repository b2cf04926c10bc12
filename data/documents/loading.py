"""A YAML stream, guarded: every document of it, or the reason why not."""

from collections.abc import Iterator

from yaml import YAMLError

from data.documents.building import build
from data.documents.explaining import explain
from data.documents.values import Document, Fault, Limits, Refused

LIMITS = Limits()
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_DIRECTIVES = 16
"""libyaml compares each directive with all before it, so that many of them would take minutes."""


def load_documents(content: bytes, limits: Limits = LIMITS) -> list[Document | Fault]:
    """Read all documents of a stream; never raises, and no document costs another.

    Scalars resolve by YAML 1.2's core schema (`yes`, `on` and dates are text); merge keys, custom tags, duplicate
    keys and whatever exceeds the limits are faults. Empty documents are left out. U+0085, U+2028 and U+2029 end
    lines as in YAML 1.1: in a text they become a space.
    """
    if len(content) > limits.content:
        expected = f"at most {limits.content >> 20} MiB"
        return [Fault(1, "limit", f"The file is too large ({len(content):,} bytes).", expected)]
    if content[:2] in _UTF16:
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            return [Fault(1, "yaml", "The file is not valid UTF-16.", "UTF-8")]
    found: list[Document | Fault] = []
    for chunk, line in _chunks(content.removeprefix(_BOM)):
        if len(found) >= limits.documents:
            found.append(Fault(line, "limit", "The file has too many documents.", f"at most {limits.documents:,}"))
            break
        _load_chunk(chunk, line, limits, found)
    return found


def _load_chunk(chunk: bytes, line: int, limits: Limits, found: list[Document | Fault]) -> None:
    if chunk.count(b"\n%") > _DIRECTIVES:
        found.append(Fault(line, "limit", "The document has too many % directives.", f"at most {_DIRECTIVES}"))
        return
    try:
        found.extend(build(chunk, line, limits))
    except Refused as refused:
        found.append(refused.fault)
    except YAMLError as error:
        found.append(explain(error, chunk, line))


def _chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    """The stream cut before each `---`, each piece with the number of its first line.

    Directives before a `---` go with it, since they belong to the document that follows.
    """
    begin, line, marker = 0, 1, 0
    # Such a line starts a document wherever it stands, even inside block text: the YAML grammar forbids it there.
    while (marker := content.find(b"\n---", marker) + 1) > 0:
        after = content[marker + 3 : marker + 4]
        if not after or after in b" \t\r\n":
            cut = _before_directives(content, begin, marker)
            if cut > begin:
                yield content[begin:cut], line
                line += content.count(b"\n", begin, cut)
                begin = cut
    yield content[begin:], line


def _before_directives(content: bytes, begin: int, marker: int) -> int:
    cut = marker
    while cut > begin:
        start = content.rfind(b"\n", begin, cut - 1) + 1 or begin
        if content[start : start + 1] != b"%":
            break
        cut = start
    return cut
