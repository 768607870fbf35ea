"""What conversion finds wrong with a value."""

from decimal import Decimal
from typing import ClassVar

from importer.planner.binding.bound import BoundProperty
from importer.planner.mapping.conversion.context import Context
from importer.problems import Problem, Severity
from importer.text.locales import other_readings


class BadValue(Problem):
    """A text that the property's type cannot be read from; `reading` and `locale` tell where it could."""

    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is not a {expected} under locale {locale} ({property}).'

    property: str
    locale: str


class BadNumber(BadValue):
    """Not a number here."""

    code: ClassVar[str] = "bad-number"


class BadDate(BadValue):
    """Not a date here."""

    code: ClassVar[str] = "bad-date"


class BadBoolean(BadValue):
    """Not a yes or no here."""

    code: ClassVar[str] = "bad-boolean"
    hint: ClassVar[str] = "Write true or false, or say what the words mean: `map: {{Да: true, Нет: false}}`"


class NumberInAnotherLocale(BadNumber):
    """Not a number here, but one elsewhere."""

    hint: ClassVar[str] = "In locale {other} it would be {reading}: set `locale: {other}`"

    other: str
    reading: str


class DateInAnotherLocale(BadDate):
    """Not a date here, but one elsewhere."""

    hint: ClassVar[str] = "In locale {other} it would be {reading}: set `locale: {other}`"

    other: str
    reading: str


class NumberUnlike(BadNumber):
    """Not written as the field's `format` says."""

    text: ClassVar[str] = '"{found}" is not a {expected} like {pattern} ({property}).'
    hint: ClassVar[str] = "Correct the cell, or the `format` of the field"

    pattern: str


class DateUnlike(BadDate):
    """Not written as the field's `format` says."""

    text: ClassVar[str] = '"{found}" is not a {expected} like {pattern} ({property}).'
    hint: ClassVar[str] = "Correct the cell, or the `format` of the field"

    pattern: str


class DateWithoutZone(Problem):
    """A moment needs a zone."""

    code: ClassVar[str] = "bad-date"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" says no time zone, and {property} is a moment in time.'
    hint: ClassVar[str] = (
        "Write `timezone: Europe/Moscow` in the table, or the offset in the cell: 2026-01-31T09:00+03:00"
    )

    property: str


class AmbiguousDate(Problem):
    """Day first or month first: nobody knows."""

    code: ClassVar[str] = "ambiguous-date"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" could be {first} or {second} ({property}).'
    hint: ClassVar[str] = "Give the field a `format`: `dd.MM.yyyy` puts the day first, `MM/dd/yyyy` the month"

    property: str
    first: str
    second: str


class AmbiguousNumber(Problem):
    """The sign in it groups or parts: nobody knows."""

    code: ClassVar[str] = "bad-number"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" could be {first} or {second} ({property}).'
    hint: ClassVar[str] = (
        "Write it without the sign between thousands, or set the `locale` that it is written in"
    )

    property: str
    first: str
    second: str


class DigitsLost(Problem):
    """A code that went through a number and came back shorter."""

    code: ClassVar[str] = "digits-lost"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{found} is no code any more: as a number it lost digits ({property})."
    hint: ClassVar[str] = "Format the column as text and type it again"

    property: str


class BadGuid(Problem):
    """Not a GUID."""

    code: ClassVar[str] = "bad-guid"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is not a GUID ({property}).'
    hint: ClassVar[str] = "Eight, four, four, four and twelve hexadecimal digits, with hyphens between"

    property: str


class BadEnum(Problem):
    """Not a member of the enumeration."""

    code: ClassVar[str] = "bad-enum"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is no member of {expected} ({property}). Members: {members}'
    hint: ClassVar[str] = "Nearest: {near}. Write the member's name, or say what the words mean with `map`"

    property: str
    members: str


class TooLong(Problem):
    """More characters than the property takes."""

    code: ClassVar[str] = "too-long"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{length} characters; {property} takes {expected}."
    hint: ClassVar[str] = "Shorten the cell; nothing is cut by itself"

    property: str
    length: int


class OutOfRange(Problem):
    """A number that the property cannot hold exactly."""

    code: ClassVar[str] = "out-of-range"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{found} does not fit {property}: {expected}."
    hint: ClassVar[str] = 'Correct the cell, or round it by an expression: `=row["…"] | round(2)`'

    property: str


def unreadable(
    kind: type[BadValue], expected: str, shown: str, target: BoundProperty, context: Context
) -> BadValue:
    """Return the problem of a text that is not one of what is expected."""
    return kind(
        place=context.place,
        step=context.step,
        found=shown,
        expected=expected,
        property=target.name,
        locale=context.locale,
    )


def unlike(
    kind: type[NumberUnlike | DateUnlike], expected: str, shown: str, target: BoundProperty, context: Context
) -> BadValue:
    """Return the problem of a text that is not written as the field's `format` says."""
    return kind(
        place=context.place,
        step=context.step,
        found=shown,
        expected=expected,
        property=target.name,
        locale=context.locale,
        pattern=context.format or "",
    )


def readable_elsewhere(
    kind: type[NumberInAnotherLocale | DateInAnotherLocale],
    expected: str,
    shown: str,
    target: BoundProperty,
    context: Context,
) -> BadValue | None:
    """Return the problem of a text that another locale can read as what is expected, "number" or "date"; None if none can."""
    for other, reading in other_readings(shown, expected).items():
        if other != context.locale:
            return kind(
                place=context.place,
                step=context.step,
                found=shown,
                expected=expected,
                property=target.name,
                locale=context.locale,
                other=other,
                reading=f"{reading:f}" if isinstance(reading, Decimal) else str(reading),
            )
    return None
