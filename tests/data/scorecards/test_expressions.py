"""The language of rules: what it means, what it refuses and where, and that nothing can make it fail at work."""

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.catalog.entity import Entity
from data.scorecards.compiling import Checks, compiled
from data.scorecards.parsing import Literal, Name, Node, Operation, parse
from data.scorecards.tokens import BadExpression
from data.scorecards.types import Typed, check_types
from data.scorecards.vocabulary import FactType

FACTS: dict[str, FactType] = {
    "a": "number", "b": "number", "yes": "truth", "no": "truth", "word": "text", "other": "text", "at": "time",
}  # fmt: skip
NOW = 1_000_000.0
ENTITY = Entity(
    "component:default/cart", "Component", "default", "cart", "", "Holds what is bought.", "group:default/shop",
    "service", "production", "", "python pci", "acme", "cart.yaml", 1, False, "", "",
)  # fmt: skip


def value(text: str, **facts: Any) -> Any:
    """What an expression gives for these facts, or None for unknown."""
    judge = compiled([Checks((), [((), check_types(parse(text), FACTS))])])
    ((found,),) = judge(ENTITY, facts.get, NOW)  # type: ignore[misc]  # it always applies
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a >= 80", True),
        ("a == 80%", True),
        ("a > 80", False),
        ("a <= 80 and not a < 80", True),
        ("ends_with('cart.yaml', '.yaml') and not ends_with('cart.yaml', 'cart')", True),
        ("a + b * 2 == 84", True),
        ("(a + b) * 2 == 164", True),
        ("a - b - 1 == 77", True),
        ("-b < 0", True),
        ("a / b == 40", True),
        ("yes and not no", True),
        ("no or yes and no", False),
        ("not (yes and no)", True),
        ('word == "x" or word in ["y", "z"]', True),
        ("word not in ['y']", False),
        ("age(at) <= 2d", True),
        ("age(at) > 1h", True),
        ("at - 1h < at", True),
        ("contains(word, 'y') and starts_with(word, 'y') and ends_with(word, '')", True),
        ("max(a, b) == 80 and min(a, b) == 2", True),
        ('entity.type == "service" and "pci" in entity.tags', True),
        ("default(a, 0) > 1 and known(b)", True),
    ],
)
def test_what_it_means(text: str, found: bool) -> None:
    facts = {"a": 80.0, "b": 2.0, "yes": True, "no": False, "word": "y", "at": NOW - 86_400}
    assert value(text, **facts) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a > 1", None),
        ("not yes", None),
        ("a + 1 > 0", None),
        ("yes and false", False),
        ("false and yes", False),
        ("yes or true", True),
        ("true or yes", True),
        ("yes and true", None),
        ("yes or false", None),
        ("known(a)", False),
        ("default(a, 7) == 7", True),
        ("known(a) and a > 1", False),
        ("not known(a) or a > 1", True),
        ("1 / 0 > 1", None),
        ("age(at) < 1d", None),
        ("'x' in [word]", None),
    ],
)
def test_unknown_is_neither_true_nor_false_unless_the_rest_decides(text: str, found: bool | None) -> None:
    assert value(text) is found


def test_a_rule_is_for_what_it_applies_to_for_sure() -> None:
    yes, check = (check_types(parse(text), FACTS) for text in ("yes", "a > 1"))
    judge = compiled([Checks((yes,), [((), check)]), Checks((), [((yes,), check)])])
    assert judge(ENTITY, lambda _: None, NOW) == (None, (...,))
    assert judge(ENTITY, lambda name: name == "yes" or None, NOW) == ((None,), (None,))


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("coverge > 80", 0, "There is no fact coverge."),
        ("a > 'x'", 4, "A number cannot be compared with text."),
        ("a", 0, "This is a number."),
        ("yes > no", 4, "True or false has no order."),
        ("a and yes", 0, "This is a number."),
        ("not a", 4, "This is a number."),
        ("at > 5", 5, "A time cannot be compared with a number."),
        ("a = 5", 2, "'=' means nothing here."),
        ("a && yes", 2, "'&' means nothing here."),
        ("a >", 3, "The end does not fit here."),
        ("a > 5 6", 6, "6.0 does not fit here."),
        ("(a > 5", 6, "The end does not fit here."),
        ("lengthof(a) > 5", 0, "There is no function lengthof."),
        ("age(a) > 5d", 4, "This is a number."),
        ("age() > 5d", 0, "age() has 0 arguments."),
        ("", 0, "The end does not fit here."),
        ("min(word, other) == word", 0, "Text has no order."),
        ("word + 1 == 2", 5, "This cannot be worked out of text and a number."),
        ("__import__('os') == 1", 0, "There is no function __import__."),
        ("entity.__class__ == 'x'", 0, "There is no fact entity.__class__."),
        ("(" * 60 + "yes" + ")" * 60, 39, "The expression is nested too deeply."),
        ("not " * 60 + "yes", 0, "The expression is nested too deeply."),
        ("yes" + " and yes" * 60, 0, "The expression is nested too deeply."),
        ("a > " + "9" * 3000, 0, "The expression has 3,004 characters."),
    ],
)
def test_what_it_refuses_says_where(text: str, at: int, said: str) -> None:
    with pytest.raises(BadExpression) as refused:
        check_types(parse(text), FACTS)
    assert refused.value.message == said
    assert refused.value.at == at or "deeply" in said


# An evaluator of its own, written as plainly as can be, to compare the compiled code with.

_NUMBER: dict[str, Any] = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y}
_COMPARE: dict[str, Any] = {
    "==": lambda x, y: x == y, "!=": lambda x, y: x != y, "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y,
}  # fmt: skip


def _and(values: list[Any]) -> Any:
    return False if False in values else None if None in values else True


def _or(values: list[Any]) -> Any:
    return True if True in values else None if None in values else False


_LENIENT: dict[str, Any] = {
    "and": _and,
    "or": _or,
    "known": lambda values: values[0] is not None,
    "default": lambda values: values[1] if values[0] is None else values[0],
}
_STRICT: dict[str, Any] = (
    _NUMBER
    | _COMPARE
    | {
        "not": lambda x: not x,
        "negative": lambda x: -x,
        "/": lambda x, y: x / y if y else None,
        "min": min,
        "max": max,
    }
)


def plainly(node: Node, facts: dict[str, Any]) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        return facts.get(node.name)
    values = [plainly(each, facts) for each in node.operands]
    if node.name in _LENIENT:
        return _LENIENT[node.name](values)
    return None if None in values else _STRICT[node.name](*values)


numbers: st.SearchStrategy[Node] = st.deferred(
    lambda: st.one_of(
        st.builds(Literal, st.floats(0, 1e6), st.just("number"), st.just(0)),
        st.builds(Name, st.sampled_from(["a", "b"]), st.just(0)),
        st.builds(Operation, st.sampled_from("+-*/"), st.tuples(numbers, numbers), st.just(0)),
        st.builds(Operation, st.sampled_from(["min", "max", "default"]), st.tuples(numbers, numbers), st.just(0)),
        st.builds(Operation, st.just("negative"), st.tuples(numbers), st.just(0)),
    )
)
truths: st.SearchStrategy[Node] = st.deferred(
    lambda: st.one_of(
        st.builds(Literal, st.booleans(), st.just("truth"), st.just(0)),
        st.builds(Name, st.sampled_from(["yes", "no"]), st.just(0)),
        st.builds(Operation, st.sampled_from(["and", "or"]), st.tuples(truths, truths), st.just(0)),
        st.builds(Operation, st.just("not"), st.tuples(truths), st.just(0)),
        st.builds(Operation, st.just("known"), st.tuples(numbers), st.just(0)),
        st.builds(Operation, st.just("default"), st.tuples(truths, truths), st.just(0)),
        st.builds(Operation, st.sampled_from(list(_COMPARE)), st.tuples(numbers, numbers), st.just(0)),
    )
)
some_facts = st.fixed_dictionaries(
    {},
    optional={
        "a": st.floats(allow_nan=False, allow_infinity=False), "b": st.sampled_from([0.0, 1.0, -5.5, 1e300]),
        "yes": st.booleans(), "no": st.booleans(),
    },
)  # fmt: skip


@given(truths, some_facts)
def test_the_compiled_rule_says_what_a_plain_reading_of_the_tree_says(node: Node, facts: dict[str, Any]) -> None:
    judge = compiled([Checks((), [((), check_types(node, FACTS))])])
    ((found,),) = judge(ENTITY, facts.get, NOW)  # type: ignore[misc]  # it always applies
    assert found == plainly(node, facts)
    assert type(found) in (bool, type(None))


def read(text: str) -> tuple[Typed | None, BadExpression | None]:
    try:
        return check_types(parse(text), FACTS), None
    except BadExpression as refused:
        return None, refused


@given(
    st.text(alphabet=st.sampled_from(list("ab yesno()[]'\",.<>=!+-*/%0123456789andort_\n")), max_size=60),
    some_facts,
)
@example("a / (b - b) > 1", {"a": 1.0, "b": 1.0})
def test_any_text_is_refused_with_a_place_or_judged_without_failing(text: str, facts: dict[str, Any]) -> None:
    typed, refused = read(text)
    if typed is None:
        assert refused is not None
        assert refused.message
        assert 0 <= refused.at <= len(text)
        return
    ((found,),) = compiled([Checks((), [((), typed)])])(ENTITY, facts.get, NOW)  # type: ignore[misc]  # it applies
    assert found is None or isinstance(found, bool)
    assert not (isinstance(found, float) and math.isnan(found))
