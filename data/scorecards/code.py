"""Typed expressions as Python syntax trees of our making. No text of a user ever becomes code.

A value that is unknown is None. `and` and `or` are decided by what is known where that suffices; everything else
is unknown when a part of it is.
"""

import ast
import operator
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Final

from data.scorecards.parsing import Literal, Name, Operation
from data.scorecards.types import Typed
from data.scorecards.vocabulary import ATTRIBUTES

_COMPARE: Final[Mapping[str, type[ast.cmpop]]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "in": ast.In,
}
_ARITHMETIC: Final[Mapping[str, type[ast.operator]]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div}
BUILTINS: Final = {"min": min, "max": max, "contains": operator.contains}
METHODS: Final = {"starts_with": "startswith", "ends_with": "endswith"}
NONE = ast.Constant(None)


class Coder:
    """Makes code for the expressions of one function; `facts` says in which variable each fact stands."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts
        self._numbers = count()

    def code(self, typed: Typed) -> ast.expr:
        """An expression that gives the value, or None for unknown; it raises nothing."""
        node = typed.node
        if isinstance(node, Literal):
            return ast.Constant(node.value)
        if isinstance(node, Name):
            return self._name(node.name)
        special = getattr(self, f"_{node.name}", None) if node.name in _SPECIAL else None
        if special is not None:
            made: ast.expr = special(*typed.parts)
            return made
        return self._strict(typed, node)

    def _name(self, name: str) -> ast.expr:
        if name not in ATTRIBUTES:
            return _load(self._facts[name])
        field, type_ = ATTRIBUTES[name]
        value = ast.Attribute(_load("entity"), field, ast.Load())
        return _call(ast.Attribute(value, "split", ast.Load())) if type_ == "list" else value

    def _and(self, left: Typed, right: Typed) -> ast.expr:
        return self._decided(left, right, by=False)

    def _or(self, left: Typed, right: Typed) -> ast.expr:
        return self._decided(left, right, by=True)

    def _decided(self, left: Typed, right: Typed, by: bool) -> ast.expr:
        """`by` where one side is `by`, else unknown where one side is, else not `by`."""
        if left.sure and right.sure:
            return ast.BoolOp(ast.Or() if by else ast.And(), [self.code(left), self.code(right)])
        sides = [self._bound(left), self._bound(right)]
        decided: ast.expr = ast.BoolOp(ast.Or(), [_is(bind, by) for bind, _ in sides])
        unsure = [_is(read, None) for (_, read), side in zip(sides, (left, right), strict=True) if not side.sure]
        otherwise = ast.IfExp(_any(unsure), NONE, ast.Constant(not by))
        return ast.IfExp(decided, ast.Constant(by), otherwise)

    def _known(self, part: Typed) -> ast.expr:
        return ast.Constant(True) if part.sure else ast.Compare(self.code(part), [ast.IsNot()], [NONE])

    def _default(self, part: Typed, otherwise: Typed) -> ast.expr:
        if part.sure:
            return self.code(part)
        bind, read = self._bound(part)
        return ast.IfExp(_is(bind, None), self.code(otherwise), read)

    def _strict(self, typed: Typed, node: Operation) -> ast.expr:
        """Unknown when a part is unknown (and for a division by nothing)."""
        reads, unsure = [], []
        for part in typed.parts:
            if part.sure and node.name != "/":
                reads.append(self.code(part))
                continue
            bind, read = self._bound(part)
            reads.append(read)
            if not part.sure or isinstance(bind, ast.NamedExpr):  # which is bound by looking at it
                unsure.append(_is(bind, None))
        if node.name == "/":
            unsure.append(ast.Compare(reads[1], [ast.Eq()], [ast.Constant(0.0)]))
        value = _operation(node.name, reads)
        return ast.IfExp(_any(unsure), NONE, value) if unsure else value

    def _bound(self, part: Typed) -> tuple[ast.expr, ast.expr]:
        """The expression that gives the value first, and the one that reads it again without working it out."""
        value = self.code(part)
        if isinstance(value, ast.Name | ast.Constant):
            return value, value
        name = f"t{next(self._numbers)}"
        return ast.NamedExpr(ast.Name(name, ast.Store()), value), _load(name)


_SPECIAL: Final = frozenset({"and", "or", "known", "default"})


def _operation(name: str, reads: Sequence[ast.expr]) -> ast.expr:
    if name in _COMPARE:
        return ast.Compare(reads[0], [_COMPARE[name]()], [reads[1]])
    if name in _ARITHMETIC:
        return ast.BinOp(reads[0], _ARITHMETIC[name](), reads[1])
    if name in ("not", "negative"):
        return ast.UnaryOp(ast.Not() if name == "not" else ast.USub(), reads[0])
    return _called(name, reads)


def _called(name: str, reads: Sequence[ast.expr]) -> ast.expr:
    """What looks like a call in an expression, and lists."""
    if name == "list":
        return ast.Tuple(list(reads), ast.Load())
    if name == "age":
        return ast.BinOp(_load("now"), ast.Sub(), reads[0])
    if name in METHODS:
        return _call(ast.Attribute(reads[0], METHODS[name], ast.Load()), reads[1])
    return _call(_load(name), *reads)


def _any(conditions: Sequence[ast.expr]) -> ast.expr:
    return conditions[0] if len(conditions) == 1 else ast.BoolOp(ast.Or(), list(conditions))


def _is(value: ast.expr, constant: bool | None) -> ast.expr:
    return ast.Compare(value, [ast.Is()], [ast.Constant(constant)])


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(function: ast.expr, *arguments: ast.expr) -> ast.expr:
    return ast.Call(function, list(arguments), [])
