"""Workbooks of XML (.xlsx, .xlsm): calamine for the values, one scan for what it hides (decision 0003).

Sheets that are written in an unusual way, that calamine cannot read, or whose few cells lie far apart are
read cell by cell instead (`workbook_parsing`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, partial
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import msgspec

from importer.problems import ConfigurationError, FilePlace, Place
from importer.sources.book import Grid, SheetPart
from importer.sources.file_problems import BrokenWorkbook
from importer.sources.held import HeldSheet
from importer.sources.lines import Details, Lines, Merge, Raw, RawLine
from importer.sources.package import Package
from importer.sources.styles import Style
from importer.sources.table import Cell, letters_of
from importer.sources.workbook_facts import SheetFacts, scan, shared_cells, styled_value
from importer.sources.workbook_parsing import SharedTexts, parse, read_strings

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# calamine holds the whole rectangle at 32 bytes a cell, beside the sheet's own bytes: 46 a cell in all
# were seen at 6 million, so that as many as these stay below 1 GB.
_MAX_SPAN = 16_000_000
_PIECE = 256


class XmlWorkbook:
    """An .xlsx or .xlsm as a `Book`."""

    def __init__(self, package: Package) -> None:
        """`package` has a workbook part."""
        self._package = package
        self.shown: str = package.shown
        self.place: Place = package.place

    @cached_property
    def kind(self) -> str:
        """Return xlsm when it carries macros, else xlsx."""
        macros = any(kind == "vbaProject" for kind, _ in self._relations.values())
        return "xlsm" if macros or self._package.is_macro_enabled else "xlsx"

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets with cells."""
        return self._package.sheets

    @property
    def defined_names(self) -> Mapping[str, str]:
        """Return defined names → what they refer to."""
        return self._package.defined_names

    def tables(self, sheet: SheetPart) -> Mapping[str, str]:
        """Return the Excel tables of a sheet: name → range."""
        return self._package.tables(sheet)

    def grid(self, sheet: SheetPart) -> Grid:
        """Return a sheet with what calamine hides.

        Raises:
            ConfigurationError: the sheet cannot be read, or has too many cells.
        """
        data = self._data(sheet)
        facts = scan(data, self._package.styles)
        if facts is None or facts.span > _MAX_SPAN or facts.is_sparse:
            return self._held(sheet, data).grid()
        found = self._load(sheet)
        if found is None:
            return self._held(sheet, data).grid()
        return self._grid(sheet, facts, found)

    def details(self, sheet: SheetPart) -> Details:
        """Return styles, formulas and outlines."""
        return self._held(sheet, self._data(sheet), only_details=True).details()

    @property
    def _relations(self) -> Mapping[str, tuple[str, str]]:
        return self._package.relations(self._package.workbook_part)

    @cached_property
    def _strings(self) -> SharedTexts:
        part = self._package.part_of("sharedStrings")
        data = self._package.part(part) if part else None
        try:
            return read_strings(data) if data else SharedTexts()
        except ValueError as error:
            raise self._package.broken(f"{part}: {error}") from None

    def _data(self, sheet: SheetPart) -> bytes:
        data = self._package.part(sheet.part)
        if data is None:
            raise self._package.broken(f"no part {sheet.part}")
        return data

    def _held(self, sheet: SheetPart, data: bytes, *, only_details: bool = False) -> HeldSheet:
        held = HeldSheet(self.shown, sheet, only_details=only_details)
        held.notes.extend(self._package.notes(sheet))
        try:
            parse(data, held, self._package.styles, self._strings, since_1904=self._package.since_1904)
        except ValueError as error:
            raise self._package.broken(f"{sheet.part}: {error}") from None
        return held

    def _load(self, sheet: SheetPart) -> "CalamineSheet | None":
        """Return calamine's sheet, or None when it cannot read it; the parser says why, or can."""
        from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only where a workbook is read

        try:
            with _translated(FilePlace(self.shown, sheet.name)):
                workbook = CalamineWorkbook.from_filelike(BytesIO(self._package.data))
                return workbook.get_sheet_by_name(sheet.name)
        except ConfigurationError:
            return None

    def _grid(self, sheet: SheetPart, facts: SheetFacts, found: "CalamineSheet") -> Grid:
        size = _Size.around(found, facts)
        instead = partial(self._instead, sheet, size)
        lines_of = partial(_lines, found, FilePlace(self.shown, sheet.name), facts, size, instead)
        lines = Lines(
            book=self.shown,
            sheet=sheet.name,
            read=partial(lines_of, rough=False),
            rough=partial(lines_of, rough=True),
            left=size.left,
            hidden=facts.hidden_rows,
            since_1904=self._package.since_1904,
            merged=tuple(
                Merge(start[0] + 1, start[1], end[0] + 1, end[1])
                for start, end in found.merged_cell_ranges or ()
            ),
            details=partial(self.details, sheet),
        )
        return Grid(
            part=sheet,
            lines=lines,
            rows=size.bottom,
            columns=size.right,
            hidden_columns=facts.hidden_columns,
            notes=self._package.notes(sheet),
            struck=tuple(dict.fromkeys(self._struck(sheet, facts))),
        )

    def _struck(self, sheet: SheetPart, facts: SheetFacts) -> Iterator[str]:
        """Yield the addresses of cells struck through: by their style, or in a part of their text."""
        if any(style.struck for style in self._package.styles):
            for row, styles in facts.styled.items():
                for column, style in styles.items():
                    if style.struck:
                        yield f"{letters_of(column)}{row}"
        yield from facts.struck
        part = self._package.part_of("sharedStrings")
        # Hardly any workbook has such texts: they are read here only if it has.
        if part and b"strike" in (self._package.part(part) or b"") and self._strings.struck:
            yield from shared_cells(self._data(sheet), self._strings.struck)

    def _instead(self, sheet: SheetPart, size: "_Size", after: int) -> Iterator[RawLine]:
        """Yield the lines below row `after`, read cell by cell, as wide as calamine's."""
        lines = self._held(sheet, self._data(sheet)).grid().lines
        for line in lines.read():
            if line.number > after:
                row: list[Raw] = [""] * (size.right - size.left)
                start = lines.left - size.left
                row[start : start + len(line.values)] = line.values
                yield RawLine(line.number, row)


class _Size(msgspec.Struct, frozen=True):
    """Columns from `left` up to, without, `right`, counted from 0; `bottom` is the number of the last row."""

    left: int
    right: int
    bottom: int

    @classmethod
    def around(cls, sheet: "CalamineSheet", facts: SheetFacts) -> "_Size":
        """Return the size with the odd cells: calamine does not count formulas without a result."""
        columns = [column for cells in facts.odd.values() for column in (min(cells), max(cells))]
        if sheet.start and sheet.end:
            columns += [sheet.start[1], sheet.end[1]]
        bottom = max(sheet.end[0] + 1 if sheet.end else 0, *facts.odd, 0)
        return cls(min(columns), max(columns) + 1, bottom) if columns else cls(0, 0, bottom)


@contextmanager
def _translated(place: FilePlace) -> Iterator[None]:
    """Turn what calamine raises over damaged files into our error; only calamine may work inside."""
    from python_calamine import CalamineError  # noqa: PLC0415 - only where a workbook is read

    try:
        yield
    except (CalamineError, ValueError, OverflowError, OSError) as error:
        reason = str(error)
    except BaseException as error:
        # A panic of the Rust library has a type that cannot be imported; it is a damaged file all the same.
        if type(error).__name__ != "PanicException":
            raise
        reason = str(error)
    else:
        return
    raise ConfigurationError(BrokenWorkbook(place=place, found=place.file, expected=reason)) from None


def _pieces(sheet: "CalamineSheet", place: FilePlace) -> Iterator[list[list[Any] | None]]:
    """Yield calamine's rows, many at once: translating what one of them raises costs more than a row.

    A date or duration out of all range makes it raise here, not while loading: None then stands for the rows to come.
    """
    rows = sheet.iter_rows()
    while True:
        try:
            with _translated(place):
                piece: list[list[Any] | None] = list(islice(rows, _PIECE))
        except ConfigurationError:
            piece = [None]
        if not piece:
            return
        yield piece


def _lines(
    sheet: "CalamineSheet",
    place: FilePlace,
    facts: SheetFacts,
    size: _Size,
    instead: Callable[[int], Iterator[RawLine]],
    *,
    rough: bool,
) -> Iterator[RawLine]:
    """Yield the rows; what calamine refuses to give, as one impossible duration, `instead` reads from there on."""
    before = [""] * ((sheet.start[1] if sheet.start else size.right) - size.left)
    after = [""] * (size.right - size.left - len(before) - sheet.width)
    narrower = bool(before or after)
    styled, odd = {} if rough else facts.styled, facts.odd
    number = 0
    # iter_rows keeps the leading blank rows and drops the leading blank columns (performance.md).
    for values in chain.from_iterable(_pieces(sheet, place)):
        if values is None:
            yield from instead(number)
            return
        number += 1
        raw: list[Raw] = [*before, *values, *after] if narrower else values
        if number in styled:
            _restyle(raw, styled[number], size.left)
        if number in odd:
            _mend(raw, odd[number], size.left)
        yield RawLine(number, raw)
    for beyond in range(number + 1, size.bottom + 1):
        raw = [""] * (size.right - size.left)
        _mend(raw, odd.get(beyond, {}), size.left)
        yield RawLine(beyond, raw)


def _restyle(values: list[Raw], styled: Mapping[int, Style], left: int) -> None:
    for column, style in styled.items():
        # A style outside the filled cells changes nothing.
        if left <= column < left + len(values):
            values[column - left] = styled_value(values[column - left], style, column)


def _mend(values: list[Raw], odd: Mapping[int, Cell], left: int) -> None:
    for column, cell in odd.items():
        # A value that is there all the same is not thrown away.
        if values[column - left] == "":
            values[column - left] = cell
