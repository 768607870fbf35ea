"""Operators over blank, text, numbers and dates: what does not go together is a problem, not a guess.

A comparison with a blank is false but for `==` and `!=`; arithmetic with a blank is blank.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from importer.recipe.expressions.functions import add_months, outside_the_calendar
from importer.recipe.expressions.values import (
    EXACT,
    QUOTIENT,
    ExpressionProblem,
    Months,
    Scope,
    Value,
    bounded,
    number_of,
    plain,
    shown,
    text_of,
)
from importer.text.locales import read_number
from importer.text.translating import N_

_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_NUMBER, _TEXT, _DATE = "number", "text", "date"
# The kinds of values that are compared among themselves.
_KINDS: Mapping[type, str] = {
    bool: "boolean",
    str: _TEXT,
    int: _NUMBER,
    Decimal: _NUMBER,
    date: _DATE,
    datetime: _DATE,
    time: "time",
    timedelta: "duration",
    UUID: "guid",
}


def compare(name: str, left: Value, right: Value) -> bool:
    """Return whether `left` stands in the relation `name` (eq, ne, lt, lteq, gt, gteq, in, notin) to `right`.

    Raises:
        ExpressionProblem: they are of different kinds.
    """
    order = _ORDERED.get(name)
    if order is None:
        return _contained(left, right) is (name == "in")
    one, other = plain(left), plain(right)
    if one is None or other is None:
        return (name == "eq" and one is other) or (name == "ne" and one is not other)
    kind = _KINDS.get(type(one))
    if kind is None or kind != _KINDS.get(type(other)):
        raise _different(one, other)
    return order(*_moments(one, other)) if kind == _DATE else order(one, other)


def negative(value: Value) -> Value:
    """Return the number with its other sign."""
    number = number_of(value)
    return None if number is None else EXACT.minus(number) if isinstance(number, Decimal) else -number


def positive(value: Value) -> Value:
    """Return the number."""
    return number_of(value)


def add(scope: Scope, left: Value, right: Value) -> Value:
    """Return the sum of numbers, a date moved by days or months, or two texts one after the other."""
    one, other = plain(left), plain(right)
    if one is None or other is None:
        return None
    if isinstance(one, date):
        return _moved(one, other)
    if isinstance(other, date):
        return _moved(other, one)
    if isinstance(one, str) and isinstance(other, str):
        # "8" + "2" is meant as 10 more often than as "82": not a guess.
        if read_number(one, scope.locale) is not None and read_number(other, scope.locale) is not None:
            raise ExpressionProblem(
                N_('"{left}" and "{right}" are texts that read as numbers'),
                N_("Use `| number` to add them, `~` to put them together"),
                left=one[:40],
                right=other[:40],
            )
        return bounded(one + other)
    return _numbers(EXACT.add, operator.add, one, other)


def subtract(_: Scope, left: Value, right: Value) -> Value:
    """Return the difference of numbers, the days between two dates, or a date moved back."""
    one, other = plain(left), plain(right)
    if one is None or other is None:
        return None
    if isinstance(one, date) and isinstance(other, date):
        return _days_between(one, other)
    if isinstance(one, date):
        if isinstance(other, Months):
            return _moved(one, Months(-other.count))
        return _moved(one, -other if isinstance(other, timedelta) else other)
    return _numbers(EXACT.subtract, operator.sub, one, other)


def multiply(_: Scope, left: Value, right: Value) -> Value:
    """Return the product of numbers."""
    return _numbers(EXACT.multiply, operator.mul, left, right)


def divide(_: Scope, left: Value, right: Value) -> Value:
    """Return the quotient of numbers, to 28 digits."""
    return _numbers(lambda one, other: QUOTIENT.divide(one, _divisor(other)), None, left, right)


def divide_whole(_: Scope, left: Value, right: Value) -> Value:
    """Return the quotient of numbers rounded down."""
    return _numbers(_floor, lambda one, other: one // _divisor(other), left, right)


ARITHMETIC: Mapping[str, Callable[[Scope, Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "//": divide_whole,
}


def _numbers(
    decimals: Callable[[Decimal, Decimal], Decimal],
    whole: Callable[[int, int], int] | None,
    left: Value,
    right: Value,
) -> Value:
    one, other = number_of(left), number_of(right)
    if one is None or other is None:
        return None
    if type(one) is Decimal and type(other) is Decimal:
        return decimals(one, other)
    if whole is not None and isinstance(one, int) and isinstance(other, int):
        if max(one.bit_length(), other.bit_length()) > 512:
            raise ExpressionProblem(N_("the number is too large"))
        return whole(one, other)
    return decimals(Decimal(one), Decimal(other))


def _floor(one: Decimal, other: Decimal) -> Decimal:
    remainder = EXACT.remainder(one, _divisor(other))
    quotient = EXACT.divide_int(EXACT.subtract(one, remainder), other)
    return quotient - 1 if remainder and (remainder < 0) != (other < 0) else quotient


def _divisor(number: Any) -> Any:  # noqa: ANN401 - int or Decimal, as it comes
    if number == 0:
        raise ExpressionProblem(N_("division by zero"))
    return number


def _contained(item: Value, container: Value) -> bool:
    where = plain(container)
    if isinstance(where, list):
        return any(compare("eq", item, inner) for inner in where)
    if where is None or plain(item) is None:
        return False
    return text_of(item) in text_of(container)


def _different(left: Value, right: Value) -> ExpressionProblem:
    """Return the problem of two values that Python might compare, and we do not."""
    kinds = {_KINDS.get(type(left)), _KINDS.get(type(right))}
    if kinds == {_TEXT, _DATE}:
        text, other = (left, right) if isinstance(left, str) else (right, left)
        return ExpressionProblem(
            N_('cannot compare the text "{text}" with the date {other}'),
            N_('Use `| date` or `| date("dd.MM.yy")`'),
            text=shown(text),
            other=shown(other),
        )
    if kinds == {_TEXT, _NUMBER}:
        text, other = (left, right) if isinstance(left, str) else (right, left)
        return ExpressionProblem(
            N_('cannot compare the text "{text}" with the number {other}'),
            N_("Use `| number`, or compare with a text in quotes"),
            text=shown(text),
            other=shown(other),
        )
    return ExpressionProblem(
        N_('cannot compare "{left}" with "{right}"'), left=shown(left), right=shown(right)
    )


def _moments(left: Any, right: Any) -> tuple[date, date]:  # noqa: ANN401 - dates, as `_kind` said
    """Return two days, or two moments of one kind."""
    if type(left) is type(right) is date:
        return left, right
    one, other = _midnight(left), _midnight(right)
    if (one.tzinfo is None) is not (other.tzinfo is None):
        raise ExpressionProblem(
            N_("cannot compare {left} with {right}: one has a time zone"),
            left=shown(left),
            right=shown(right),
        )
    return one, other


def _midnight(value: date) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day of the file, without a zone


def _days_between(left: date, right: date) -> int | Decimal:
    one, other = _moments(left, right)
    passed = one - other
    if not passed.seconds and not passed.microseconds:
        return passed.days
    seconds = Decimal(passed.days) * 86_400 + passed.seconds + Decimal(passed.microseconds) / 1_000_000
    return QUOTIENT.divide(seconds, Decimal(86_400))


def _moved(start: date, by: Value) -> date:
    if isinstance(by, Months):
        return add_months(start, by.count)
    if isinstance(by, timedelta):
        try:
            return start + by
        except OverflowError:
            raise outside_the_calendar() from None
    raise ExpressionProblem(
        N_('cannot add "{text}" to a date'), N_("Use `days(n)` or `months(n)`"), text=shown(by)
    )
