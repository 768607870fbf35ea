"""Days and moments as people write them, or nothing: a date that could be two days is none."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from importer.text.locales.known import cldr

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,]([0-9]{1,12}))? ?"
    r"(Z|z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
)
_CLOCK = re.compile(r"(.+?)[ T,]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?: ?([AaPp])\.?[Mm]\.?)?")
_NUMERIC = re.compile(r"([0-9]{1,2})([./-]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})\.?(?: ?г\.?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([./-]) ?([0-9]{1,2})\2 ?([0-9]{1,2})\.?")
_WORDED = re.compile(
    r"(?:(?P<d1>[0-9]{1,2})\.?(?: |-)(?:de )?(?P<m1>[^\W\d]+)\.?|(?P<m2>[^\W\d]+)\.? (?P<d2>[0-9]{1,2})),?"
    r"(?: |-)(?:de )?(?P<y>[0-9]{4})(?: ?(?:года?|г|р)\.?)?"
)
_WEEKDAY = re.compile(r"([^\W\d]+)\.?, ?(.+)")
_LONGEST = 60


def read_date(text: str, locale: str) -> date | None:
    """Return the day that `text` is under `locale`, or None; ISO dates are read under every locale.

    Numeric dates stand in the locale's order: `ru` writes 31.12.2026, `en` 12/31/2026. With another sign between (`31/12/2026`
    under `ru`) it is read when only one order of day and month gives a day of the calendar. A year of four digits may stand first.
    Two-digit years are of 1951–2050. A clock of midnight, which some exports add, is let go; any other makes it no day.
    """
    found = " ".join(text.split())
    day = _day_alone(found, locale)
    if day is not None:
        return day
    moment = _moment(found, locale)
    return moment.date() if moment is not None and moment.tzinfo is None and moment.time() == time() else None


def read_datetime(text: str, locale: str) -> datetime | None:
    """Return the moment that `text` is: aware when the text has a zone, else naive; None when it is none.

    A day alone is its midnight. Fractions of a second finer than a microsecond are not read rather than cut.
    """
    found = " ".join(text.split())
    day = _day_alone(found, locale)
    return datetime.combine(day, time()) if day is not None else _moment(found, locale)


def ambiguous_date(text: str, locale: str) -> tuple[date, date] | None:
    """Return both readings of a date whose order of day and month the locale does not settle, day first.

    A locale settles dates with its own sign (`ru` the point, `en` the slash); `iso` reads neither, so nothing is ambiguous there.
    """
    match = _NUMERIC.fullmatch(" ".join(text.split()))
    if match is None or locale == "iso" or match[2] == _habit(locale).sign:
        return None
    both = [*_both_orders(match)]
    return (both[0], both[1]) if len(both) == 2 and both[0] != both[1] else None


def months_between(first: str, last: str, locale: str) -> tuple[str, ...]:
    """Return the names of the months from `first` to `last`, written as these two are (`Янв` … `Дек`); nothing where they are no months."""
    if locale == "iso":
        return ()
    for widths in cldr(locale).months.values():
        for names in (widths["wide"], widths["abbreviated"]):
            found = [name.rstrip(".").casefold() for name in names.values()]
            short = [name[: len(first)] for name in found] if len(first) == len(last) else found
            if first.casefold() in short and last.casefold() in short:
                start, end = short.index(first.casefold()), short.index(last.casefold())
                return tuple(_as_written(name, first) for name in short[start : end + 1])
    return ()


def _as_written(name: str, sample: str) -> str:
    return name.upper() if sample.isupper() else name.capitalize() if sample[:1].isupper() else name


class _Habit(NamedTuple):
    """How a locale writes a short date: the sign between its parts and their order (dmy, mdy, ymd)."""

    sign: str
    order: str


@lru_cache(maxsize=16)
def _habit(locale: str) -> _Habit:
    pattern = str(cldr(locale).date_formats["short"].pattern)
    order = "".join(sorted("dmy", key=lambda part: pattern.lower().find(part)))
    sign = re.search(r"[./-]", pattern)
    return _Habit(sign[0] if sign else ".", order)


def _day_alone(text: str, locale: str) -> date | None:
    if match := _ISO_DATE.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if locale == "iso" or len(text) > _LONGEST:
        return None
    return _numeric_date(text, locale) or _worded_date(text, locale)


def _numeric_date(text: str, locale: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, between, second, third = match.groups()
    habit = _habit(locale)
    if between == habit.sign and (habit.order != "ymd" or len(third) == 2):
        year, month, day = _in_order(habit.order, first, second, third)
        return _day(_year(year), int(month), int(day))
    possible = {*_both_orders(match)}
    return possible.pop() if len(possible) == 1 else None


def _in_order(order: str, first: str, second: str, third: str) -> tuple[str, str, str]:
    part = dict(zip(order, (first, second, third), strict=True))
    return part["y"], part["m"], part["d"]


def _both_orders(match: re.Match[str]) -> Iterator[date]:
    """Yield the days that it is with the day first, and with the month first."""
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    for month, number in ((second, first), (first, second)):
        if day := _day(year, month, number):
            yield day


def _worded_date(text: str, locale: str) -> date | None:
    named = _WEEKDAY.fullmatch(text)
    if named is not None and named[1].casefold() in _names(locale, "days"):
        text = named[2]
    match = _WORDED.fullmatch(text)
    if match is None:
        return None
    month = _names(locale, "months").get((match["m1"] or match["m2"]).casefold())
    return None if month is None else _day(int(match["y"]), month, int(match["d1"] or match["d2"]))


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= 50 else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(text: str, locale: str) -> datetime | None:
    if match := _ISO_MOMENT.fullmatch(text):
        return _iso_moment(match)
    match = _CLOCK.fullmatch(text) if locale != "iso" and len(text) <= _LONGEST else None
    if match is None:
        return None
    day, clock = _day_alone(match[1], locale), _clock(match[2], match[3])
    return None if day is None or clock is None else datetime.combine(day, clock)


def _iso_moment(match: re.Match[str]) -> datetime | None:
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > 6:
        return None
    try:
        found = datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(
            microsecond=int(fraction.ljust(6, "0"))
        )
    except ValueError:
        return None
    zone = match[4]
    if zone is None:
        return found
    if zone in ("Z", "z"):
        return found.replace(tzinfo=UTC)
    return found.replace(tzinfo=datetime.strptime(zone.replace(":", ""), "%z").tzinfo)


def _clock(text: str, half: str | None) -> time | None:
    hour, _, rest = text.partition(":")
    number = int(hour)
    if half is not None:
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if half.lower() == "p" else 0)
    try:
        return time.fromisoformat(f"{number:02}:{rest}")
    except ValueError:
        return None


@lru_cache(maxsize=32)
def _names(locale: str, kind: str) -> Mapping[str, int]:
    """Return the names of months or days in lower case → number; also shortened to three letters where nothing else is so called."""
    found: dict[str, int] = {}
    for widths in getattr(cldr(locale), kind).values():
        for width in ("wide", "abbreviated"):
            for number, name in widths[width].items():
                found[name.casefold().rstrip(".")] = number
    short: dict[str, set[int]] = {}
    for name, number in found.items():
        short.setdefault(name[:3], set()).add(number)
    return {**{name: numbers.pop() for name, numbers in short.items() if len(numbers) == 1}, **found}
