"""Days, instants, times of day and durations."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from importer.odata.edm import EdmValue
from importer.odata.edm.lexical import read_duration, read_time
from importer.planner.binding.bound import BoundProperty
from importer.planner.mapping.conversion.context import Context, Converter, NotConvertible
from importer.planner.mapping.conversion.problems import (
    AmbiguousDate,
    BadDate,
    DateInAnotherLocale,
    DateUnlike,
    DateWithoutZone,
    readable_elsewhere,
    unlike,
    unreadable,
)
from importer.problems import Problem
from importer.recipe.expressions.patterns import DatePattern, date_pattern
from importer.text.locales import ambiguous_date, read_date, read_datetime


def days(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.Date. A moment at midnight is its day; any other is a problem."""
    locale, pattern = context.locale, date_pattern(context.format or "")

    def to_day(value: EdmValue, shown: str) -> date:
        if isinstance(value, str) and pattern is not None:
            value = _like(pattern, value, shown, target, context)
        if isinstance(value, str):
            found = read_date(value, locale)
        elif isinstance(value, datetime):
            found = value.date() if value.time() == time(0) else None
        else:
            found = value if isinstance(value, date) else None
        if found is None:
            raise NotConvertible(_bad_date(shown, target, context))
        return found

    return to_day


def instants(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.DateTimeOffset: UTC, and only where the value has a zone."""
    locale, pattern = context.locale, date_pattern(context.format or "")
    zone = None if context.timezone is None else ZoneInfo(context.timezone)

    def to_instant(value: EdmValue, shown: str) -> datetime:
        if isinstance(value, str) and pattern is not None:
            value = _like(pattern, value, shown, target, context)
        found = value if isinstance(value, datetime) else None
        if isinstance(value, str):
            found = read_datetime(value, locale)
        elif isinstance(value, date) and found is None:
            found = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its missing zone is the problem told below
        if found is None:
            raise NotConvertible(_bad_date(shown, target, context))
        if found.tzinfo is None and zone is not None:
            found = found.replace(tzinfo=zone)
        if found.tzinfo is None:
            raise NotConvertible(
                DateWithoutZone(place=context.place, step=context.step, found=shown, property=target.name)
            )
        try:
            return found.astimezone(UTC)
        except OverflowError:  # the first and last day of all
            raise NotConvertible(_bad_date(shown, target, context)) from None

    return to_instant


def times_of_day(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.TimeOfDay: the clock of a moment, or a text like 9:30."""

    def to_time(value: EdmValue, shown: str) -> time:
        if isinstance(value, datetime):
            return value.time()
        if isinstance(value, time):
            return value
        text = shown.strip()
        with contextlib.suppress(ValueError):
            return read_time(f"0{text}" if text[1:2] == ":" else text)
        raise NotConvertible(unreadable(BadDate, "time", shown, target, context))

    return to_time


def durations(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.Duration: a time of day counts from midnight, a text is one of ISO 8601."""

    def to_duration(value: EdmValue, shown: str) -> timedelta:
        if isinstance(value, timedelta):
            return value
        if isinstance(value, time):
            return timedelta(
                hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
            )
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                return read_duration(value.strip())
        raise NotConvertible(unreadable(BadDate, "duration", shown, target, context))

    return to_duration


def _like(pattern: DatePattern, text: str, shown: str, target: BoundProperty, context: Context) -> date:
    """Return the day or moment that a text is by the field's own pattern.

    Raises:
        NotConvertible: it is not like the pattern.
    """
    found = pattern.read(text)
    if found is None:
        raise NotConvertible(unlike(DateUnlike, "date", shown, target, context))
    return found


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
    elsewhere = readable_elsewhere(DateInAnotherLocale, "date", shown, target, context)
    return elsewhere or unreadable(BadDate, "date", shown, target, context)
