"""Serial numbers → dates, times and durations, by the format they stand in (ECMA-376 part 1, §18.17.4)."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from math import isfinite

from importer.sources.lines import Raw

_DAY = 86_400_000  # milliseconds: as fine as spreadsheets show
_LAST = {False: 2_958_466, True: 2_957_004}  # the day after 31.12.9999
# What stands in a format as itself: quoted text, an escaped, spacing or filling character, colours and locales in brackets.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]?', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)


class Shows(StrEnum):
    """What a number format makes of a number."""

    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"


@lru_cache(maxsize=4096)
def shows(number_format: str | None) -> Shows:
    """Return what a format shows; of several sections the first counts. None is General."""
    if not number_format or number_format in ("General", "@"):
        return Shows.NUMBER
    signs = _LITERAL.sub("", number_format).partition(";")[0].lower()
    if _ELAPSED.search(signs):
        return Shows.DURATION
    signs = signs.replace("general", "")
    if "e+" in signs or "e-" in signs:
        return Shows.NUMBER
    day, hour = bool(re.search(r"[yd]|m{3}|\be", signs)), bool(re.search(r"[hs]|am/pm|a/p", signs))
    if day or ("m" in signs and not hour):
        return Shows.DATETIME if hour else Shows.DATE
    return Shows.TIME if hour else Shows.NUMBER


def from_serial(number: float, number_format: str | None, *, since_1904: bool) -> Raw:
    """Return what `number` is under `number_format`; itself where that is no moment of the calendar.

    A day that never was (29.02.1900, serial 60) and negative serials stay numbers: Excel shows no date either.
    """
    kind = shows(number_format)
    if kind is Shows.NUMBER or not isfinite(number) or abs(number) >= _LAST[since_1904]:
        return number
    milliseconds = round(number * _DAY)
    if kind is Shows.DURATION:
        return timedelta(milliseconds=milliseconds)
    days, rest = divmod(milliseconds, _DAY)
    clock = clock_of(timedelta(milliseconds=rest))
    if days == 0 and kind is Shows.TIME:
        return clock
    day = _day(days, since_1904=since_1904)
    if day is None:
        return number
    if clock == time() and kind is Shows.DATE:
        return day
    return datetime.combine(day, clock)


def clock_of(length: timedelta) -> time:
    """Return the time of day so long after midnight, less than a day."""
    return (datetime.combine(date.min, time()) + length).time()


def _day(days: int, *, since_1904: bool) -> date | None:
    if since_1904:
        return date(1904, 1, 1) + timedelta(days) if 0 <= days < _LAST[True] else None
    if days in (0, 60) or not 0 < days < _LAST[False]:
        return None
    # Excel counts a 29th of February 1900.
    return date(1899, 12, 31 if days < 60 else 30) + timedelta(days)
