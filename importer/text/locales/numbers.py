"""Numbers as people write them, exactly or not at all."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from importer.text.locales.known import cldr, currency_signs

_LONGEST = 64
_SPACE = r"[\s\u00a0\u2007\u2009\u202f]"
_APOSTROPHE = "['’]"
_MINUS = str.maketrans("−–", "--")
_PERCENT = "%٪％"
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
# One group of three after a sign that groups here and parts there.
_TWO_WAYS = re.compile(r"([+-]?[0-9]{1,3})[.,]([0-9]{3})")


def read_number(text: str, locale: str) -> Decimal | None:
    """Return the number that `text` is under `locale`, exactly as written, or None.

    People's locales take grouping as CLDR groups (spaces of every kind, apostrophes, and the locale's own sign; another sign only
    where it can be nothing else: `1.234,56` and `1.234.567` under `ru`), `(5)` or `5-` for minus five, a percent sign (`12 %` is
    0.12, as in a spreadsheet) and the currency of the locale's country (`2 900 ₽` under `ru`). Grouping that is not in groups is
    none: `1,5` under `en` is None.
    """
    if text.isdigit() and text.isascii() and len(text) <= _LONGEST:
        return Decimal(text)  # read so under every locale, and no locale need be loaded
    found = text.strip()
    if not found.isascii():
        found = found.translate(_MINUS)
    if not found or len(found) > _LONGEST:
        return None
    if locale == "iso":
        return Decimal(found) if _PLAIN.fullmatch(found) else None
    habit = _habit(locale)
    number = _signed(found, habit)
    return _dressed(found, habit, locale) if number is None else number


def ambiguous_number(text: str, locale: str) -> tuple[Decimal, Decimal] | None:
    """Return both readings of a text like `1.234` that is not read: the point may group or part. Grouped first."""
    match = _TWO_WAYS.fullmatch(text.strip().translate(_MINUS))
    if match is None or read_number(text, locale) is not None:
        return None
    return Decimal(match[1] + match[2]), Decimal(f"{match[1]}.{match[2]}")


class _Habit(NamedTuple):
    """How a locale writes numbers; `groups` are the signs that are dropped."""

    decimal: str
    groups: str
    pattern: re.Pattern[str]


def _signed(found: str, habit: _Habit) -> Decimal | None:
    """Return the number of digits and signs alone."""
    negative = False
    if found.startswith("(") and found.endswith(")"):
        negative, found = True, found[1:-1].strip()
    elif found.endswith("-"):
        negative, found = True, found[:-1].strip()
    if negative and found[:1] in ("+", "-"):
        return None
    if not habit.pattern.fullmatch(found):
        return None
    plain = "".join(sign for sign in found if not sign.isspace() and sign not in habit.groups)
    number = Decimal(plain.replace(habit.decimal, "."))
    return number.copy_negate() if negative else number


def _dressed(found: str, habit: _Habit, locale: str) -> Decimal | None:
    """Return the number inside of one percent or currency sign, which may stand in or outside of parentheses."""
    minus = found[:1] if found[:1] in ("-", "+") else ""
    inside = found[1:-1].strip() if found.startswith("(") and found.endswith(")") else None
    for core, around in ((found[len(minus) :].strip(), minus), (inside, "()")):
        if not core:
            continue
        bare, percent = _undressed(core, locale)
        if bare is None:
            continue
        number = _signed(f"({bare})" if around == "()" else around + bare, habit)
        if number is not None:
            return number.scaleb(-2) if percent else number
    return None


def _undressed(core: str, locale: str) -> tuple[str | None, bool]:
    if core[-1] in _PERCENT:
        return core[:-1].rstrip(), True
    if core[0] in _PERCENT:
        return core[1:].lstrip(), True
    folded = core.casefold()
    if len(folded) != len(core):
        return None, False
    for sign in currency_signs(locale):
        if folded.endswith(sign):
            return core[: -len(sign)].rstrip(), False
        if folded.startswith(sign):
            return core[len(sign) :].lstrip(), False
    return None, False


@lru_cache(maxsize=16)
def _habit(locale: str) -> _Habit:
    known = cldr(locale)
    symbols = known.number_symbols["latn"]
    decimal, group = symbols["decimal"], symbols["group"]
    first, further = known.decimal_formats[None].grouping
    own = [] if group.isspace() or group in "'’" else [group]
    kinds = [_SPACE, _APOSTROPHE, *map(re.escape, own)]
    wholes = ["[0-9]+", *(_grouped(kind, first, further) for kind in kinds)]
    # A sign of other countries groups only where it cannot part.
    for sign in {".", ","} - {decimal, group}:
        wholes.append(rf"[0-9]{{1,3}}(?:{re.escape(sign)}[0-9]{{3}}){{2,}}")
        wholes.append(rf"[0-9]{{1,3}}(?:{re.escape(sign)}[0-9]{{3}})+(?={re.escape(decimal)}[0-9])")
        own.append(sign)
    point = re.escape(decimal)
    pattern = rf"[+-]?{_SPACE}?(?:{'|'.join(wholes)})(?:{point}[0-9]+)?(?:[eE][+-]?[0-9]{{1,3}})?"
    return _Habit(decimal, "".join(own) + "'’", re.compile(pattern))


def _grouped(kind: str, first: int, further: int) -> str:
    """Return the pattern of digits in groups; Indian numbers have three at the end and twos before."""
    if first == further:
        return rf"[0-9]{{1,{first}}}(?:{kind}[0-9]{{{first}}})+"
    return rf"[0-9]{{1,{further}}}(?:{kind}[0-9]{{{further}}})*{kind}[0-9]{{{first}}}"
