"""How texts are read as numbers, dates and booleans under a locale (recipe-language.md §4, `locale`).

`iso` is the machine's own: 2026-01-31, 1234.5, true. `ru` and `en` are people's; their signs and month names
come from CLDR through Babel. What cannot be read is None, never a guess: under `iso` the text `1,5` is no
number, under every locale 31.09 is no day, and a date that could be two days is none (`ambiguous_date` tells
both).
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

LOCALES = ("iso", "ru", "en")

_LONGEST_NUMBER = 64

_SPACE = r"[\s\u00a0\u2007\u2009\u202f]"
_MINUS = str.maketrans("−–", "--")
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,]([0-9]{1,12}))? ?"
    r"(Z|z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
)
_CLOCK = re.compile(r"(.+?)[ T,]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?: ?([AaPp])\.?[Mm]\.?)?")
_NUMERIC = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: ?г\.?)?")
_WORDED = re.compile(
    r"(?:(?P<d1>[0-9]{1,2})\.? (?P<m1>[^\W\d]+)\.?|(?P<m2>[^\W\d]+)\.? (?P<d2>[0-9]{1,2})),?"
    r" (?P<y>[0-9]{4})(?: ?(?:года?|г)\.?)?"
)
_BOOLEANS: Mapping[str, Mapping[str, bool]] = {
    "iso": {"true": True, "false": False, "1": True, "0": False},
    "ru": {
        "да": True,
        "нет": False,
        "истина": True,
        "ложь": False,
        "+": True,
        "-": False,
        "✓": True,
        "✔": True,
        "✗": False,
        "✘": False,
    },
    "en": {
        "yes": True,
        "no": False,
        "y": True,
        "n": False,
        "+": True,
        "-": False,
        "✓": True,
        "✔": True,
        "✗": False,
        "✘": False,
    },
}
# The sign between the parts of a numeric date, and whether the day comes first.
_DATE_HABITS = {"ru": (".", True), "en": ("/", False)}


def read_number(text: str, locale: str) -> Decimal | None:
    """Return the number that `text` is under `locale`, exactly as written, or None.

    People's locales take grouping in threes (spaces of every kind, and the locale's own sign), a decimal
    sign, and `(5)` or `5-` for minus five. Grouping that is not in threes is no grouping: `1,5` under `en` is
    None.
    """
    if text.isdigit() and text.isascii() and len(text) <= _LONGEST_NUMBER:
        return Decimal(text)  # read so under every locale, and no locale need be loaded
    found = text.strip()
    if not found.isascii():
        found = found.translate(_MINUS)
    if not found or len(found) > _LONGEST_NUMBER:
        return None
    if locale == "iso":
        return Decimal(found) if _PLAIN.fullmatch(found) else None
    negative = False
    if found.startswith("(") and found.endswith(")"):
        negative, found = True, found[1:-1].strip()
    elif found.endswith("-"):
        negative, found = True, found[:-1].strip()
    if negative and found[:1] in ("+", "-"):
        return None
    habit = _number_habit(locale)
    if not habit.pattern.fullmatch(found):
        return None
    plain = "".join(found.split())
    if habit.group:
        plain = plain.replace(habit.group, "")
    number = Decimal(plain.replace(habit.decimal, "."))
    return number.copy_negate() if negative else number


def read_date(text: str, locale: str) -> date | None:
    """Return the day that `text` is under `locale`, or None; ISO dates are read under every locale.

    Numeric dates: `ru` writes 31.12.2026, `en` 12/31/2026. With another sign between (`31/12/2026` under
    `ru`) it is read when only one order of day and month gives a day of the calendar. Two-digit years are of
    1951–2050. A clock of midnight, which some exports add, is let go; any other makes it no day.
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


def read_boolean(text: str, locale: str) -> bool | None:
    """Return the yes or no that `text` is, or None; `true`, `false`, `1`, `0` are read under every locale."""
    word = text.strip().translate(_MINUS).casefold()
    return _BOOLEANS.get(locale, {}).get(word, _BOOLEANS["iso"].get(word))


def other_readings(text: str, kind: str) -> dict[str, Decimal | date | bool]:
    """Return what `text` is under each locale that reads it; `kind` is number, date or boolean. For hints."""
    read = {"number": read_number, "date": read_date, "boolean": read_boolean}[kind]
    found = {locale: read(text, locale) for locale in LOCALES}
    return {locale: value for locale, value in found.items() if value is not None}


def ambiguous_date(text: str, locale: str) -> tuple[date, date] | None:
    """Return both readings of a date whose order of day and month the locale does not settle, day first.

    `ru` settles dates with points, `en` those with slashes; `iso` reads neither, so nothing is ambiguous
    there.
    """
    match = _NUMERIC.fullmatch(" ".join(text.split()))
    habit = _DATE_HABITS.get(locale)
    if match is None or habit is None or match[2] == habit[0]:
        return None
    both = _both_orders(match)
    return (both[0], both[1]) if both[0] and both[1] and both[0] != both[1] else None


def _day_alone(text: str, locale: str) -> date | None:
    if match := _ISO_DATE.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if locale == "iso" or len(text) > 40:
        return None
    return _numeric_date(text, locale) or _worded_date(text, locale)


def _numeric_date(text: str, locale: str) -> date | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, between, second, year = match.groups()
    sign, day_first = _DATE_HABITS[locale]
    if between == sign:
        day, month = (first, second) if day_first else (second, first)
        return _day(_year(year), int(month), int(day))
    possible = {day for day in _both_orders(match) if day is not None}
    return possible.pop() if len(possible) == 1 else None


def _both_orders(match: re.Match[str]) -> tuple[date | None, date | None]:
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    return _day(year, second, first), _day(year, first, second)


def _worded_date(text: str, locale: str) -> date | None:
    match = _WORDED.fullmatch(text)
    if match is None:
        return None
    month = _months(locale).get((match["m1"] or match["m2"]).casefold())
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
    match = _CLOCK.fullmatch(text) if locale != "iso" and len(text) <= 60 else None
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


class _NumberHabit(NamedTuple):
    """How a locale writes numbers. `group` is empty when it is a space, which all locales take."""

    decimal: str
    group: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=8)
def _number_habit(locale: str) -> _NumberHabit:
    from babel import Locale  # noqa: PLC0415 - heavy; only where texts are really read

    symbols = Locale.parse(locale).number_symbols["latn"]
    decimal, group = symbols["decimal"], symbols["group"]
    group = "" if group.isspace() else group
    # One kind of grouping in one number.
    kinds = [_SPACE, re.escape(group)] if group else [_SPACE]
    grouped = "|".join(f"[0-9]{{1,3}}(?:{kind}[0-9]{{3}})+" for kind in kinds)
    point = re.escape(decimal)
    pattern = rf"[+-]?{_SPACE}?(?:[0-9]+|{grouped})(?:{point}[0-9]+)?(?:[eE][+-]?[0-9]{{1,3}})?"
    return _NumberHabit(decimal, group, re.compile(pattern))


@lru_cache(maxsize=8)
def _months(locale: str) -> Mapping[str, int]:
    from babel import Locale  # noqa: PLC0415 - heavy; only where texts are really read

    found: dict[str, int] = {}
    for widths in Locale.parse(locale).months.values():
        for width in ("wide", "abbreviated"):
            for number, name in widths[width].items():
                found[name.casefold().rstrip(".")] = number
                found.setdefault(name.casefold()[:3], number)
    return found
