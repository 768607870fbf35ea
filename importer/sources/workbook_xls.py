"""Workbooks of Excel 5 to 2003 (.xls, BIFF) through xlrd: values, formats, merges, notes, what is hidden.

The format stores a result with every formula, so that none is without a value; formulas themselves are not read.
"""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from importer.problems import ConfigurationError, FilePlace, Place
from importer.sources.book import Grid, SheetPart, broken
from importer.sources.cells import error_cell
from importer.sources.file_problems import NoSheets, PasswordProtected
from importer.sources.held import HeldSheet
from importer.sources.lines import Details, Merge
from importer.sources.styles import Style
from importer.sources.table import letters_of

if TYPE_CHECKING:
    import xlrd

_STATES = {0: "visible", 1: "hidden", 2: "very_hidden"}
# xlrd believes the file; what breaks then is a damaged file and has many names.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


class _Nowhere:
    """Where xlrd writes its remarks."""

    def write(self, _: str) -> None: ...

    def flush(self) -> None: ...


class OldWorkbook:
    """An .xls as a `Book`."""

    kind = "xls"

    def __init__(self, shown: str, book: "xlrd.Book") -> None:
        """`book` is loaded on demand, with formats."""
        self.shown = shown
        self.place: Place = FilePlace(shown)
        self._book = book
        self._held_sheets: dict[str, HeldSheet] = {}

    @classmethod
    def read(cls, data: bytes, shown: str) -> "OldWorkbook":
        """Return the workbook in `data`.

        Raises:
            ConfigurationError: it is damaged or protected.
        """
        import xlrd  # noqa: PLC0415 - only where one is read

        with _translated(FilePlace(shown), shown):
            book = xlrd.open_workbook(
                file_contents=data,
                logfile=_Nowhere(),
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
            )
        return cls(shown, book)

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets with cells; xlrd leaves charts and macros out."""
        with _translated(self.place, self.shown):
            found = tuple(
                SheetPart(name, _STATES.get(self._book._sheet_visibility[n], "visible"), str(n))  # noqa: SLF001 - known before a sheet is loaded
                for n, name in enumerate(self._book.sheet_names())
            )
        if not found:
            raise ConfigurationError(NoSheets(place=self.place, found=self.shown))
        return found

    @cached_property
    def defined_names(self) -> Mapping[str, str]:
        """Return defined names → the cells they refer to; `#REF!` for anything but one rectangle."""
        with _translated(self.place, self.shown):
            return {
                name.name: self._reference(name)
                for name in self._book.name_obj_list
                if not (name.hidden or name.builtin or name.macro)
            }

    def tables(self, sheet: SheetPart) -> Mapping[str, str]:  # noqa: ARG002 - the format has none
        """Return nothing: tables came with Excel 2007."""
        return {}

    def grid(self, sheet: SheetPart) -> Grid:
        """Return a sheet, read."""
        return self._held(sheet).grid()

    def details(self, sheet: SheetPart) -> Details:
        """Return styles and outlines."""
        return self._held(sheet).details()

    def _reference(self, name: "xlrd.book.Name") -> str:
        values: Any = getattr(name.result, "value", None)
        is_one = isinstance(values, list) and len(values) == 1
        coordinates = getattr(values[0], "coords", None) if is_one else None
        if coordinates is None:
            return "#REF!"
        first, after, top, bottom, left, right = coordinates
        if not 0 <= first < self._book.nsheets or after != first + 1:
            return "#REF!"
        owner = self._book.sheet_names()[first].replace("'", "''")
        return f"'{owner}'!${letters_of(left)}${top + 1}:${letters_of(right - 1)}${bottom}"

    @cached_property
    def _styles(self) -> tuple[Style, ...]:
        return tuple(self._style(xf) for xf in self._book.xf_list)

    def _style(self, xf: "xlrd.formatting.XF") -> Style:
        known = self._book.format_map.get(xf.format_key)
        code = known.format_str if known else None
        fonts = self._book.font_list
        struck = 0 <= xf.font_index < len(fonts) and bool(fonts[xf.font_index].struck_out)
        indent = getattr(xf.alignment, "indent_level", 0) or 0
        return Style(None if code in (None, "", "General", "GENERAL") else code, indent, struck)

    def _held(self, part: SheetPart) -> HeldSheet:
        if part.name not in self._held_sheets:
            with _translated(FilePlace(self.shown, part.name), self.shown):
                self._held_sheets[part.name] = self._fill(part)
        return self._held_sheets[part.name]

    def _fill(self, part: SheetPart) -> HeldSheet:
        sheet = self._book.sheet_by_index(int(part.part))
        held = HeldSheet(self.shown, part)
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                self._put(held, sheet, row, column)
        for row, info in sheet.rowinfo_map.items():
            if info.hidden:
                held.hidden_rows.add(row + 1)
            if info.outline_level:
                held.outlines[row + 1] = info.outline_level
        held.hidden_columns.update((n, None) for n, info in sorted(sheet.colinfo_map.items()) if info.hidden)
        held.merged.extend(
            Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells
        )
        held.notes.extend(f"{letters_of(column)}{row + 1}" for row, column in sorted(sheet.cell_note_map))
        self._book.unload_sheet(int(part.part))
        return held

    def _put(self, held: HeldSheet, sheet: "xlrd.sheet.Sheet", row: int, column: int) -> None:
        import xlrd  # noqa: PLC0415 - only where one is read

        kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
        if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return
        xf = sheet.cell_xf_index(row, column)
        style = self._styles[xf] if xf is not None and 0 <= xf < len(self._styles) else Style()
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            since_1904 = bool(self._book.datemode)
            held.put_number(row + 1, column, float(value), style, since_1904=since_1904)
        elif kind == xlrd.XL_CELL_BOOLEAN:
            held.put(row + 1, column, bool(value), style)
        elif kind == xlrd.XL_CELL_ERROR:
            text = xlrd.error_text_from_code.get(int(value), "#N/A")
            held.put(row + 1, column, error_cell(text, letters_of(column)), style)
        else:
            held.put(row + 1, column, str(value), style)


@contextmanager
def _translated(place: Place, shown: str) -> Iterator[None]:
    """Turn what xlrd raises over damaged files into our error."""
    import xlrd  # noqa: PLC0415 - only where one is read
    from xlrd.compdoc import CompDocError  # noqa: PLC0415
    from xlrd.formula import FormulaError  # noqa: PLC0415

    try:
        yield
    except (xlrd.XLRDError, CompDocError, FormulaError, *_BROKEN) as error:
        reason = str(error) or type(error).__name__
    else:
        return
    if "encrypted" in reason:
        raise ConfigurationError(PasswordProtected(place=place, found=shown))
    raise broken(place, shown, reason)
