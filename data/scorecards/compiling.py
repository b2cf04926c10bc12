"""All rules of all scorecards compiled to one Python function: what a person would have written by hand."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from data.scorecards.code import BUILTINS, NONE, Coder
from data.scorecards.rules import Judge
from data.scorecards.types import Typed, facts_in

NAME = "judge"


@dataclass(frozen=True, slots=True)
class Checks:
    """One scorecard to be compiled: when it applies, and for each rule when it applies and what it checks."""

    applies: Sequence[Typed]
    rules: Sequence[tuple[Sequence[Typed], Typed]]


def compiled(cards: Sequence[Checks]) -> Judge:
    """The function; it raises nothing whatever the facts are, if each is of its type."""
    body: list[ast.stmt] = [_card(card, f"card{number}") for number, card in enumerate(cards)]
    results: list[ast.expr] = [ast.Name(f"card{number}", ast.Load()) for number in range(len(cards))]
    body.append(ast.Return(ast.Tuple(results, ast.Load())))
    names = ast.arguments([], [ast.arg("entity"), ast.arg("get"), ast.arg("now")], None, [], [], None, [])
    function = ast.FunctionDef(NAME, names, body, [], None)
    module = ast.fix_missing_locations(ast.Module([function], []))
    space: dict[str, object] = {"__builtins__": {}, **BUILTINS}
    exec(compile(module, "<scorecards>", "exec"), space)  # noqa: S102 - the tree is made of our own nodes
    return space[NAME]  # type: ignore[return-value]  # exec has put it there


def _card(card: Checks, result: str) -> ast.stmt:
    """`if applies: f0 = get("…"); …; card0 = (…) else: card0 = None`"""
    every = [typed for applies, check in card.rules for typed in (*applies, check)]
    names = dict.fromkeys(name for typed in (*card.applies, *every) for name in facts_in(typed))
    variables = {name: f"f{number}" for number, name in enumerate(names)}
    asked_first = {name for typed in card.applies for name in facts_in(typed)}
    coder = Coder(variables)
    verdicts: list[ast.expr] = [_rule(coder, applies, check) for applies, check in card.rules]
    then = [_load_fact(name, at) for name, at in variables.items() if name not in asked_first]
    then.append(_assign(result, ast.Tuple(verdicts, ast.Load())))
    if not card.applies:
        return ast.If(ast.Constant(True), then, [])
    first = [_load_fact(name, at) for name, at in variables.items() if name in asked_first]
    branch = ast.If(_all(coder, card.applies), then, [_assign(result, NONE)])
    return ast.If(ast.Constant(True), [*first, branch], []) if first else branch


def _rule(coder: Coder, applies: Sequence[Typed], check: Typed) -> ast.expr:
    verdict = coder.code(check)
    return ast.IfExp(_all(coder, applies), verdict, ast.Constant(...)) if applies else verdict


def _all(coder: Coder, conditions: Sequence[Typed]) -> ast.expr:
    """Whether all hold for sure."""
    tests = [
        coder.code(each) if each.sure else ast.Compare(coder.code(each), [ast.Is()], [ast.Constant(True)])
        for each in conditions
    ]
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)


def _load_fact(name: str, variable: str) -> ast.stmt:
    asked = ast.Call(ast.Name("get", ast.Load()), [ast.Constant(name)], [])
    return _assign(variable, asked)


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)
