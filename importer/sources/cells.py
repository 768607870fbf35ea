"""Raw values → cells: kind, exact value, and the text that counts as text (recipe-language.md §4)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from math import isfinite

from importer.sources.codes import code_text, is_zeros
from importer.sources.lines import Raw
from importer.sources.table import Cell, CellKind, letters_of
from importer.text.cleaning import clean, has_invisible
from importer.text.folding import fold

# Values repeat down a column (departments, dates): each is made once. Columns of unique values stop growing
# here.
_REMEMBERED = 4096
# Reading a member of an enum costs more than making a cell.
_TEXT, _NUMBER = CellKind.TEXT, CellKind.NUMBER


class ColumnCells(dict[Raw, Cell]):
    """The cells of a column by their raw values: `cells[raw]` makes those that are not there yet.

    All blank cells of a column are one and the same object.
    """

    __slots__ = ("_bits", "_blank", "_cleaned", "_column", "_nothing")

    def __init__(self, position: int, *, cleaned: bool, blank: frozenset[str]) -> None:
        """`position` from 0, `blank`: folded texts that count as blank."""
        super().__init__()
        self._column, self._cleaned, self._blank = letters_of(position), cleaned, blank
        self._nothing = self[""] = Cell(None, self._column, CellKind.BLANK, "")
        # True, 1 and 1.0 are equal keys: these alone are kept apart, by their types.
        self._bits: dict[tuple[type, Raw], Cell] = {}

    def __missing__(self, raw: Raw) -> Cell:
        """Return the cell of a value seen for the first time, or not remembered."""
        if type(raw) is str:
            text = clean(raw) if self._cleaned else raw
            if not text or (self._blank and fold(text) in self._blank):
                found = self._nothing
            elif text is raw and not raw[0].isspace():
                found = Cell(text, self._column, _TEXT, text)
            else:
                found = self._changed(raw, text)
        elif type(raw) is float and not raw.is_integer():
            found = _fraction(raw, self._column)
        elif type(raw) is float and (1.0 < raw < 1e16 or -1e16 < raw < 0.0):
            # Most numbers by far; `_number` says the same and takes longer.
            whole = int(raw)
            found = Cell(Decimal(whole), self._column, _NUMBER, str(whole))
        elif type(raw) is Cell:
            return raw
        elif raw == 0 or raw == 1:  # noqa: PLR1714 - half the time of asking a tuple
            return self._bit(raw)
        else:
            found = _MAKERS[type(raw)](raw, self._column)
        if len(self) < _REMEMBERED:
            self[raw] = found
        return found

    def fills(self, raw: Raw) -> bool:
        """Whether a value is anything but blank."""
        if type(raw) is not str:
            return True
        # A letter or digit survives all cleaning, so that the cell need not be made for the answer.
        if not self._blank and raw[:1].isalnum():
            return True
        return self[raw].value is not None

    def _changed(self, raw: str, text: str) -> Cell:
        """Return the cell of a text that stands in the file with more around or in it."""
        indent = len(raw) - len(raw.lstrip())
        return Cell(text, self._column, _TEXT, text, None, indent, self._cleaned and has_invisible(raw))

    def _bit(self, raw: Raw) -> Cell:
        key = (type(raw), raw)
        found = self._bits.get(key)
        if found is None:
            found = self._bits[key] = _MAKERS[type(raw)](raw, self._column)
        return found


def error_cell(text: str, column: str) -> Cell:
    """Return the cell of an error value: `#N/A`."""
    return Cell(text, column, CellKind.ERROR, text)


def formula_cell(column: str) -> Cell:
    """Return the cell of a formula that was never calculated."""
    return Cell(None, column, CellKind.FORMULA, "")


def coded_cell(value: float, number_format: str, column: str) -> Cell:
    """Return the cell of a number under a code's format: 42 under `00000` reads `00042`, under `00-00` `00-42`."""
    if 0 <= value < 1e15 and "." not in number_format and (whole := int(value)) == value:
        return Cell(Decimal(whole), column, _NUMBER, code_text(str(whole), number_format), number_format)
    if not isfinite(value):
        return error_cell("#NUM!", column)
    number = shortest(value)
    return Cell(number, column, _NUMBER, coded(number, number_format), number_format)


def shortest(value: float) -> Decimal:
    """Return the shortest exact decimal of a double: 7.1, not 7.0999999999999996; 5, not 5.0."""
    if float(value).is_integer() and abs(value) < 1e16:
        return Decimal(int(value))
    return Decimal(repr(float(value)))


def coded(number: Decimal, number_format: str) -> str:
    """Return what Excel displays for `number` under a code's format, rounded as Excel does."""
    whole, _, places = number_format.partition(".") if is_zeros(number_format) else (number_format, "", "")
    if number.adjusted() > 300:  # nobody's code; not worth three hundred digits
        return f"{number}"
    sign, digits, exponent = number.as_tuple()
    rounded = number
    if isinstance(exponent, int) and -exponent > len(places):
        rounded = _rounded(number, len(places))
    integer, _, fraction = f"{abs(rounded):f}".partition(".")
    text = code_text(integer, whole) + (f".{fraction.ljust(len(places), '0')}" if places else "")
    return f"-{text}" if sign and any(digits) and rounded else text


def duration_text(value: timedelta) -> str:
    """Return a duration in ISO 8601, without days: `PT30H`, `PT1.5S`."""
    microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    sign, microseconds = ("-", -microseconds) if microseconds < 0 else ("", microseconds)
    seconds, fraction = divmod(microseconds, 1_000_000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    last = f"{seconds}.{fraction:06d}".rstrip("0") if fraction else str(seconds)
    parts = ((str(hours), "H"), (str(minutes), "M"), (last, "S"))
    body = "".join(f"{number}{unit}" for number, unit in parts if number != "0")
    return f"{sign}PT{body or '0S'}"


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=Context(prec=400))


def _number(raw: float, column: str) -> Cell:
    if -1e16 < raw < 1e16 and (type(raw) is int or raw.is_integer()):
        whole = int(raw)
        return Cell(Decimal(whole), column, _NUMBER, str(whole))
    return _fraction(float(raw), column)


def _fraction(raw: float, column: str) -> Cell:
    text = repr(raw)
    if "e" in text or "n" in text:
        if not isfinite(raw):  # no spreadsheet writes it, but a program may
            return error_cell("#NUM!", column)
        # Plain digits are what people see, but not three hundred of them.
        if 1e-30 < abs(raw) < 1e30:
            text = f"{Decimal(text):f}"
    return Cell(Decimal(text), column, _NUMBER, text)


def _boolean(raw: object, column: str) -> Cell:
    return Cell(bool(raw), column, CellKind.BOOLEAN, "true" if raw else "false")


def _moment(kind: CellKind, raw: date | datetime | time, column: str) -> Cell:
    return Cell(raw, column, kind, raw.isoformat())


def _datetime(raw: datetime, column: str) -> Cell:
    return _moment(CellKind.DATETIME, raw, column)


def _duration(raw: timedelta, column: str) -> Cell:
    return Cell(raw, column, CellKind.DURATION, duration_text(raw))


_MAKERS: dict[type, Callable[..., Cell]] = {
    float: _number,
    int: _number,
    bool: _boolean,
    date: partial(_moment, CellKind.DATE),
    datetime: _datetime,
    time: partial(_moment, CellKind.TIME),
    timedelta: _duration,
}
