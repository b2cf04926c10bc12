"""Scorecards read from YAML: every fault at once, each with its line, and one compiled function."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from data.catalog.entity import parse_ref
from data.documents import Document, Fault, check, load_documents, one
from data.errors import Invalid
from data.scorecards.compiling import Checks, compiled
from data.scorecards.parsing import parse
from data.scorecards.rules import Fix, Rule, Scorecard, Scorecards
from data.scorecards.tokens import BadExpression
from data.scorecards.types import Typed, check_types, facts_in
from data.scorecards.vocabulary import FACTS, FactType
from data.scorecards.written import Applies, RuleEntry, ScorecardEntry, ScorecardsFile

SHIPPED: Final = Path(__file__).with_name("shipped.yaml")
"""The six rules that every install begins with."""

YamlPath = tuple[str | int, ...]


class Misread(NamedTuple):
    """A fault and the file that it is in."""

    file: Path
    fault: Fault


class _Loaded(NamedTuple):
    file: Path
    document: Document
    content: ScorecardsFile


@dataclass(slots=True)
class _Reader:
    """Collects scorecards and faults over several files."""

    facts: dict[str, FactType] = field(default_factory=lambda: dict(FACTS))
    cards: list[tuple[Scorecard, Checks]] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)

    def fault(self, loaded: _Loaded, path: YamlPath, message: str, expected: str = "", further: int = 0) -> None:
        line = loaded.document.lines.nearest(path, loaded.document.line) + further
        self.misread.append(Misread(loaded.file, Fault(line, "scorecard", message, expected)))


def load_scorecards(files: Sequence[Path]) -> tuple[Scorecards, Sequence[Misread]]:
    """What the files say together, and all that is wrong in them; rules are named once in all of them."""
    reader = _Reader()
    loaded = [each for file in files if (each := _load(file, reader))]
    for each in loaded:
        _declare(each, reader)
    for each in loaded:
        for name, entry in each.content.scorecards.items():
            _card(each, name, entry, reader)
    cards = [card for card, _ in reader.cards]
    judge = compiled([checks for _, checks in reader.cards])
    return Scorecards(cards, reader.facts, judge), reader.misread


def _load(file: Path, reader: _Reader) -> _Loaded | None:
    try:
        document = one(
            load_documents(file.read_bytes()), "scorecards: with names below it, as in docs/scorecards.md"
        )
    except OSError as error:
        reader.misread.append(Misread(file, Fault(0, "file", f"The file cannot be read: {error.strerror}.")))
        return None
    content = document if isinstance(document, list) else check(ScorecardsFile, document)
    if isinstance(document, list) or isinstance(content, list):
        reader.misread += [Misread(file, fault) for fault in content if isinstance(fault, Fault)]
        return None
    return _Loaded(file, document, content)


def _declare(loaded: _Loaded, reader: _Reader) -> None:
    for name, type_ in loaded.content.facts.items():
        if reader.facts.get(name, type_) != type_:
            reader.fault(loaded, ("facts", name), f"The fact {name} is {reader.facts[name]} already.", "one type")
        reader.facts.setdefault(name, type_)


def _card(loaded: _Loaded, name: str, entry: ScorecardEntry, reader: _Reader) -> None:
    path: YamlPath = ("scorecards", name)
    if any(card.name == name for card, _ in reader.cards):
        reader.fault(loaded, path, f"A scorecard {name} stands in another file.", "a name of its own")
    if len(set(entry.levels)) != len(entry.levels):
        reader.fault(loaded, (*path, "levels"), "A level is named twice.", "each level once")
    applies = _applies(loaded, (*path, "applies_to"), entry.applies_to, reader)
    rules: list[Rule] = []
    checks: list[tuple[Sequence[Typed], Typed]] = []
    for rule_name, written in entry.rules.items():
        made = _rule(loaded, (*path, "rules", rule_name), written, entry, reader)
        if made is not None:
            rules.append(made[0])
            checks.append(made[1:])
    where = f"{loaded.file.name}:{loaded.document.lines.nearest(path, loaded.document.line)}"
    card = Scorecard(name, entry.title, tuple(entry.levels), tuple(rules), entry.grace or 0, where)
    reader.cards.append((card, Checks(applies, checks)))


def _rule(
    loaded: _Loaded, path: YamlPath, entry: RuleEntry, card: ScorecardEntry, reader: _Reader
) -> tuple[Rule, Sequence[Typed], Typed] | None:
    name = str(path[-1])
    if entry.level not in card.levels:
        said = f"{entry.level!r} is no level."
        reader.fault(loaded, (*path, "level"), said, "one of " + ", ".join(card.levels))
    if any(rule.name == name for known, _ in reader.cards for rule in known.rules):
        reader.fault(loaded, path, f"A rule {name} stands in another scorecard.", "a name of its own")
    applies = _applies(loaded, (*path, "applies_to"), entry.applies_to or Applies(), reader)
    text = entry.check or _spelled(entry, reader.facts)
    typed = _typed(loaded, (*path, "check" if entry.check else "fact"), text, reader)
    if typed is None:
        return None
    rule = Rule(
        name=name,
        scorecard=str(path[1]),
        title=entry.title,
        why=entry.why,
        level=entry.level,
        weight=entry.weight,
        fix=Fix(entry.fix.text, entry.fix.link, entry.fix.action),
        check=text,
        facts=tuple(facts_in(typed)),
        since=entry.from_,
        place=f"{loaded.file.name}:{loaded.document.lines.nearest(path, loaded.document.line)}",
    )
    return rule, applies, typed


def _typed(loaded: _Loaded, path: YamlPath, text: str, reader: _Reader) -> Typed | None:
    try:
        return check_types(parse(text), reader.facts)
    except BadExpression as bad:
        further = text.count("\n", 0, bad.at)
        column = bad.at - text.rfind("\n", 0, bad.at)
        said = f"{_dotted(path)}: {bad.message} (character {column})"
        reader.fault(loaded, path, said, bad.expected, further)
        return None


def _applies(loaded: _Loaded, path: YamlPath, applies: Applies, reader: _Reader) -> Sequence[Typed]:
    found = []
    for key, text in _conditions(applies, loaded, path, reader):
        typed = _typed(loaded, (*path, key), text, reader)
        if typed is not None:
            found.append(typed)
    return found


def _conditions(applies: Applies, loaded: _Loaded, path: YamlPath, reader: _Reader) -> Iterator[tuple[str, str]]:
    """What is stated, as expressions, the cheapest first."""
    for key in ("kind", "type", "lifecycle"):
        if words := getattr(applies, key):
            yield key, f"entity.{key} in {_texts(_spellings(words))}"
    if applies.owner:
        yield "owner", f"entity.owner in {_texts(_owners(applies.owner, loaded, path, reader))}"
    if applies.tags:
        yield "tags", " or ".join(f"{_text(tag)} in entity.tags" for tag in applies.tags)
    if applies.where:
        yield "where", applies.where


def _owners(words: Sequence[str], loaded: _Loaded, path: YamlPath, reader: _Reader) -> Iterator[str]:
    for word in words:
        try:
            yield str(parse_ref(word, "group"))
        except Invalid as fault:
            reader.fault(loaded, (*path, "owner"), fault.message, fault.hint)


def _spellings(words: Sequence[str]) -> list[str]:
    """`component` is meant where `Component` stands in a file, and the other way round."""
    return list(dict.fromkeys(form for word in words for form in (word, word.lower(), word.capitalize())))


def _spelled(entry: RuleEntry, facts: Mapping[str, FactType]) -> str:
    """A fact with operator and value as an expression."""
    if entry.operator is None:
        return str(entry.fact)
    if entry.operator == "within":
        return f"age({entry.fact}) <= {entry.value}"
    return f"{entry.fact} {entry.operator} {_value(entry.value, facts.get(str(entry.fact)) == 'text')}"


def _value(value: Any, text: bool) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(each, text) for each in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return _text(str(value)) if text or isinstance(value, str) else f"{value}"


def _texts(words: Iterator[str] | Sequence[str]) -> str:
    return f"[{', '.join(_text(word) for word in words)}]"


def _text(word: str) -> str:
    return f"'{word}'" if '"' in word else f'"{word}"'


def _dotted(path: YamlPath) -> str:
    return ".".join(str(step) for step in path[1:])
