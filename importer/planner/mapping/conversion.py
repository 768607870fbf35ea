"""A value as the file has it → a value of the property's EDM type, or the problem that says why not.

Nothing is cut, rounded or guessed: what does not fit is a problem with the reading that would fit (recipe-language.md §6.6).
"""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import ClassVar
from uuid import UUID

from importer.odata.edm import EdmValue
from importer.odata.edm.lexical import read_duration, read_time
from importer.odata.edm.primitives import INTEGERS
from importer.planner.binding.bound import BoundProperty
from importer.problems import Place, Problem, Severity, nearest
from importer.text.folding import fold
from importer.text.locales import (
    ambiguous_date,
    other_readings,
    read_boolean,
    read_date,
    read_datetime,
    read_number,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadValue(Problem):
    """A text that the property's type cannot be read from; `reading` and `locale` tell where it could."""

    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is not a {expected} under locale {locale} ({property}).'

    property: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNumber(BadValue):
    """Not a number here."""

    code: ClassVar[str] = "bad-number"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadDate(BadValue):
    """Not a date here."""

    code: ClassVar[str] = "bad-date"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadBoolean(BadValue):
    """Not a yes or no here."""

    code: ClassVar[str] = "bad-boolean"
    hint: ClassVar[str] = "Write true or false, or say what the words mean: `map: {{Да: true, Нет: false}}`"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberInAnotherLocale(BadNumber):
    """Not a number here, but one elsewhere."""

    hint: ClassVar[str] = "In locale {other} it would be {reading}: set `locale: {other}`"

    other: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateInAnotherLocale(BadDate):
    """Not a date here, but one elsewhere."""

    hint: ClassVar[str] = "In locale {other} it would be {reading}: set `locale: {other}`"

    other: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWithoutZone(Problem):
    """A moment needs a zone."""

    code: ClassVar[str] = "bad-date"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" says no time zone, and {property} is a moment in time.'
    hint: ClassVar[str] = "Write the offset: 2026-01-31T09:00+03:00"

    property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousDate(Problem):
    """Day first or month first: nobody knows."""

    code: ClassVar[str] = "ambiguous-date"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" could be {first} or {second} ({property}).'
    hint: ClassVar[str] = 'Say which: `=row["…"] | date("dd.MM.yy")`'

    property: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadGuid(Problem):
    """Not a GUID."""

    code: ClassVar[str] = "bad-guid"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is not a GUID ({property}).'
    hint: ClassVar[str] = "Eight, four, four, four and twelve hexadecimal digits, with hyphens between"

    property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadEnum(Problem):
    """Not a member of the enumeration."""

    code: ClassVar[str] = "bad-enum"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is no member of {expected} ({property}). Members: {members}'
    hint: ClassVar[str] = "Nearest: {near}. Write the member's name, or say what the words mean with `map`"

    property: str
    members: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLong(Problem):
    """More characters than the property takes."""

    code: ClassVar[str] = "too-long"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{length} characters; {property} takes {expected}."
    hint: ClassVar[str] = "Shorten the cell; nothing is cut by itself"

    property: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfRange(Problem):
    """A number that the property cannot hold exactly."""

    code: ClassVar[str] = "out-of-range"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{found} does not fit {property}: {expected}."
    hint: ClassVar[str] = 'Correct the cell, or round it by an expression: `=row["…"] | round(2)`'

    property: str


_FLOATS = {"Edm.Single": Decimal("3.4028234663852886E+38"), "Edm.Double": Decimal("1.7976931348623157E+308")}
_GUID = re.compile(r"\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?", re.IGNORECASE)


class NotConvertible(Exception):  # noqa: N818 - an answer, not a fault: it carries the problem to the record
    """The value does not become one of the property's type."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Context:
    """What conversion needs besides the value: the locale of texts, the place if it is known, and enumerations by type name."""

    locale: str
    place: Place | None
    step: str
    enums: Mapping[str, Mapping[str, int]]
    flags: frozenset[str]


def convert(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> EdmValue:
    """Return `value` as `target` holds it; `shown` is its text as the spreadsheet displays it.

    Raises:
        NotConvertible: with the problem.
    """
    kind = target.type
    if kind in INTEGERS or kind in ("Edm.Decimal", "Edm.Double", "Edm.Single"):
        return _number(value, shown, target, context)
    converter = _CONVERTERS.get(kind)
    if converter is not None:
        return converter(value, shown, target, context)
    if kind in context.enums:
        return _enum(shown, target, context)
    return _string(value, shown, target, context)


def _string(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> str:
    text = shown if not isinstance(value, bool) else str(value).lower()
    if target.max_length is not None and len(text) > target.max_length:
        raise NotConvertible(
            TooLong(
                place=context.place,
                step=context.step,
                found=text[:80],
                expected=str(target.max_length),
                property=target.name,
                length=len(text),
            )
        )
    return text


def _number(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> EdmValue:
    number = _as_decimal(value, context.locale)
    if number is None or not number.is_finite():
        raise NotConvertible(_bad_number(shown, target, context))
    if target.type in INTEGERS:
        low, high = INTEGERS[target.type]
        if not low <= number <= high or number != number.to_integral_value():
            raise NotConvertible(_out_of_range(number, f"{target.type[4:]} {low}…{high}", target, context))
        return int(number)
    if target.type == "Edm.Decimal":
        _check_decimal(number, target, context)
        return number
    if abs(number) > _FLOATS[target.type]:
        raise NotConvertible(
            _out_of_range(number, f"{target.type[4:]} ±{_FLOATS[target.type]:.2E}", target, context)
        )
    return float(number)


def _as_decimal(value: EdmValue, locale: str) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        try:
            return read_number(value, locale)
        except InvalidOperation:
            return None
    return None


def _check_decimal(number: Decimal, target: BoundProperty, context: Context) -> None:
    places, whole = _digits(number)
    if isinstance(target.scale, int) and places > target.scale:
        raise NotConvertible(_out_of_range(number, f"Scale {target.scale}", target, context))
    if target.precision is not None:
        room = target.precision - (target.scale if isinstance(target.scale, int) else 0)
        if whole > room or (not isinstance(target.scale, int) and places + whole > target.precision):
            raise NotConvertible(_out_of_range(number, f"Precision {target.precision}", target, context))


def _digits(number: Decimal) -> tuple[int, int]:
    """Return how many digits stand after and before the point, zeros at both ends left out."""
    _, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits)).rstrip("0")
    exponent = int(exponent) + len(digits) - len(written)
    return (max(0, -exponent), max(0, len(written) + exponent)) if written else (0, 0)


def _out_of_range(number: Decimal, room: str, target: BoundProperty, context: Context) -> OutOfRange:
    return OutOfRange(
        place=context.place, step=context.step, found=f"{number:f}", expected=room, property=target.name
    )


def _bad_number(shown: str, target: BoundProperty, context: Context) -> Problem:
    for other, reading in other_readings(shown, "number").items():
        if other != context.locale:
            return NumberInAnotherLocale(
                place=context.place,
                step=context.step,
                found=shown,
                expected="number",
                property=target.name,
                locale=context.locale,
                other=other,
                reading=f"{reading:f}" if isinstance(reading, Decimal) else str(reading),
            )
    return BadNumber(
        place=context.place,
        step=context.step,
        found=shown,
        expected="number",
        property=target.name,
        locale=context.locale,
    )


def _bad_date(shown: str, target: BoundProperty, context: Context) -> Problem:
    both = ambiguous_date(shown, context.locale)
    if both is not None:
        return AmbiguousDate(
            place=context.place,
            step=context.step,
            found=shown,
            property=target.name,
            first=both[0].isoformat(),
            second=both[1].isoformat(),
        )
    for other, reading in other_readings(shown, "date").items():
        if other != context.locale:
            return DateInAnotherLocale(
                place=context.place,
                step=context.step,
                found=shown,
                expected="date",
                property=target.name,
                locale=context.locale,
                other=other,
                reading=str(reading),
            )
    return BadDate(
        place=context.place,
        step=context.step,
        found=shown,
        expected="date",
        property=target.name,
        locale=context.locale,
    )


def _date(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> date:
    if isinstance(value, datetime):
        if value.time() == time(0):
            return value.date()
        raise NotConvertible(_bad_date(shown, target, context))
    if isinstance(value, date):
        return value
    found = read_date(value, context.locale) if isinstance(value, str) else None
    if found is None:
        raise NotConvertible(_bad_date(shown, target, context))
    return found


def _moment(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> datetime:
    found = value if isinstance(value, datetime) else None
    if isinstance(value, str):
        found = read_datetime(value, context.locale)
    elif isinstance(value, date) and found is None:
        found = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its missing zone is the problem told below
    if found is None:
        raise NotConvertible(_bad_date(shown, target, context))
    if found.tzinfo is None:
        raise NotConvertible(
            DateWithoutZone(place=context.place, step=context.step, found=shown, property=target.name)
        )
    try:
        return found.astimezone(UTC)
    except OverflowError:  # the first and last day of all
        raise NotConvertible(_bad_date(shown, target, context)) from None


def _boolean(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal) and value in (0, 1):
        return bool(value)
    found = read_boolean(shown, context.locale)
    if found is None:
        raise NotConvertible(
            BadBoolean(
                place=context.place,
                step=context.step,
                found=shown,
                expected="boolean",
                property=target.name,
                locale=context.locale,
            )
        )
    return found


def _guid(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> UUID:
    if isinstance(value, UUID):
        return value
    match = _GUID.fullmatch(shown.strip())
    if match is not None:
        return UUID(match[1])
    raise NotConvertible(BadGuid(place=context.place, step=context.step, found=shown, property=target.name))


def _time_of_day(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> time:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value
    with contextlib.suppress(ValueError):
        text = shown.strip()
        return read_time(f"0{text}" if text[1:2] == ":" else text)
    raise NotConvertible(
        BadDate(
            place=context.place,
            step=context.step,
            found=shown,
            expected="time",
            property=target.name,
            locale=context.locale,
        )
    )


def _duration(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return read_duration(value.strip())
    if isinstance(value, time):
        return timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    raise NotConvertible(
        BadDate(
            place=context.place,
            step=context.step,
            found=shown,
            expected="duration",
            property=target.name,
            locale=context.locale,
        )
    )


def _enum(shown: str, target: BoundProperty, context: Context) -> str:
    members = context.enums[target.type]
    folded = {fold(name): name for name in members}
    words = [word.strip() for word in shown.split(",")] if target.type in context.flags else [shown.strip()]
    found = []
    for word in words:
        name = word if word in members else folded.get(fold(word))
        if name is None:
            raise NotConvertible(
                BadEnum(
                    place=context.place,
                    step=context.step,
                    found=word,
                    expected=target.type.rpartition(".")[2],
                    property=target.name,
                    near=nearest(word, members),
                    members=", ".join(list(members)[:12]),
                )
            )
        found.append(name)
    return ",".join(sorted(found, key=lambda name: members[name]))


_CONVERTERS: Mapping[str, Callable[[EdmValue, str, BoundProperty, Context], EdmValue]] = {
    "Edm.Date": _date,
    "Edm.DateTimeOffset": _moment,
    "Edm.Boolean": _boolean,
    "Edm.Guid": _guid,
    "Edm.TimeOfDay": _time_of_day,
    "Edm.Duration": _duration,
}
