"""Whole, decimal and floating numbers: exact, or a problem."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from importer.odata.edm import EdmValue
from importer.odata.edm.primitives import INTEGERS
from importer.planner.binding.bound import BoundProperty
from importer.planner.mapping.conversion.context import Context, Converter, NotConvertible
from importer.planner.mapping.conversion.problems import (
    AmbiguousNumber,
    BadNumber,
    NumberInAnotherLocale,
    NumberUnlike,
    OutOfRange,
    readable_elsewhere,
    unlike,
    unreadable,
)
from importer.problems import Problem
from importer.recipe.expressions.patterns import number_pattern
from importer.text.locales import ambiguous_number, read_number

_FLOATS = {"Edm.Single": Decimal("3.4028234663852886E+38"), "Edm.Double": Decimal("1.7976931348623157E+308")}

# A finite number → the property's value; raises NotConvertible.
_Fit: TypeAlias = Callable[[Decimal], EdmValue]


def numbers(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of a numeric property."""
    fit, locale, pattern = _fit(target, context), context.locale, number_pattern(context.format or "")

    def to_number(value: EdmValue, shown: str) -> EdmValue:
        if isinstance(value, str) and pattern is not None:
            value = pattern.read(value)
            if value is None:
                raise NotConvertible(unlike(NumberUnlike, "number", shown, target, context))
        number = _as_decimal(value, locale)
        if number is None or not number.is_finite():
            raise NotConvertible(_bad_number(shown, target, context))
        return fit(number)

    return to_number


def _as_decimal(value: EdmValue, locale: str) -> Decimal | None:
    if isinstance(value, str):
        try:
            return read_number(value, locale)
        except InvalidOperation:
            return None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    return None


def _fit(target: BoundProperty, context: Context) -> _Fit:
    if target.type in INTEGERS:
        return _whole(target, context)
    if target.type == "Edm.Decimal":
        return _decimal(target, context)
    return _floating(target, context)


def _whole(target: BoundProperty, context: Context) -> _Fit:
    low, high = INTEGERS[target.type]

    def fit(number: Decimal) -> int:
        if not low <= number <= high or number != number.to_integral_value():
            raise _out_of_range(number, f"{target.type[4:]} {low}…{high}", target, context)
        return int(number)

    return fit


def _floating(target: BoundProperty, context: Context) -> _Fit:
    most = _FLOATS[target.type]

    def fit(number: Decimal) -> float:
        if abs(number) > most:
            raise _out_of_range(number, f"{target.type[4:]} ±{most:.2E}", target, context)
        return float(number)

    return fit


def _decimal(target: BoundProperty, context: Context) -> _Fit:
    scale = target.scale if isinstance(target.scale, int) else None
    precision = target.precision
    if scale is None and precision is None:
        return lambda number: number

    def fit(number: Decimal) -> Decimal:
        places, whole = _digits(number)
        if scale is not None and places > scale:
            raise _out_of_range(number, f"Scale {scale}", target, context)
        if precision is not None:
            # Where the scale varies, digits after the point take the room of those before it.
            room = precision - (places if scale is None else scale)
            if whole > room:
                raise _out_of_range(number, f"Precision {precision}", target, context)
        return number

    return fit


def _digits(number: Decimal) -> tuple[int, int]:
    """Return how many digits stand after and before the point, zeros at both ends left out."""
    _, digits, exponent = number.as_tuple()
    count = len(digits)
    exponent = int(exponent)
    while count and not digits[count - 1]:
        count -= 1
        exponent += 1
    return (max(0, -exponent), max(0, count + exponent)) if count else (0, 0)


def _out_of_range(number: Decimal, room: str, target: BoundProperty, context: Context) -> NotConvertible:
    return NotConvertible(
        OutOfRange(
            place=context.place, step=context.step, found=f"{number:f}", expected=room, property=target.name
        )
    )


def _bad_number(shown: str, target: BoundProperty, context: Context) -> Problem:
    both = ambiguous_number(shown, context.locale)
    if both is not None:
        return AmbiguousNumber(
            place=context.place,
            step=context.step,
            found=shown,
            property=target.name,
            first=f"{both[0]:f}",
            second=f"{both[1]:f}",
        )
    elsewhere = readable_elsewhere(NumberInAnotherLocale, "number", shown, target, context)
    return elsewhere or unreadable(BadNumber, "number", shown, target, context)
