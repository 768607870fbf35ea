"""Workbooks (.xlsx, .xlsm): calamine for the values, one scan for what it hides (decision 0003)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import msgspec

from importer.problems import ConfigurationError, FilePlace, Place, nearest
from importer.sources.file_problems import BrokenWorkbook, TooLarge, UnknownSheet
from importer.sources.lines import Lines, Merge, Raw, RawLine
from importer.sources.package import Package, SheetPart
from importer.sources.styles import Style
from importer.sources.table import Cell
from importer.sources.workbook_facts import SheetFacts, scan, styled_value
from importer.sources.workbook_parsing import parse
from importer.text.folding import fold

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# calamine holds the whole rectangle at 32 bytes a cell: 1.5 GB.
_MAX_SPAN = 48_000_000
_PIECE = 256


class Grid(msgspec.Struct, frozen=True):
    """A sheet, read: its lines, its facts and its size (number of the last filled row and column, from 1)."""

    part: SheetPart
    lines: Lines
    facts: SheetFacts
    rows: int
    columns: int


def pick_sheets(package: Package, asked: str | int | None, place: Place | None) -> tuple[SheetPart, ...]:
    """Return the sheets asked for: by name, by glob, by number from 1; None is the first visible one.

    Raises:
        ConfigurationError: `unknown-sheet`.
    """
    sheets = package.sheets
    if asked is None:
        return tuple(sheet for sheet in sheets if sheet.state == "visible")[:1] or sheets[:1]
    if isinstance(asked, int):
        found = [sheets[asked - 1]] if 1 <= asked <= len(sheets) else []
    else:
        found = [sheet for sheet in sheets if sheet.name == asked]
        found = found or [sheet for sheet in sheets if fold(sheet.name) == fold(asked)]
        if not found and any(sign in asked for sign in "*?["):
            found = [sheet for sheet in sheets if fnmatchcase(fold(sheet.name), fold(asked))]
    if not found:
        names = [sheet.name for sheet in sheets]
        listed, near = ", ".join(names), nearest(str(asked), names)
        where = place or package.place
        raise ConfigurationError(
            UnknownSheet(place=where, found=str(asked), file=package.shown, sheets=listed, near=near)
        )
    return tuple(found)


def read_grid(package: Package, sheet: SheetPart) -> Grid:
    """Return a sheet with what calamine hides.

    Raises:
        ConfigurationError: the sheet cannot be read, or spans too many cells.
    """
    data = package.part(sheet.part)
    if data is None:
        raise package.broken(f"no part {sheet.part}")
    try:
        facts = scan(data, package.styles) or parse(data, package.styles)
    except ValueError as error:
        raise package.broken(f"{sheet.part}: {error}") from None
    del data
    if facts.span > _MAX_SPAN:
        name = f"{package.shown} › {sheet.name}"
        cells = f"{facts.span:,}".replace(",", " ")
        raise ConfigurationError(
            TooLarge(place=FilePlace(package.shown, sheet.name), found=name, expected=cells)
        )
    found = _load(package, sheet)
    size = _Size.around(found, facts)
    merged = tuple(
        Merge(start[0] + 1, start[1], end[0] + 1, end[1]) for start, end in found.merged_cell_ranges or ()
    )
    lines_of = partial(_lines, found, FilePlace(package.shown, sheet.name), facts, size)
    lines = Lines(
        book=package.shown,
        sheet=sheet.name,
        read=partial(lines_of, rough=False),
        rough=partial(lines_of, rough=True),
        left=size.left,
        hidden=facts.hidden_rows,
        merged=merged,
    )
    return Grid(sheet, lines, facts, size.bottom, size.right)


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


def _load(package: Package, sheet: SheetPart) -> "CalamineSheet":
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only where a workbook is read

    with _translated(FilePlace(package.shown, sheet.name)):
        workbook = CalamineWorkbook.from_filelike(BytesIO(package.data))
        return workbook.get_sheet_by_name(sheet.name)


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


def _pieces(sheet: "CalamineSheet", place: FilePlace) -> Iterator[list[list[Any]]]:
    """Yield calamine's rows, many at once: translating what one of them raises costs more than a row.

    A date or duration out of all range makes it raise here, not while loading.
    """
    rows = sheet.iter_rows()
    while True:
        with _translated(place):
            piece = list(islice(rows, _PIECE))
        if not piece:
            return
        yield piece


def _lines(
    sheet: "CalamineSheet", place: FilePlace, facts: SheetFacts, size: _Size, *, rough: bool
) -> Iterator[RawLine]:
    before = [""] * ((sheet.start[1] if sheet.start else size.right) - size.left)
    after = [""] * (size.right - size.left - len(before) - sheet.width)
    narrower = bool(before or after)
    styled, odd = {} if rough else facts.styled, facts.odd
    number = 0
    # iter_rows keeps the leading blank rows and drops the leading blank columns (performance.md).
    for values in chain.from_iterable(_pieces(sheet, place)):
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
