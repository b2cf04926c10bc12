"""Tokens read into a tree, by the usual precedence: or, and, not, comparison, sum, product, sign.

coverage >= 80 and age(deployment.at) <= 30d
entity.type in ["service", "website"] or not known(slo.missing)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data.scorecards.tokens import BadExpression, Token, tokens

DEEPEST = 40  # brackets and signs inside one another

COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
WORDS = ("and", "or", "not", "in", "true", "false")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, duration (seconds), text or truth. `kind` is the name of its type."""

    value: float | str | bool
    kind: str
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A fact or something that the catalog says of the entity."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function with what it is applied to; `name` "list" is a list in brackets."""

    name: str
    operands: "Sequence[Node]"
    at: int


Node = Literal | Name | Operation


def parse(text: str) -> Node:
    """The tree of an expression. Raises BadExpression."""
    parser = _Parser(list(tokens(text)))
    node = parser.either()
    parser.expect("end", "the end", "an operator such as `and`, or the end")
    return node


class _Parser:
    """Recursive descent; `_depth` bounds it."""

    def __init__(self, stream: Sequence[Token]) -> None:
        self._stream = stream
        self._next = 0
        self._depth = 0

    def either(self) -> Node:
        """The whole of an expression."""
        return self._chain(self._both, ("or",))

    def expect(self, kind: str, value: str, expected: str) -> None:
        """Take this token, or say what was expected."""
        token = self._stream[self._next]
        if (token.kind, token.value) != (kind, value):
            raise BadExpression(f"{_shown(token)} does not fit here.", token.at, expected)
        self._next += 1

    def _both(self) -> Node:
        return self._chain(self._negation, ("and",))

    def _negation(self) -> Node:
        token = self._taken("name", ("not",))
        return self._inside(self._negation, "not", token) if token else self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        token = self._taken("sign", COMPARISONS) or self._taken("name", ("in",))
        if token is not None:
            return Operation(str(token.value), (left, self._sum()), token.at)
        negated = self._taken("name", ("not",))
        if negated is None:
            return left
        self.expect("name", "in", "`in` after `not`")
        return Operation("not", (Operation("in", (left, self._sum()), negated.at),), negated.at)

    def _sum(self) -> Node:
        return self._chain(self._product, ("+", "-"))

    def _product(self) -> Node:
        return self._chain(self._signed, ("*", "/"))

    def _signed(self) -> Node:
        token = self._taken("sign", ("-",))
        return self._inside(self._signed, "negative", token) if token else self._primary()

    def _primary(self) -> Node:
        token = self._stream[self._next]
        self._next += 1
        match token.kind:
            case "number" | "duration" | "text":
                return Literal(token.value, token.kind, token.at)
            case "name" if str(token.value) not in WORDS or token.value in ("true", "false"):
                return self._named(token)
            case "sign" if token.value == "(":
                return self._bracketed()
            case "sign" if token.value == "[":
                return Operation("list", self._listed("]"), token.at)
        raise BadExpression(f"{_shown(token)} does not fit here.", token.at, "a fact, a value or a bracket")

    def _named(self, token: Token) -> Node:
        if token.value in ("true", "false"):
            return Literal(token.value == "true", "truth", token.at)
        if self._taken("sign", ("(",)):
            return Operation(str(token.value), self._listed(")"), token.at)
        return Name(str(token.value), token.at)

    def _bracketed(self) -> Node:
        self._deeper()
        node = self.either()
        self.expect("sign", ")", "`)`")
        self._depth -= 1
        return node

    def _listed(self, end: str) -> tuple[Node, ...]:
        self._deeper()
        items: list[Node] = []
        while not self._taken("sign", (end,)):
            if items:
                self.expect("sign", ",", f"`,` or `{end}`")
            items.append(self.either())
        self._depth -= 1
        return tuple(items)

    def _inside(self, read: Callable[[], Node], name: str, token: Token) -> Node:
        self._deeper()
        node = Operation(name, (read(),), token.at)
        self._depth -= 1
        return node

    def _chain(self, read: Callable[[], Node], words: Sequence[str]) -> Node:
        """Operands between operators of one rank, from left to right."""
        node, before = read(), self._depth
        while token := self._taken("sign", words) or self._taken("name", words):
            self._deeper()  # each link nests the tree by one
            node = Operation(str(token.value), (node, read()), token.at)
        self._depth = before
        return node

    def _taken(self, kind: str, values: Sequence[str]) -> Token | None:
        token = self._stream[self._next]
        if token.kind != kind or token.value not in values:
            return None
        self._next += 1
        return token

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadExpression("The expression is nested too deeply.", self._stream[self._next - 1].at, "less")


def _shown(token: Token) -> str:
    return "The end" if token.kind == "end" else f"{token.value!r}"
