"""What calamine hides: one scan of a sheet's XML for errors, formulas, formats and hidden rows.

A pattern over the bytes costs a few µs a row, an XML parser ten times that (performance.md). The pattern
reads cells written as Excel, openpyxl and LibreOffice write them; a sheet with anything else in it goes
through the parser.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from importer.sources.cells import coded_cell, error_cell, formula_cell
from importer.sources.lines import Raw
from importer.sources.styles import Style
from importer.sources.table import Cell, CellKind, index_of, letters_of

MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: (?:cm|vm)="[0-9]+")*/?>'
)
_ROW = re.compile(rb'<row r="([0-9]{1,7})"([^>]*)>')
_UNNUMBERED_ROW = re.compile(rb'<row(?! r="[0-9]{1,7}")[ \t\r\n/>]')
_FORMULA = re.compile(rb"<f[ \t\r\n/>]")
_DECLARATION = re.compile(rb"<!")  # a comment or CDATA, in which anything may stand
_HIDDEN = re.compile(rb'\shidden\s*=\s*["\'](?:1|true)["\']')
_COLUMN = re.compile(rb"<col(\s[^>]*)>")
_EDGE = {edge: re.compile(rb"\s" + edge + rb'\s*=\s*["\']([0-9]{1,7})') for edge in (b"min", b"max")}
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
# Of cells that hold something; a styled blank cell is `<c r="A1" s="3"/>`, and calamine leaves it out.
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?![^>]*/>)')
# The namespace of sheets (both its forms) under a prefix: names are then written `<x:c>`.
_PREFIX = re.compile(rb"xmlns:\w+\s*=\s*[\"']http://[a-z./]+/spreadsheetml/(?:2006/)?main")
_HEAD = 65_536
_WIDE_OR_LONG = re.compile(rb'<c r="(?:[A-Z]{2}|[A-Z][0-9]{7})')


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the scan found, by row from 1 and column from 0.

    odd: errors and formulas never calculated, which calamine gives as blanks. styled: cells whose style
    changes what a value means. span: how many cells the smallest rectangle around all filled ones has, or a
    bound that is harmless.
    """

    odd: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)
    styled: Mapping[int, Mapping[int, Style]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[int, ...] = ()
    span: int = 0


def scan(data: bytes, styles: Sequence[Style]) -> SheetFacts | None:
    """Return the facts of a sheet, or None when it is written in an unusual way and must be parsed."""
    if (
        data.startswith((b"\xff\xfe", b"\xfe\xff"))
        or _DECLARATION.search(data)
        or _PREFIX.search(data, 0, _HEAD)
    ):
        return None
    odd: dict[int, dict[int, Cell]] = {}
    styled: dict[int, dict[int, Style]] = {}
    for spot in _special_cells(styles).finditer(data):
        cell = _CELL.match(data, spot.start())
        if cell is None:
            return None
        column, style = index_of(cell[1].decode()), int(cell[3] or 0)
        if cell[4] == b"e":
            odd.setdefault(int(cell[2]), {})[column] = _error(data, cell)
        elif style < len(styles) and cell[0][-2:] != b"/>":
            styled.setdefault(int(cell[2]), {})[column] = styles[style]
    for spot in _FORMULA.finditer(data):
        owner = _CELL.match(data, max(0, data.rfind(b"<c ", 0, spot.start())))
        if owner and not _calculated(data, owner):
            letters = owner[1].decode()
            odd.setdefault(int(owner[2]), {})[index_of(letters)] = formula_cell(letters)
    hidden = _hidden_rows(data) if b"hidden" in data else frozenset()
    if hidden is None:
        return None
    return SheetFacts(odd, styled, hidden, _hidden_columns(data), _span(data))


def styled_value(raw: Raw, style: Style, column: int) -> Raw:
    """Return what a style makes of a value: a code keeps its zeros, a midnight may be a time of day."""
    if style.is_code and isinstance(raw, int | float) and not isinstance(raw, bool):
        return coded_cell(raw, style.format or "", letters_of(column))
    # calamine gives a date for every midnight.
    if style.is_datetime and type(raw) is date:
        moment = datetime.combine(raw, time())
        return Cell(moment, letters_of(column), CellKind.DATETIME, moment.isoformat())
    return raw


def _special_cells(styles: Sequence[Style]) -> re.Pattern[bytes]:
    """Return what finds cells of which more must be known than calamine tells, and unusual ones."""
    numbers = "|".join(
        str(number) for number, style in enumerate(styles) if style.is_code or style.is_datetime
    )
    style = rf'(?: s="(?!(?:{numbers})")[0-9]+")?' if numbers else '(?: s="[0-9]+")?'
    plain = rf' r="[A-Z]{{1,3}}[0-9]{{1,7}}"{style}(?: t="(?!e")[a-zA-Z]+")?(?: (?:cm|vm)="[0-9]+")*/?>'
    return re.compile(rf"<c(?!{plain})[ \t\r\n/>]".encode())


def _error(data: bytes, cell: re.Match[bytes]) -> Cell:
    value = _VALUE.search(data, cell.end(), _end(data, cell))
    return error_cell(value[1].decode("utf-8", "replace") if value else "#N/A", cell[1].decode())


def _calculated(data: bytes, cell: re.Match[bytes]) -> bool:
    # An empty text is a result too: `t="str"`, with or without an empty `<v>`.
    return cell[4] == b"str" or _VALUE.search(data, cell.end(), _end(data, cell)) is not None


def _end(data: bytes, cell: re.Match[bytes]) -> int:
    end = data.find(b"</c>", cell.end())
    return end if end >= 0 else len(data)


def _hidden_rows(data: bytes) -> frozenset[int] | None:
    if _UNNUMBERED_ROW.search(data):
        return None
    return frozenset(int(row[1]) for row in _ROW.finditer(data) if _HIDDEN.search(row[2]))


def _hidden_columns(data: bytes) -> tuple[int, ...]:
    found: dict[int, None] = {}
    end = data.find(b"<sheetData")
    for match in _COLUMN.finditer(data, 0, max(end, 0)):
        low, high = (_EDGE[edge].search(match[1]) for edge in (b"min", b"max"))
        if low and high and _HIDDEN.search(match[1]):
            found.update(dict.fromkeys(range(int(low[1]) - 1, min(int(high[1]), MAX_COLUMNS))))
    return tuple(found)


def _span(data: bytes) -> int:
    if not _WIDE_OR_LONG.search(data):
        return 26 * 999_999
    letters: set[bytes] = set()
    top, bottom = 10_000_000, 0
    for cell in _FILLED.finditer(data):
        letters.add(cell[1])
        row = int(cell[2])
        top, bottom = min(top, row), max(bottom, row)
    columns = [index_of(item.decode()) for item in letters]
    return (bottom - top + 1) * (max(columns) - min(columns) + 1) if columns else 0
