"""Raw values → cells: kind, exact value, and the text that counts as text (recipe-language.md §4)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from math import isfinite
from typing import TypeAlias, cast

from importer.sources.lines import Raw
from importer.sources.table import Cell, CellKind, CellValue, letters_of
from importer.text.cleaning import clean
from importer.text.folding import fold

CellMaker = Callable[[Raw], Cell]
CellValues: TypeAlias = tuple[CellValue, str, CellKind, str, str | None]

# Values repeat down a column (departments, dates): each is made once. Columns of unique values stop growing
# here.
_REMEMBERED = 4096


# The same as `Cell(*values)` in half the time; there are millions.
_cell = cast("Callable[[CellValues], Cell]", partial(tuple.__new__, Cell))


def cell_maker(position: int, *, cleaned: bool, blank: frozenset[str]) -> CellMaker:
    """Return what makes the cells of a column; `position` from 0, `blank`: folded texts that count as blank.

    All blank cells of a column are one and the same object.
    """
    column = letters_of(position)
    nothing = Cell(None, column, CellKind.BLANK, "")
    texts: dict[str, Cell] = {"": nothing}
    # By type: True, 1 and 1.0 are equal keys.
    others: dict[type, dict[Raw, Cell]] = {kind: {} for kind in _MAKERS}

    def make(raw: Raw) -> Cell:
        kind = type(raw)
        if kind is str:
            return texts.get(raw) or text_cell(raw)  # type: ignore[arg-type]
        if kind is Cell:
            return raw  # type: ignore[return-value]
        same = others[kind]
        found = same.get(raw)
        if found is None:
            found = _MAKERS[kind](raw, column)
            if len(same) < _REMEMBERED:
                same[raw] = found
        return found

    def text_cell(raw: str) -> Cell:
        text = clean(raw) if cleaned else raw
        found = nothing
        if text and not (blank and fold(text) in blank):
            found = _cell((text, column, CellKind.TEXT, text, None))
        if len(texts) < _REMEMBERED:
            texts[raw] = found
        return found

    return make


def error_cell(text: str, column: str) -> Cell:
    """Return the cell of an error value: `#N/A`."""
    return Cell(text, column, CellKind.ERROR, text)


def formula_cell(column: str) -> Cell:
    """Return the cell of a formula that was never calculated."""
    return Cell(None, column, CellKind.FORMULA, "")


def coded_cell(value: float, number_format: str, column: str) -> Cell:
    """Return the cell of a number under a format of zeros only: 42 under `00000` reads `00042`."""
    if not isfinite(value):
        return error_cell("#NUM!", column)
    if 0 <= value < 1e15 and "." not in number_format and float(value).is_integer():
        whole = int(value)
        text = str(whole).zfill(len(number_format))
        return _cell((Decimal(whole), column, CellKind.NUMBER, text, number_format))
    number = shortest(value)
    return Cell(number, column, CellKind.NUMBER, coded(number, number_format), number_format)


def shortest(value: float) -> Decimal:
    """Return the shortest exact decimal of a double: 7.1, not 7.0999999999999996; 5, not 5.0."""
    if float(value).is_integer() and abs(value) < 1e16:
        return Decimal(int(value))
    return Decimal(repr(float(value)))


def coded(number: Decimal, number_format: str) -> str:
    """Return what Excel displays for `number` under a format of zeros only, rounded as Excel does."""
    whole, _, places = number_format.partition(".")
    if number.adjusted() > 300:  # nobody's code; not worth three hundred digits
        return f"{number}"
    sign, digits, exponent = number.as_tuple()
    rounded = number
    if isinstance(exponent, int) and -exponent > len(places):
        rounded = _rounded(number, len(places))
    integer, _, fraction = f"{abs(rounded):f}".partition(".")
    text = integer.zfill(len(whole)) + (f".{fraction.ljust(len(places), '0')}" if places else "")
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
    if not isfinite(raw):  # no spreadsheet writes it, but a program may
        return error_cell("#NUM!", column)
    if float(raw).is_integer() and abs(raw) < 1e16:
        whole = int(raw)
        return _cell((Decimal(whole), column, CellKind.NUMBER, str(whole), None))
    text = repr(float(raw))
    number = Decimal(text)
    # Plain digits are what people see, but not three hundred of them.
    if "e" in text and 1e-30 < abs(raw) < 1e30:
        text = f"{number:f}"
    return _cell((number, column, CellKind.NUMBER, text, None))


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
