"""Expressions mean what Jinja means by them, where both have them."""

import contextlib
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from importer.problems import RecipePlace
from importer.recipe.expressions import (
    Expression,
    ExpressionProblem,
    Scope,
    compile_expression,
    parse_expression,
)
from importer.sources.table import Cell, CellKind

_JINJA = Environment(autoescape=False)
_ROW = {"a": 7, "b": -3, "t": "Иванов Иван", "u": "x y-z"}
_CELLS = tuple(
    Cell(value if isinstance(value, str) else Decimal(value), letter, CellKind.TEXT, str(value))
    for letter, value in zip("ABCD", _ROW.values(), strict=True)
)

numbers = st.one_of(st.integers(-9, 9).map(str), st.sampled_from(["row.a", "row.b", 'row["a"]']))
texts = st.one_of(
    st.text(alphabet="аbЯ1 -", min_size=1, max_size=5).map(lambda text: f'"x{text}"'),
    st.sampled_from(["row.t", "row.u"]),
)


def _arithmetic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda parts: f"({' '.join(parts)})")
    whole = st.tuples(inner, st.sampled_from(["2", "-2", "3", "7"])).map(
        lambda parts: f"({parts[0]} // {parts[1]})"
    )
    return st.one_of(two, whole, inner.map(lambda text: f"(- {text})"))


def _conditions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"(not {text})"),
    )


def _texts(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]} ~ {parts[1]})"),
        st.tuples(inner, st.sampled_from(["upper", "lower", "title", "trim", "replace('x', 'yz')"])).map(
            lambda parts: f"({parts[0]} | {parts[1]})"
        ),
        st.tuples(inner, inner, inner).map(
            lambda parts: f"({parts[0]} if {parts[1]} == {parts[2]} else {parts[2]})"
        ),
    )


sums = st.recursive(numbers, _arithmetic, max_leaves=8)
comparisons = st.one_of(
    st.tuples(sums, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), sums).map(" ".join),
    st.tuples(sums, sums, sums).map(lambda parts: f"{parts[0]} in [{parts[1]}, {parts[2]}]"),
    st.tuples(texts, st.sampled_from(["==", "!=", "<", "in", "not in"]), texts).map(" ".join),
    st.tuples(sums, sums, sums).map(lambda parts: f"{parts[0]} not in [{parts[1]}, {parts[2]}]"),
    st.tuples(sums, sums, sums).map(lambda parts: f"{parts[0]} < {parts[1]} <= {parts[2]}"),
).map(lambda text: f"({text})")


def ours(text: str) -> object:
    """Return what our closure gives."""
    found = parse_expression(text, RecipePlace("r", 1, 1))
    assert isinstance(found, Expression), text
    columns = {name: number for number, name in enumerate(_ROW)}
    result = compile_expression(found, columns)(Scope("iso", date(2026, 1, 1), _CELLS))
    return result.value if isinstance(result, Cell) else result


def theirs(text: str) -> object:
    """Return what Jinja gives."""
    return _JINJA.compile_expression(text)(row=_ROW)


@given(sums)
def test_sums(text: str) -> None:
    """Sums, differences and products of numbers."""
    assert ours(text) == theirs(text)


@given(st.recursive(comparisons, _conditions, max_leaves=5))
def test_conditions(text: str) -> None:
    """Comparisons and logic."""
    assert ours(text) == theirs(text)


@given(st.recursive(texts, _texts, max_leaves=6))
def test_texts(text: str) -> None:
    """Texts put together, filtered and chosen."""
    assert ours(text) == theirs(text)


@given(st.text(alphabet="rowФ.[]()|~+-*/<>=!'\"0129 aifnotelsd,{}%\\", max_size=60))
def test_any_text_is_checked_without_a_crash(text: str) -> None:
    """Whatever is written: an expression that gives a value or a row's problem, or problems with places."""
    found = parse_expression(text, RecipePlace("r", 1, 1))
    if isinstance(found, tuple):
        assert found
        assert all(1 <= problem.place.column <= len(text) + 1 and problem.message() for problem in found)
        return
    compiled = compile_expression(found, dict.fromkeys(found.columns, 0))
    with contextlib.suppress(ExpressionProblem):
        compiled(Scope("ru", date(2026, 1, 1), _CELLS))
