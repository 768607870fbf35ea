"""Patterns of dates (`dd.MM.yyyy HH:mm`, as in CLDR) and regular expressions with a time limit."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from importer.recipe.expressions.values import ExpressionProblem
from importer.text.translating import N_

if TYPE_CHECKING:
    import regex

_TIME_LIMIT = 0.2  # seconds for one regular expression over one text
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
    try:
        found = pattern.fullmatch if whole else pattern.search
        return found(text, timeout=_TIME_LIMIT, concurrent=False)
    except TimeoutError:
        raise ExpressionProblem(N_("the regular expression takes too long over this text")) from None
