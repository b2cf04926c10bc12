"""The types of an expression, found once when it is read: what remains cannot go wrong at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from data.scorecards.parsing import COMPARISONS, Literal, Name, Node, Operation
from data.scorecards.tokens import BadExpression
from data.scorecards.vocabulary import ATTRIBUTES, FUNCTIONS, FactType, Type

SAID = {
    "number": "a number",
    "text": "text",
    "truth": "true or false",
    "time": "a time",
    "duration": "a duration such as 30d",
    "list": "a list of texts",
}
_ORDERED = ("number", "time", "duration")


@dataclass(frozen=True, slots=True)
class Typed:
    """A node with its type. `sure`: never unknown. `parts` are its operands."""

    node: Node
    type: Type
    sure: bool
    parts: "Sequence[Typed]" = ()


def check_types(node: Node, facts: Mapping[str, FactType], wanted: Type = "truth") -> Typed:
    """The tree with types. Raises BadExpression for words that are not known and types that do not fit."""
    found = _typed(node, facts)
    if found.type != wanted:
        raise BadExpression(f"This is {SAID[found.type]}.", node.at, SAID[wanted])
    return found


def facts_in(typed: Typed) -> Sequence[str]:
    """The facts that an expression looks at, each once, in its order."""
    if isinstance(typed.node, Name):
        return () if typed.node.name in ATTRIBUTES else (typed.node.name,)
    return tuple(dict.fromkeys(name for part in typed.parts for name in facts_in(part)))


def _typed(node: Node, facts: Mapping[str, FactType]) -> Typed:
    if isinstance(node, Literal):
        return Typed(node, _literal(node), sure=True)
    if isinstance(node, Name):
        return _name(node, facts)
    parts = tuple(_typed(operand, facts) for operand in node.operands)
    sure = all(part.sure for part in parts) and node.name != "/"
    if node.name in FUNCTIONS:
        return Typed(node, _function(node, parts), _sure_call(node, parts, sure), parts)
    return Typed(node, _operator(node, parts), sure, parts)


def _literal(node: Literal) -> Type:
    kinds: dict[str, Type] = {"number": "number", "duration": "duration", "text": "text", "truth": "truth"}
    return kinds[node.kind]


def _name(node: Name, facts: Mapping[str, FactType]) -> Typed:
    if node.name in ATTRIBUTES:
        return Typed(node, ATTRIBUTES[node.name][1], sure=True)
    if node.name in facts:
        return Typed(node, facts[node.name], sure=False)
    near = get_close_matches(node.name, [*facts, *ATTRIBUTES], n=1)
    expected = f"did you mean {near[0]}?" if near else "a fact; new ones are declared under `facts:`"
    raise BadExpression(f"There is no fact {node.name}.", node.at, expected)


def _operator(node: Operation, parts: Sequence[Typed]) -> Type:
    if node.name in ("and", "or", "not"):
        _need(parts, "truth")
        return "truth"
    if node.name in COMPARISONS:
        return _comparison(node, parts)
    if node.name == "in":
        _need(parts[:1], "text")
        _need(parts[1:], "list")
        return "truth"
    if node.name == "list":
        _need(parts, "text")
        return "list"
    if node.name in ("+", "-", "*", "/", "negative"):
        return _sum(node, parts)
    near = get_close_matches(node.name, FUNCTIONS, n=1)
    expected = f"did you mean {near[0]}?" if near else "one of " + ", ".join(FUNCTIONS)
    raise BadExpression(f"There is no function {node.name}.", node.at, expected)


def _comparison(node: Operation, parts: Sequence[Typed]) -> Type:
    left, right = parts
    if left.type != right.type:
        raise BadExpression(
            f"{_capital(SAID[left.type])} cannot be compared with {SAID[right.type]}.",
            right.node.at,
            SAID[left.type],
        )
    if node.name not in ("==", "!=") and left.type not in _ORDERED:
        raise BadExpression(f"{_capital(SAID[left.type])} has no order.", node.at, "== or !=")
    return "truth"


def _sum(node: Operation, parts: Sequence[Typed]) -> Type:
    """Numbers with numbers; times and durations as in a calendar."""
    types = tuple(part.type for part in parts)
    known: dict[tuple[str, ...], Type] = {("-", "time", "time"): "duration"}
    for sign in "+-":
        known |= {
            (sign, "number", "number"): "number",
            (sign, "duration", "duration"): "duration",
            (sign, "time", "duration"): "time",
        }
    known |= {(sign, "number", "number"): "number" for sign in "*/"}
    known |= {("negative", "number"): "number", ("negative", "duration"): "duration"}
    result = known.get((node.name, *types))
    if result is None:
        said = " and ".join(SAID[type_] for type_ in types)
        raise BadExpression(f"This cannot be worked out of {said}.", node.at, "numbers")
    return result


def _function(node: Operation, parts: Sequence[Typed]) -> Type:
    wanted, result = FUNCTIONS[node.name]
    if len(parts) != len(wanted):
        raise BadExpression(f"{node.name}() has {len(parts)} arguments.", node.at, f"{len(wanted)}")
    for part, type_ in zip(parts, wanted, strict=True):
        if type_ != "any":
            _need([part], type_)
    if result != "same":
        return result
    _need(parts[1:], parts[0].type)
    if node.name in ("min", "max") and parts[0].type not in _ORDERED:
        raise BadExpression(f"{_capital(SAID[parts[0].type])} has no order.", node.at, "numbers")
    return parts[0].type


def _sure_call(node: Operation, parts: Sequence[Typed], sure: bool) -> bool:
    if node.name == "known":
        return True
    return any(part.sure for part in parts) if node.name == "default" else sure


def _need(parts: Sequence[Typed], type_: Type) -> None:
    for part in parts:
        if part.type != type_:
            raise BadExpression(f"This is {SAID[part.type]}.", part.node.at, SAID[type_])


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
