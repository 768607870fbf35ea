"""Values inside expressions: cells until somebody needs their text or their number; blank is None."""

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import TypeAlias
from uuid import UUID

import msgspec

from importer.sources.table import Cell
from importer.text.translating import N_, translate

# Characters of a text: an expression gives no longer one.
MAX_TEXT = 2**20
# Sums, differences and products are exact or they are a problem; quotients have 28 digits.
EXACT = Context(prec=100, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact])
QUOTIENT = Context(prec=28, traps=[InvalidOperation, DivisionByZero, Overflow])


class Months(msgspec.Struct, frozen=True):
    """A number of calendar months, to be added to a date."""

    count: int


# datetime is a date.
Value: TypeAlias = (
    "str | bool | int | Decimal | date | time | timedelta | UUID | Months | list[Value] | Cell | None"
)


class ExpressionProblem(Exception):  # noqa: N818 - a row's problem on its way to a place
    """An expression has no value for this row. `reason` and `advice` are gettext ids, `values` fill them."""

    def __init__(self, reason: str, advice: str = "", **values: object) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.values = values

    def message(self) -> str:
        """Return the reason, in the language in use."""
        return translate(self.reason).format(**self.values)


class Scope(msgspec.Struct):
    """What an expression sees of a row. One is made per table; `row`, `number`, `value` change with it."""

    locale: str
    today: date
    row: tuple[Cell, ...] = ()
    number: int = 0
    file: str = ""
    sheet: str = ""
    value: Value = None


# An expression, ready for one row after another.
Compiled: TypeAlias = Callable[[Scope], Value]


def plain(value: Value) -> Value:
    """Return a cell's own value; an empty text is None, a blank."""
    if type(value) is Cell:
        value = value.value
    return None if value == "" else value


def is_true(value: Value) -> bool:
    """Whether a condition holds: blank, false, zero and an empty list are no."""
    return bool(plain(value))


def text_of(value: Value) -> str:
    """Return the text that counts where text is wanted; blank is the empty text.

    Raises:
        ExpressionProblem: a list or a number of days has none.
    """
    if type(value) is str:
        return value
    if type(value) is Cell:
        return value.text if value.value is not None else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        raise ExpressionProblem(N_("a list is no text"), N_("Put its items together with `join`"))
    if isinstance(value, Months | timedelta):
        raise ExpressionProblem(N_("a number of days or months is no text"))
    return str(value)


def number_text(number: Decimal) -> str:
    """Return the shortest plain text of a number: 2.50 is `2.5`, 1E+3 is `1000`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_of(value: Value) -> int | Decimal | None:
    """Return a number, or None for a blank.

    Raises:
        ExpressionProblem: it is something else.
    """
    value = plain(value)
    if value is None or type(value) is Decimal or type(value) is int:
        return value
    if isinstance(value, str):
        raise ExpressionProblem(
            N_('cannot calculate with the text "{text}"'),
            N_("Use `| number`, or `~` to put texts together"),
            text=value[:40],
        )
    raise ExpressionProblem(N_('cannot calculate with "{text}"'), text=shown(value))


def whole_of(value: Value) -> int | None:
    """Return a whole number, or None for a blank.

    Raises:
        ExpressionProblem: it is something else, or has a fraction.
    """
    number = number_of(value)
    if number is None or isinstance(number, int):
        return number
    if number.adjusted() > 20 or number != number.to_integral_value():
        raise ExpressionProblem(N_("a whole number is wanted, not {number}"), number=number_text(number)[:40])
    return int(number)


def date_of(value: Value) -> date | None:
    """Return a date or date-time, or None for a blank.

    Raises:
        ExpressionProblem: it is something else.
    """
    value = plain(value)
    if value is None or isinstance(value, date):
        return value
    raise ExpressionProblem(
        N_('"{text}" is no date'), N_('Use `| date`, or `| date("dd.MM.yyyy")`'), text=shown(value)
    )


def bounded(text: str) -> str:
    """Return `text`.

    Raises:
        ExpressionProblem: it is longer than a result may be.
    """
    check_length(len(text))
    return text


def check_length(length: int) -> None:
    """Refuse to make a text of this length when it is longer than a result may be.

    Raises:
        ExpressionProblem: it is.
    """
    if length > MAX_TEXT:
        raise ExpressionProblem(N_("the result is longer than {limit} characters"), limit=MAX_TEXT)


def shown(value: Value) -> str:
    """Return a value for a message; never fails."""
    value = plain(value)
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, Months | timedelta):
        return "…"
    return text_of(value)[:40]
