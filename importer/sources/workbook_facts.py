"""What calamine hides: one walk over a sheet's bytes for errors, formulas, formats and hidden rows.

One pattern runs over everything that says nothing new, as far as it can: a few µs a row, where an XML parser
costs ten times that (performance.md). Only where it stops is a cell or a row looked at. It reads rows and
cells written as Excel, openpyxl and LibreOffice write them; a sheet with anything else between them goes
through the parser.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache

import msgspec

from importer.sources.cells import coded_cell, error_cell, formula_cell
from importer.sources.held import MAX_COLUMNS
from importer.sources.lines import Raw
from importer.sources.styles import Style
from importer.sources.table import Cell, CellKind, index_of, letters_of

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: (?:cm|vm)="[0-9]+")*(/?)>'
)
_ROW = re.compile(rb'<row r="([0-9]{1,7})"([^>]*)>')
_FORMULA = re.compile(rb"<f[ \t\r\n/>]")
_DECLARATION = b"<!"  # a comment or CDATA, in which anything may stand
_HIDDEN = re.compile(rb'\shidden\s*=\s*["\'](?:1|true)["\']')
_COLUMN = re.compile(rb"<col(\s[^>]*)>")
_EDGE = {edge: re.compile(rb"\s" + edge + rb'\s*=\s*["\']([0-9]{1,7})') for edge in (b"min", b"max")}
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
_STRIKE = re.compile(rb"<strike(?![^>]*val=[\"'](?:0|false)[\"'])")
_SHARED = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]* t="s"[^>]*><v>([0-9]{1,8})</v>')
# Of cells that hold something; a styled blank cell is `<c r="A1" s="3"/>`, and calamine leaves it out.
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?![^>]*/>)')
# The namespace of sheets (both its forms) under a prefix: names are then written `<x:c>`.
_PREFIX = re.compile(rb"xmlns:\w+\s*=\s*[\"']http://[a-z./]+/spreadsheetml/(?:2006/)?main")
_START = re.compile(rb"<sheetData[ \t\r\n]*(/?)>")
_END = b"</sheetData>"
_MORE_ROWS = re.compile(rb"<(?:sheetData|row|c)[ \t\r\n/>]|<!")
# Rows and cells that say nothing but their value, so many at once that the engine's memory of the way stays small. Formulas
# have been calculated: a value follows them, or they give a text, which may be empty. What most cells are stands first. No text is
# matched in two ways. (Possessive quantifiers would say so, but Python before 3.11.5 gets them wrong.)
_PLAIN = r"""(?:
    <c\ r="{address}"(?:\ s="{style}")?(?:\ t="[nsbd]")?><v>[^<]+</v></c>
    |</row>
    |<row(?:\ (?!hidden="(?!0"|false"))[a-zA-Z0-9:]+="[^"<>]*")*/?>
    |<c\ r="{address}"(?:\ s="{style}")?(?:
        (?:\ t="[nsbd]")?>{formula}<v>[^<]+</v></c>
        |\ t="inlineStr"><is><t(?:\ xml:space="preserve")?>[^<]*</t></is></c>
        |\ t="str">{formula}?(?:<v>[^<]*</v>)?</c>
        |(?:\ t="n")?(?:/>|></c>)
    )
    |[ \t\r\n]+
){{1,2000}}"""
_CALCULATED = r"(?:<f(?:\ [^<>]*)?>(?:[^<]*</f>)?)"
# A number in a style that changes its meaning: whole columns have one.
_STYLED = r'<c r="({letters})({digits})" s="({numbers})"(?: t="n")?>{formula}?<v>[^<]+</v></c>'


class _Reach(msgspec.Struct, frozen=True):
    """Addresses up to some column and row; `columns`: how many there are, None where they must be counted."""

    letters: str
    digits: str
    columns: int | None


# Of the first two the rectangle is small enough for calamine whatever stands in it.
_REACHES = (
    _Reach("[A-X]", "[0-9]{1,6}", 24),
    _Reach("(?:[A-Z]|[A-H][A-Z])", "[0-9]{1,5}", 234),
    _Reach("[A-Z]{1,3}", "[0-9]{1,7}", None),
)
# A rectangle with fewer filled cells than one in so many is not made, if it is large.
_SPARSE = 8
_LARGE = 2_000_000


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the scan found, by row from 1 and column from 0.

    odd: errors and formulas never calculated, which calamine gives as blanks. styled: cells whose style
    changes what a value means. span: how many cells the smallest rectangle around all filled ones has, or a
    bound that is harmless. is_sparse: it is large, and nearly empty. struck: cells whose own text is struck in part.
    """

    odd: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)
    styled: Mapping[int, Mapping[int, Style]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[int, ...] = ()
    span: int = 0
    is_sparse: bool = False
    struck: tuple[str, ...] = ()


def scan(data: bytes, styles: Sequence[Style]) -> SheetFacts | None:
    """Return the facts of a sheet, or None when it is written in an unusual way and must be parsed."""
    start = _START.search(data)
    if (
        start is None
        or data.find(_DECLARATION, 0, start.start()) >= 0
        or _PREFIX.search(data, 0, start.end())
    ):
        return None
    columns = _hidden_columns(data, start.start())
    if start[1]:
        return SheetFacts(hidden_columns=columns)
    for reach in _REACHES:
        walk = _Walk(data, styles, reach)
        end = walk.through(start.end())
        if not walk.beyond:
            break
    if end is None or _MORE_ROWS.search(data, end):
        return None
    span, sparse = _span(data, reach)
    return SheetFacts(
        walk.odd, walk.styled, frozenset(walk.hidden), columns, span, sparse, tuple(walk.struck)
    )


def shared_cells(data: bytes, numbers: frozenset[int]) -> Iterator[str]:
    """Yield the addresses of cells that hold one of these shared strings."""
    for cell in _SHARED.finditer(data):
        if int(cell[2]) in numbers:
            yield cell[1].decode()


def styled_value(raw: Raw, style: Style, column: int) -> Raw:
    """Return what a style makes of a value: a code keeps its zeros, a midnight may be a time of day."""
    if type(raw) is float or type(raw) is int:
        return coded_cell(raw, style.format or "", letters_of(column)) if style.is_code else raw
    # calamine gives a date for every midnight.
    if type(raw) is date and style.is_datetime:
        moment = datetime.combine(raw, time())
        return Cell(moment, letters_of(column), CellKind.DATETIME, moment.isoformat())
    return raw


class _Walk:
    """The way through the rows of a sheet, from one place that says something to the next."""

    def __init__(self, data: bytes, styles: Sequence[Style], reach: _Reach) -> None:
        self.odd: dict[int, dict[int, Cell]] = {}
        self.styled: dict[int, Mapping[int, Style]] = {}
        self.hidden: set[int] = set()
        self.struck: list[str] = []
        self.beyond = False  # it ended at a cell out of reach
        self._data, self._styles = data, styles
        self._special = frozenset(n for n, style in enumerate(styles) if style.says_more)
        self._plain, self._number = _patterns(reach, self._special)
        self._address = re.compile(f"{reach.letters}{reach.digits}".encode())
        # Most rows have the same styles in the same columns: they share one mapping.
        self._row, self._cells = b"", list[tuple[bytes, bytes]]()
        self._shared: dict[tuple[tuple[bytes, bytes], ...], Mapping[int, Style]] = {}

    def through(self, position: int) -> int | None:
        """Return where the rows end, or None where something unusual stands among them."""
        data, plain, number = self._data, self._plain, self._number
        while True:
            while match := plain.match(data, position):
                position = match.end()
            if number is not None and (found := number.match(data, position)):
                letters, row, style = found.groups()
                self._remember(row, letters, style)
                position = found.end()
            elif cell := _CELL.match(data, position):
                self.beyond = not self._address.fullmatch(cell[1] + cell[2])
                end = cell.end() if cell[5] else data.find(b"</c>", cell.end())
                if self.beyond or end < 0 or not self._look_at(cell, data[cell.end() : end]):
                    return None
                position = end if cell[5] else end + 4
            elif line := _ROW.match(data, position):
                if _HIDDEN.search(line[2]):
                    self.hidden.add(int(line[1]))
                position = line.end()
            else:
                self._finish_row()
                return position + len(_END) if data.startswith(_END, position) else None

    def _look_at(self, cell: re.Match[bytes], content: bytes) -> bool:
        """Remember what there is to say about a cell; False: it is written in an unusual way."""
        if _DECLARATION in content:
            return False
        letters, row, style, kind, _ = cell.groups()
        if kind == b"inlineStr" and _STRIKE.search(content):
            self.struck.append((letters + row).decode())
        value = _VALUE.search(content)
        # An empty text is a result too: `t="str"`, with or without an empty `<v>`.
        if value is None and kind != b"str" and _FORMULA.search(content):
            found = formula_cell(letters.decode())
        elif kind == b"e":
            found = error_cell(value[1].decode("utf-8", "replace") if value else "#N/A", letters.decode())
        else:
            if style and int(style) in self._special and content:
                self._remember(row, letters, style)
            return True
        self.odd.setdefault(int(row), {})[index_of(letters.decode())] = found
        return True

    def _remember(self, row: bytes, letters: bytes, style: bytes) -> None:
        if row != self._row:
            self._finish_row()
            self._row = row
        self._cells.append((letters, style))

    def _finish_row(self) -> None:
        if not self._cells:
            return
        cells, row = tuple(self._cells), int(self._row)
        self._cells.clear()
        found = self._shared.get(cells)
        if found is None:
            found = {index_of(letters.decode()): self._styles[int(style)] for letters, style in cells}
            self._shared[cells] = found
        # A row may be written in parts, though nobody does so.
        self.styled[row] = {**self.styled[row], **found} if row in self.styled else found


@lru_cache(maxsize=8)
def _patterns(reach: _Reach, special: frozenset[int]) -> tuple[re.Pattern[bytes], re.Pattern[bytes] | None]:
    """Return what runs over everything plain, and what reads a number in a style of `special`."""
    numbers = "|".join(map(str, sorted(special)))
    style = f'(?!(?:{numbers})")[0-9]+' if numbers else "[0-9]+"
    address = reach.letters + reach.digits
    plain = re.compile(_PLAIN.format(address=address, style=style, formula=_CALCULATED).encode(), re.VERBOSE)
    if not numbers:
        return plain, None
    named = {"letters": reach.letters, "digits": reach.digits, "numbers": numbers}
    return plain, re.compile(_STYLED.format(formula=_CALCULATED, **named).encode())


def _hidden_columns(data: bytes, end: int) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for match in _COLUMN.finditer(data, 0, end):
        low, high = (_EDGE[edge].search(match[1]) for edge in (b"min", b"max"))
        if low and high and _HIDDEN.search(match[1]):
            found.update(dict.fromkeys(range(int(low[1]) - 1, min(int(high[1]), MAX_COLUMNS))))
    return tuple(found)


def _span(data: bytes, reach: _Reach) -> tuple[int, bool]:
    """Return how many cells the rectangle has at most, and whether it is large and nearly empty."""
    cells = data.count(b"<c ")
    if reach.columns is not None:
        last = _ROW.match(data, max(data.rfind(b"<row r="), 0))
        span = reach.columns * (int(last[1]) if last else 1)
        if span <= _LARGE or span <= _SPARSE * cells:
            return span, False
    letters: set[bytes] = set()
    top, bottom = 10_000_000, 0
    for cell in _FILLED.finditer(data):
        letters.add(cell[1])
        row = int(cell[2])
        top, bottom = min(top, row), max(bottom, row)
    columns = [index_of(item.decode()) for item in letters]
    span = (bottom - top + 1) * (max(columns) - min(columns) + 1) if columns else 0
    return span, span > _LARGE and span > _SPARSE * cells
