"""The filters of recipe-language.md §9: value in, value out; a blank never reaches them."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from importer.recipe.expressions.patterns import DatePattern, search
from importer.recipe.expressions.values import (
    EXACT,
    ExpressionProblem,
    Scope,
    Value,
    bounded,
    check_length,
    date_of,
    number_of,
    plain,
    shown,
    text_of,
    whole_of,
)
from importer.text.locales import ambiguous_date, read_date, read_datetime, read_number
from importer.text.translating import N_

if TYPE_CHECKING:
    import regex

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"
_LATIN = (
    "a",
    "b",
    "v",
    "g",
    "d",
    "e",
    "e",
    "zh",
    "z",
    "i",
    "y",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "r",
    "s",
    "t",
    "u",
    "f",
    "kh",
    "ts",
    "ch",
    "sh",
    "shch",
    "",
    "y",
    "",
    "e",
    "yu",
    "ya",
    "i",
    "yi",
    "ye",
    "g",
    "u",
)
_TRANSLIT = dict(zip(_CYRILLIC, _LATIN, strict=True))
# Where a word begins, as Jinja's `title` sees it.
_WORD_BREAK = re.compile(r"([-\s({\[<]+)")


def trim(_: Scope, value: Value) -> Value:
    """Return the text without white space at its ends."""
    return text_of(value).strip()


def upper(_: Scope, value: Value) -> Value:
    """Return the text in capitals."""
    return bounded(text_of(value).upper())


def lower(_: Scope, value: Value) -> Value:
    """Return the text in small letters."""
    return bounded(text_of(value).lower())


def title(_: Scope, value: Value) -> Value:
    """Return the text with a capital at the beginning of each word, the rest small."""
    words = _WORD_BREAK.split(text_of(value))
    return bounded("".join(word[0].upper() + word[1:].lower() for word in words if word))


def replace(_: Scope, value: Value, old: Value, new: Value) -> Value:
    """Return the text with every `old` replaced by `new`."""
    text, before, after = text_of(value), text_of(old), text_of(new)
    if not before:
        raise ExpressionProblem(N_("`replace` needs a text to look for"))
    check_length(len(text) + text.count(before) * (len(after) - len(before)))
    return text.replace(before, after)


def left(_: Scope, value: Value, count: Value) -> Value:
    """Return the first `count` characters."""
    return text_of(value)[: _count(count)]


def right(_: Scope, value: Value, count: Value) -> Value:
    """Return the last `count` characters."""
    number = _count(count)
    return text_of(value)[-number:] if number else ""


def word(_: Scope, value: Value, position: Value) -> Value:
    """Return a word by its number from 0; a negative number counts from the end; none is blank."""
    return _pick(text_of(value).split(), position)


def digits(_: Scope, value: Value) -> Value:
    """Return the digits of the text."""
    return "".join(sign for sign in text_of(value) if sign in "0123456789")


def translit(_: Scope, value: Value) -> Value:
    """Return the text in Latin letters; what is not Cyrillic stays."""
    return bounded("".join(map(_latin, text_of(value))))


def slug(scope: Scope, value: Value) -> Value:
    """Return the text as small Latin letters, digits and hyphens."""
    latin = unicodedata.normalize("NFKD", text_of(translit(scope, value))).lower()
    bare = "".join(sign for sign in latin if not unicodedata.combining(sign))
    return bounded(re.sub(r"[^a-z0-9]+", "-", bare).strip("-"))


def number(scope: Scope, value: Value) -> Value:
    """Return the number that the text is in the table's locale."""
    found = plain(value)
    if not isinstance(found, str):
        return number_of(found)
    read = read_number(found, scope.locale)
    if read is None:
        raise ExpressionProblem(
            N_('the text "{text}" is no number under locale {locale}'), text=found[:40], locale=scope.locale
        )
    return read


def rounded(_: Scope, value: Value, places: Value = 0) -> Value:
    """Return the number rounded to `places` decimals, halves away from zero, as Excel does."""
    found, after = number_of(value), whole_of(places)
    if found is None or after is None:
        return None
    if not -28 <= after <= 28:
        raise ExpressionProblem(N_("`round` takes from -28 to 28 decimals"))
    if Decimal(found).adjusted() > _LARGEST:
        raise ExpressionProblem(N_("the number is too large"))
    result = Decimal(found).quantize(Decimal(1).scaleb(-after), rounding=ROUND_HALF_UP, context=_ROUNDING)
    return Decimal(f"{result:f}")


def percent(scope: Scope, value: Value) -> Value:
    """Return a share: the texts `12 %` and `12` are 0.12; a number is a share already, as Excel stores it."""
    found = plain(value)
    if not isinstance(found, str):
        return number_of(found)
    share = number_of(number(scope, found.strip().removesuffix("%").rstrip()))
    return None if share is None else EXACT.divide(Decimal(share), Decimal(100))


def to_date(scope: Scope, value: Value, pattern: DatePattern | None = None) -> Value:
    """Return the date that the text is, by `pattern` or the locale; a moment when it has a clock."""
    found = plain(value)
    if isinstance(found, date):
        return found
    text = text_of(value)
    if pattern is not None:
        read = pattern.read(text)
        if read is None:
            raise ExpressionProblem(
                N_('the text "{text}" is no date like {pattern}'), text=text[:40], pattern=pattern.source
            )
        return read
    read = read_date(text, scope.locale) or read_datetime(text, scope.locale)
    if read is None:
        raise _no_date(text, scope.locale)
    return read


def month_start(_: Scope, value: Value) -> Value:
    """Return the first day of the date's month."""
    found = date_of(value)
    return None if found is None else date(found.year, found.month, 1)


def month_end(_: Scope, value: Value) -> Value:
    """Return the last day of the date's month."""
    found = date_of(value)
    return None if found is None else date(found.year, found.month, monthrange(found.year, found.month)[1])


def part(_: Scope, value: Value, separator: Value, position: Value) -> Value:
    """Return a part of the text by its number from 0; a negative one counts from the end; none is blank."""
    mark = text_of(separator)
    if not mark:
        raise ExpressionProblem(N_("`part` needs a separator"))
    return _pick([piece.strip() for piece in text_of(value).split(mark)], position)


def parent_code(_: Scope, value: Value, separator: Value = ".") -> Value:
    """Return the code above: `1.2.3` → `1.2`, `1` → blank."""
    return text_of(value).rpartition(text_of(separator) or ".")[0]


def matches(_: Scope, value: Value, pattern: "regex.Pattern[str]") -> Value:
    """Whether the whole text is like the regular expression."""
    return search(pattern, text_of(value), whole=True) is not None


def extract(_: Scope, value: Value, pattern: "regex.Pattern[str]") -> Value:
    """Return what the regular expression finds first: its first group when it has one; nothing is blank."""
    found = search(pattern, text_of(value))
    if found is None:
        return None
    return str(found.group(1) or "") if pattern.groups else str(found.group())


class Takes(Enum):
    """What the arguments of a filter are: values, or a constant text that is read once."""

    VALUES = "values"
    REGULAR = "regular expression"
    DATE_PATTERN = "date pattern"


class Filter(NamedTuple):
    """A filter: its function, and how many arguments it takes besides the value."""

    function: Callable[..., Value]
    least: int = 0
    most: int = 0
    takes: Takes = Takes.VALUES


FILTERS: Mapping[str, Filter] = {
    "trim": Filter(trim),
    "upper": Filter(upper),
    "lower": Filter(lower),
    "title": Filter(title),
    "replace": Filter(replace, 2, 2),
    "left": Filter(left, 1, 1),
    "right": Filter(right, 1, 1),
    "word": Filter(word, 1, 1),
    "digits": Filter(digits),
    "translit": Filter(translit),
    "slug": Filter(slug),
    "number": Filter(number),
    "round": Filter(rounded, 0, 1),
    "percent": Filter(percent),
    "date": Filter(to_date, 0, 1, Takes.DATE_PATTERN),
    "month_start": Filter(month_start),
    "month_end": Filter(month_end),
    "part": Filter(part, 2, 2),
    "parent_code": Filter(parent_code, 0, 1),
    "matches": Filter(matches, 1, 1, Takes.REGULAR),
    "extract": Filter(extract, 1, 1, Takes.REGULAR),
}
_LARGEST = 200  # decimal places before the point
_ROUNDING = Context(prec=400)


def _no_date(text: str, locale: str) -> ExpressionProblem:
    if both := ambiguous_date(text, locale):
        return ExpressionProblem(
            N_('the text "{text}" could be {one} or {other}'),
            N_('Use `| date("dd.MM.yyyy")`'),
            text=text[:40],
            one=both[0].isoformat(),
            other=both[1].isoformat(),
        )
    return ExpressionProblem(
        N_('the text "{text}" is no date under locale {locale}'),
        N_('Use `| date("dd.MM.yyyy")`'),
        text=text[:40],
        locale=locale,
    )


def _count(value: Value) -> int:
    found = whole_of(value)
    if found is None or found < 0:
        raise ExpressionProblem(
            N_("a number of characters is a whole number from 0, not {number}"), number=shown(value)
        )
    return found


def _pick(pieces: list[str], position: Value) -> Value:
    index = whole_of(position)
    if index is None or not -len(pieces) <= index < len(pieces):
        return None
    return pieces[index]


def _latin(sign: str) -> str:
    found = _TRANSLIT.get(sign.lower())
    if found is None:
        return sign
    return found.capitalize() if sign.isupper() else found
