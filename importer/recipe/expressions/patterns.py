"""Patterns of dates (`dd.MM.yyyy HH:mm`, as in CLDR) and regular expressions with a time limit."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from importer.recipe.expressions.values import ExpressionProblem
from importer.text.translating import N_

if TYPE_CHECKING:
    import regex

_TIME_LIMIT = 0.2  # seconds for one regular expression over one text
# Texts that a regular expression may take too long over; after them it is not tried any more.
_PATIENCE = 10
_slow: dict[str, int] = {}
_PIECE = re.compile(r"yyyy|yy|MM|M|dd|d|HH|H|mm|ss|'([^']*)'|[^A-Za-z']")
_PARTS = {
    "yyyy": ("year", "[0-9]{4}"),
    "yy": ("short", "[0-9]{2}"),
    "MM": ("month", "[0-9]{2}"),
    "M": ("month", "[0-9]{1,2}"),
    "dd": ("day", "[0-9]{2}"),
    "d": ("day", "[0-9]{1,2}"),
    "HH": ("hour", "[0-9]{2}"),
    "H": ("hour", "[0-9]{1,2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
}


_LARGEST = 20_000  # pieces of a compiled regular expression
_REGULAR_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{([0-9]+)(?:,[0-9]*)?\}|.", re.DOTALL)
_RECURSIVE = re.compile(r"\(\?(?:R|&|P>|[+-]?[0-9])")


class DatePattern(NamedTuple):
    """A pattern of dates, ready to read; `clock` when it has hours."""

    source: str
    pattern: re.Pattern[str]
    clock: bool

    def read(self, text: str) -> date | None:
        """Return the day, or the moment when the pattern has a clock; None when the text is not like it."""
        match = self.pattern.fullmatch(text.strip())
        if match is None:
            return None
        found = {name: int(value) for name, value in match.groupdict().items()}
        short = found.get("short", 0)
        year = found.get("year", short + (2000 if short <= 50 else 1900))
        try:
            day = date(year, found["month"], found["day"])
            if not self.clock:
                return day
            clock = found["hour"], found.get("minute", 0), found.get("second", 0)
            return datetime(day.year, day.month, day.day, *clock)  # noqa: DTZ001 - a wall clock, as the cell has it
        except ValueError:
            return None


@lru_cache(maxsize=256)
def date_pattern(source: str) -> DatePattern | None:
    """Return the pattern, or None when it is none: day, month and year once each, no other letters."""
    pieces, names, index = [], [], 0
    while index < len(source):
        match = _PIECE.match(source, index)
        if match is None:
            return None
        part = _PARTS.get(match.group())
        if part is not None:
            names.append("year" if part[0] == "short" else part[0])
            pieces.append(f"(?P<{part[0]}>{part[1]})")
        else:
            pieces.append(re.escape(match[1] if match[1] is not None else match.group()))
        index = match.end()
    whole = len(set(names)) == len(names) and {"year", "month", "day"} <= set(names)
    if not whole or (("minute" in names or "second" in names) and "hour" not in names):
        return None
    return DatePattern(source, re.compile("".join(pieces)), "hour" in names)


@lru_cache(maxsize=256)
def regular(source: str) -> "regex.Pattern[str] | str":
    """Return the compiled regular expression, or why it cannot be read."""
    if _RECURSIVE.search(source):
        return N_("patterns that call themselves are not used")
    if _size(source) > _LARGEST:
        return N_("it repeats too much")
    import regex  # noqa: PLC0415 - only for expressions that have a regular expression

    try:
        return regex.compile(source)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        return str(error)


def _size(source: str) -> int:
    """Return how many pieces the engine makes of it before it searches: `(a{100}){100}` are ten thousand."""
    sizes, last = [0], 0
    for match in _REGULAR_PIECE.finditer(source):
        piece = match.group()
        if piece == "(":
            sizes.append(0)
            continue
        if piece == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif match[1] is not None:
            times = min(int(match[1]), _LARGEST + 1)
            sizes[-1] += last * max(times - 1, 0)
            last *= max(times, 1)
        else:
            last = 1
            sizes[-1] += 1
        if last > _LARGEST:
            return last
    return sum(sizes)


def search(pattern: "regex.Pattern[str]", text: str, *, whole: bool = False) -> "regex.Match[str] | None":
    """Return the first match, or with `whole` the match of the whole text.

    Raises:
        ExpressionProblem: it took too long.
    """
    if _slow and _slow.get(pattern.pattern, 0) >= _PATIENCE:
        raise _too_slow()
    try:
        found = pattern.fullmatch if whole else pattern.search
        return found(text, timeout=_TIME_LIMIT, concurrent=False)
    except TimeoutError:
        _slow[pattern.pattern] = _slow.get(pattern.pattern, 0) + 1
        raise _too_slow() from None


def _too_slow() -> ExpressionProblem:
    return ExpressionProblem(N_("the regular expression takes too long over this text"))


class NumberPattern(NamedTuple):
    """A pattern of numbers, ready to read: `#,##0.00` takes `1,234.50`, `# ##0,00 ₽` takes `1 234,50 ₽`."""

    source: str
    pattern: re.Pattern[str]
    group: str
    point: str
    percent: bool

    def read(self, text: str) -> Decimal | None:
        """Return the number, or None when the text is not like the pattern."""
        match = self.pattern.fullmatch(" ".join(text.split()))
        if match is None:
            return None
        digits = match[2].replace(self.group, "") if self.group else match[2]
        digits = digits.replace(self.point, ".") if self.point else digits
        found = Decimal(match[1].replace("−", "-") + digits)
        return found.scaleb(-2) if self.percent else found


_NUMBER_BODY = re.compile(r"([^#0]*)([#0][#0.,'  ]*[#0]|[#0])([^#0]*)")


@lru_cache(maxsize=256)
def number_pattern(source: str) -> NumberPattern | None:
    """Return the pattern, or None when it is none.

    The signs in it are meant as they stand: of two different ones the last is the decimal sign; of a single one it is
    that, unless three digits and a `#` show that it groups (`#,##0`). What stands around may be written or not.
    """
    match = _NUMBER_BODY.fullmatch(source.strip())
    if match is None or any(sign.isalnum() for sign in match[1] + match[3]):
        return None
    body = " ".join(match[2].split())
    signs = [sign for sign in body if sign not in "#0"]
    kinds = list(dict.fromkeys(signs))
    if len(kinds) > 2:
        return None
    last = body.rpartition(signs[-1])[2] if signs else ""
    grouping = len(kinds) == 1 and (len(signs) > 1 or (len(last) == 3 and "#" in body))
    point = "" if not signs or grouping else signs[-1]
    group = next((sign for sign in kinds if sign != point), "")
    if point and body.count(point) > 1:
        return None
    whole = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|[0-9]+" if group else "[0-9]+"
    fraction = rf"(?:{re.escape(point)}[0-9]+)?" if point else ""
    before, after = (re.escape(" ".join(part.split())) for part in (match[1], match[3]))
    pattern = re.compile(rf"([-+−]?)(?:{before})? ?((?:{whole}){fraction}) ?(?:{after})?")
    return NumberPattern(source, pattern, group, point, "%" in match[3])
