"""The functions of recipe-language.md §9."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from importer.recipe.expressions.values import (
    ExpressionProblem,
    Months,
    Scope,
    Value,
    check_length,
    plain,
    text_of,
    whole_of,
)
from importer.text.translating import N_

# Everything our own GUIDs are made under; changing it would change every GUID that recipes ever made.
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:odata-importer:guid")
# Days between the ends of the calendar.
_MOST_DAYS = 3_652_058


def join(_: Scope, separator: Value, *values: Value) -> Value:
    """Return the filled values with the separator between; blanks are skipped."""
    mark = text_of(separator)
    texts = [text for value in values if (text := text_of(value))]
    check_length(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)


def coalesce(_: Scope, *values: Value) -> Value:
    """Return the first filled value; compiled so that those after it are not calculated."""
    return next((value for value in values if plain(value) is not None), None)


def make_date(_: Scope, year: Value, month: Value, day: Value) -> Value:
    """Return the date; a blank part makes it blank."""
    parts = whole_of(year), whole_of(month), whole_of(day)
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return None
    try:
        return date(parts[0], parts[1], parts[2])
    except (ValueError, OverflowError):
        raise ExpressionProblem(N_("there is no day {date}"), date="-".join(map(str, parts))[:40]) from None


def days(_: Scope, count: Value) -> Value:
    """Return a number of days, to be added to a date or taken from it."""
    found = whole_of(count)
    if found is None:
        return None
    if abs(found) > _MOST_DAYS:
        raise outside_the_calendar()
    return timedelta(days=found)


def months(_: Scope, count: Value) -> Value:
    """Return a number of months, to be added to a date or taken from it."""
    found = whole_of(count)
    return None if found is None else Months(found)


def guid(_: Scope, *values: Value) -> Value:
    """Return the GUID that these texts always make (version 5); blank when all of them are."""
    texts = [text_of(value) for value in values]
    return uuid5(_NAMESPACE, "\x1f".join(texts)) if any(texts) else None


def add_months(start: date, count: int) -> date:
    """Return the day `count` months later; the 31st becomes the last day of a shorter month."""
    number = start.year * 12 + start.month - 1 + count
    year, month = divmod(number, 12)
    if not 1 <= year <= 9999:
        raise outside_the_calendar()
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def outside_the_calendar() -> ExpressionProblem:
    """Return the problem of a date before year 1 or after year 9999."""
    return ExpressionProblem(N_("the date lies outside the calendar"))


# name → (function, smallest and greatest number of arguments)
FUNCTIONS: Mapping[str, tuple[Callable[..., Value], int, int]] = {
    "join": (join, 1, 50),
    "coalesce": (coalesce, 1, 50),
    "date": (make_date, 3, 3),
    "days": (days, 1, 1),
    "months": (months, 1, 1),
    "guid": (guid, 1, 50),
}
