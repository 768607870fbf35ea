"""The cells of an OpenDocument spreadsheet as they go by."""

import re
from datetime import date, datetime, time, timedelta

from importer.sources.book import SheetPart
from importer.sources.cells import coded_cell, error_cell, formula_cell
from importer.sources.held import MAX_COLUMNS, MAX_ROWS, HeldSheet
from importer.sources.lines import Merge, Raw
from importer.sources.moments import Shows, clock_of, shows
from importer.sources.ods_styles import TABLE, OdsStyles
from importer.sources.styles import Style
from importer.sources.table import Cell, letters_of
from importer.sources.workbook_facts import styled_value

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELL, _COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
# What stands in a cell and is not its text.
_BESIDE = frozenset(
    {f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text", f"{TABLE}table", f"{TABLE}shapes"}
)
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_ERROR = re.compile(r"#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)|Err:[0-9]{3}")
_TIME = re.compile(
    r"(-?)P(?:([0-9]{1,6})D)?T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:[.,][0-9]+)?)S)?"
)
_ANONYMOUS = "__Anonymous_"


class Content:
    """Handlers of expat. `held` are the sheets' cells, in the order of `sheets`; names are as they are written."""

    def __init__(self, shown: str, styles: OdsStyles) -> None:
        self.sheets: list[SheetPart] = []
        self.held: list[HeldSheet] = []
        self.names: dict[str, str] = {}
        self.tables: dict[str, str] = {}
        self.is_spreadsheet = False
        self._shown, self._styles = shown, styles
        self._rows: _Rows | None = None
        self._beside = 0  # how deep inside of what is no cell
        self._in_styles = False
        self._cell: _Cell | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Look at the start of an element."""
        if self._beside:
            self._beside += 1
        elif self._cell is not None:
            self._start_inside(name, attributes)
        elif self._in_styles:
            self._styles.start(name, attributes)
        elif self._rows is not None:
            self._start_in_table(name, attributes)
        elif name == f"{_OFFICE}automatic-styles":
            self._in_styles = True
        elif name == f"{_OFFICE}spreadsheet":
            self.is_spreadsheet = True
        elif name == f"{TABLE}table" and self.is_spreadsheet:
            self._start_table(attributes)
        elif name in (f"{TABLE}dde-links", f"{TABLE}tracked-changes", f"{TABLE}consolidation"):
            self._beside = 1
        else:
            self._name(name, attributes)

    def end(self, name: str) -> None:
        """Look at the end of an element."""
        if self._beside:
            self._beside -= 1
        elif self._cell is not None:
            if name in (_CELL, _COVERED):
                self._rows_now.finish(self._cell)
                self._cell = None
            elif name in _SPACES:
                pass
            elif name in _PARAGRAPHS:
                self._cell.open = False
        elif self._in_styles:
            self._in_styles = name != f"{_OFFICE}automatic-styles"
            self._styles.end(name)
        elif self._rows is not None:
            if name == f"{TABLE}table":
                self._rows.close()
                self._rows = None
            else:
                self._rows.end(name)

    def characters(self, text: str) -> None:
        """Look at text."""
        if self._beside:
            return
        if self._cell is not None and self._cell.open:
            self._cell.texts.append(text)
        elif self._in_styles:
            self._styles.characters(text)

    @property
    def _rows_now(self) -> "_Rows":
        assert self._rows is not None  # noqa: S101 - cells are only looked at inside of a table
        return self._rows

    def _start_table(self, attributes: dict[str, str]) -> None:
        hidden = attributes.get(f"{TABLE}style-name") in self._styles.hidden_tables
        name = attributes.get(f"{TABLE}name", "")
        part = SheetPart(name, "hidden" if hidden else "visible", str(len(self.sheets)))
        held = HeldSheet(self._shown, part)
        self.sheets.append(part)
        self.held.append(held)
        self._rows = _Rows(held, self._styles)

    def _start_in_table(self, name: str, attributes: dict[str, str]) -> None:
        if name in (_CELL, _COVERED):
            self._cell = _Cell(attributes, covered=name == _COVERED)
        elif name in _BESIDE or name == f"{_OFFICE}forms":
            self._beside = 1
        else:
            self._name(name, attributes)
            self._rows_now.start(name, attributes)

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        cell = self._cell
        assert cell is not None  # noqa: S101 - see `start`
        if name in _PARAGRAPHS:
            if cell.paragraphs:
                cell.texts.append("\n")
            cell.paragraphs += 1
            cell.open = True
        elif name in _SPACES:
            cell.texts.append(_SPACES[name] * _count(attributes.get(f"{_TEXT}c")))
        elif name in _BESIDE or not name.startswith(_TEXT):
            cell.has_note = cell.has_note or name == f"{_OFFICE}annotation"
            self._beside = 1

    def _name(self, name: str, attributes: dict[str, str]) -> None:
        own = attributes.get(f"{TABLE}name", "")
        if name == f"{TABLE}named-range":
            self.names[own] = attributes.get(f"{TABLE}cell-range-address", "")
        elif name == f"{TABLE}named-expression":
            self.names[own] = attributes.get(f"{TABLE}expression", "")
        elif name == f"{TABLE}database-range" and not own.startswith(_ANONYMOUS):
            self.tables[own] = attributes.get(f"{TABLE}target-range-address", "")


class _Cell:
    __slots__ = ("attributes", "covered", "has_note", "open", "paragraphs", "texts")

    def __init__(self, attributes: dict[str, str], *, covered: bool) -> None:
        self.attributes, self.covered = attributes, covered
        self.texts: list[str] = []
        self.paragraphs, self.open, self.has_note = 0, False, False


class _Rows:
    """The rows of one sheet: where the next cell is, repeated ones written out."""

    def __init__(self, held: HeldSheet, styles: OdsStyles) -> None:
        self._held, self._styles = held, styles
        self._row, self._column, self._repeated = 1, 0, 1
        self._default: str | None = None
        self._defaults: list[tuple[int, str | None]] = []  # the column after the last one, its cells' style
        self._depth = 0
        self._hidden: list[range] = []
        self._cells: list[tuple[int, int, Raw, Style, str]] = []
        self._starts = {
            f"{TABLE}table-row": self._start_row,
            f"{TABLE}table-column": self._start_column,
            f"{TABLE}table-row-group": self._start_group,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if handler := self._starts.get(name):
            handler(attributes)

    def end(self, name: str) -> None:
        if name == f"{TABLE}table-row":
            self._end_row()
        elif name == f"{TABLE}table-row-group":
            self._depth -= 1

    def finish(self, cell: _Cell) -> None:
        attributes = cell.attributes
        repeated = _count(attributes.get(f"{TABLE}number-columns-repeated"))
        column, self._column = self._column, min(self._column + repeated, 10 * MAX_COLUMNS)
        if cell.covered:
            return
        down = _count(attributes.get(f"{TABLE}number-rows-spanned"))
        right = _count(attributes.get(f"{TABLE}number-columns-spanned"))
        if down > 1 or right > 1:
            self._held.merged.append(Merge(self._row, column, self._row + down - 1, column + right - 1))
        if cell.has_note:
            self._held.notes.append(f"{letters_of(column)}{self._row}")
        formula = attributes.get(f"{TABLE}formula")
        if f"{_OFFICE}value-type" not in attributes and formula is None and not cell.texts:
            return
        style = self._styles.of(
            attributes.get(f"{TABLE}style-name") or self._default or self._default_at(column)
        )
        raw = _raw(cell, style, column)
        if raw != "":
            self._cells.append((column, repeated, raw, style, (formula or "").partition("=")[2]))

    def close(self) -> None:
        bottom = self._held.bottom
        for rows in self._hidden:
            self._held.hidden_rows.update(range(rows.start, min(rows.stop, bottom + 1)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._repeated = _count(attributes.get(f"{TABLE}number-rows-repeated"))
        self._column, self._default = 0, attributes.get(f"{TABLE}default-cell-style-name")
        if attributes.get(f"{TABLE}visibility") in ("collapse", "filter"):
            self._hidden.append(range(self._row, min(self._row + self._repeated, MAX_ROWS + 1)))

    def _end_row(self) -> None:
        last = self._row + self._repeated
        for column, repeated, raw, style, formula in self._cells:
            for row in range(self._row, last):
                for place in range(column, column + repeated):
                    self._held.put(row, place, _moved(raw, column, place), style)
                    if formula:
                        self._held.formula(row, place, formula)
        if self._depth and self._cells:
            self._held.outlines.update(dict.fromkeys(range(self._row, last), self._depth))
        self._cells.clear()
        self._row = min(last, 10 * MAX_ROWS)

    def _start_column(self, attributes: dict[str, str]) -> None:
        start = self._defaults[-1][0] if self._defaults else 0
        stop = min(start + _count(attributes.get(f"{TABLE}number-columns-repeated")), MAX_COLUMNS)
        self._defaults.append((stop, attributes.get(f"{TABLE}default-cell-style-name")))
        if attributes.get(f"{TABLE}visibility") in ("collapse", "filter"):
            self._held.hidden_columns.update(dict.fromkeys(range(start, stop)))

    def _start_group(self, _: dict[str, str]) -> None:
        self._depth += 1

    def _default_at(self, column: int) -> str | None:
        return next((style for stop, style in self._defaults if column < stop), None)


def _moved(raw: Raw, column: int, place: int) -> Raw:
    """Return the value for a repetition in another column: cells know theirs."""
    if place == column or not isinstance(raw, Cell):
        return raw
    return Cell(raw.value, letters_of(place), raw.kind, raw.text, raw.format)


def _raw(cell: _Cell, style: Style, column: int) -> Raw:
    """Return a cell's value; raises ValueError where it is none."""
    attributes, text = cell.attributes, "".join(cell.texts)
    kind = attributes.get(f"{_OFFICE}value-type")
    formula = attributes.get(f"{TABLE}formula")
    # LibreOffice writes the result `""` as an empty paragraph without a type.
    if formula is not None and kind is None and not cell.paragraphs:
        return formula_cell(letters_of(column))
    if attributes.get(f"{_CALC}value-type") == "error" or (formula and _ERROR.fullmatch(text)):
        return error_cell(text or "#N/A", letters_of(column))
    if kind in ("float", "percentage", "currency"):
        number = float(attributes.get(f"{_OFFICE}value", ""))
        # LibreOffice writes Excel's booleans so.
        if formula in ("of:=TRUE()", "of:=FALSE()"):
            return bool(number)
        return coded_cell(number, style.format or "", letters_of(column)) if style.is_code else number
    if kind == "boolean":
        return attributes.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return _date(attributes.get(f"{_OFFICE}date-value", ""), text, style, column)
    if kind == "time":
        return _time(attributes.get(f"{_OFFICE}time-value", ""), text, style)
    return attributes.get(f"{_OFFICE}string-value", text)


def _date(value: str, text: str, style: Style, column: int) -> Raw:
    try:
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return text or value  # a year that no calendar of ours has; what is shown is read
    day: date = moment.date()
    return styled_value(day, style, column) if moment.time() == time() else moment


def _time(value: str, text: str, style: Style) -> Raw:
    match = _TIME.fullmatch(value)
    if match is None:
        return text or value
    sign, days, hours, minutes, seconds = match.groups()
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=round(float((seconds or "0").replace(",", ".")), 3),
        )
    except OverflowError:
        return text or value
    if sign or shows(style.format) is Shows.DURATION or length >= timedelta(days=1):
        return -length if sign else length
    return clock_of(length)


def _count(text: str | None) -> int:
    if text is None:
        return 1
    return min(max(int(text), 1), MAX_ROWS)
