"""Plain scalars → values: the core schema of YAML 1.2 (§10.3.2), exact decimals, and dates.

What the schema would read as something a person hardly meant is refused: `007` is a code, not the number 7.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from importer.problems import Problem, Severity
from importer.text.locales import read_datetime

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[+-]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
# No service holds more; and 1e999999999 would become a text of a thousand million digits.
_MOST_DIGITS = 100


class LeadingZeros(Problem):
    """A code that would lose its zeros."""

    code: ClassVar[str] = "yaml-syntax"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "YAML reads {found} as the number {expected}."
    hint: ClassVar[str] = 'Write ="{found}" for the text, "{found}" for a header, {expected} for the number'


class NoSuchDay(Problem):
    """A date that is not in the calendar."""

    code: ClassVar[str] = "yaml-syntax"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "There is no day or time {found}."
    hint: ClassVar[str] = 'Dates are written 2026-01-31; a header that looks like one needs quotes: "{found}"'


class NumberTooLong(Problem):
    """A number that nothing can hold."""

    code: ClassVar[str] = "yaml-syntax"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The number {found} has more than 100 digits."
    hint: ClassVar[str] = "A text that looks like a number needs quotes"


Plain = str | bool | int | Decimal | date | datetime | None


def read_plain(text: str) -> Plain | type[Problem]:
    """Return the value of a scalar written without quotes, or the class of the problem that it is."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _DATE.fullmatch(text) or _MOMENT.fullmatch(text):
        return _day(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return _number(text)
    return text


def _day(text: str) -> date | datetime | type[Problem]:
    found = read_datetime(text, "iso")
    if found is None:
        return NoSuchDay
    return found.date() if _DATE.fullmatch(text) else found


def _number(text: str) -> int | Decimal | type[Problem]:
    digits = text.lstrip("+-")
    if digits[0] == "0" and digits[1:2].isdigit():
        return LeadingZeros
    _, _, exponent = text.lower().partition("e")
    if len(text) > _MOST_DIGITS or (exponent and abs(int(exponent)) > _MOST_DIGITS):
        return NumberTooLong
    return int(text) if _INTEGER.fullmatch(text) else Decimal(text)
