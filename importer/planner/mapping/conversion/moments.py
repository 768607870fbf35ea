"""Days, instants, times of day and durations."""

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
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

_HOURS = re.compile(r"([0-9]{1,5}):([0-5][0-9])(?::([0-5][0-9]))?")
# Days that a number may mean: 1950 to 2099. A year, an age or 20261231 is no day.
_SERIALS = range(18_264, 73_051)
_EPOCH, _LATER = datetime(1899, 12, 30), 1_462  # noqa: DTZ001 - days of a calendar have no zone


def days(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.Date. A moment at midnight is its day, a number that of its serial number; else a problem."""
    locale, pattern = context.locale, date_pattern(context.format or "")

    def to_day(value: EdmValue, shown: str) -> date:
        if isinstance(value, str) and pattern is not None:
            value = _like(pattern, value, shown, target, context)
        if isinstance(value, str):
            found = read_date(value, locale)
        elif isinstance(value, Decimal):
            found = _whole_day(_serial(value, context.since_1904))
        elif isinstance(value, datetime):
            found = _whole_day(value)
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
        elif isinstance(value, Decimal):
            found = _serial(value, context.since_1904)
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
    """Return the converter of an Edm.Duration: a time of day counts from midnight, a text is 36:15 or one of ISO 8601."""

    def to_duration(value: EdmValue, shown: str) -> timedelta:
        if isinstance(value, timedelta):
            return value
        if isinstance(value, time):
            return timedelta(
                hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
            )
        if isinstance(value, str):
            text = value.strip()
            if match := _HOURS.fullmatch(text):
                return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))
            with contextlib.suppress(ValueError):
                return read_duration(text)
        raise NotConvertible(unreadable(BadDate, "duration", shown, target, context))

    return to_duration


def _serial(number: Decimal, since_1904: bool) -> datetime | None:
    """Return the moment that a spreadsheet shows for a number under a format of dates: 46387 is 2026-12-31 (ECMA-376 part 1 §18.17.4.1)."""
    if number.is_finite() and abs(number) < _SERIALS.stop:
        found = number + _LATER if since_1904 else number
        if int(found) in _SERIALS:
            return _EPOCH + timedelta(milliseconds=round(found * 86_400_000))
    return None


def _whole_day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None and moment.time() == time(0) else None


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
