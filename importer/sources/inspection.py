"""The file as the importer sees it, before any recipe: for `importer read` (cli.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec

from importer.problems import ConfigurationError, Problem
from importer.sources.beside import warnings_of
from importer.sources.book import Book, Grid
from importer.sources.books import open_book
from importer.sources.cells import ColumnCells
from importer.sources.delimited import open_text
from importer.sources.file_problems import InvisibleCharacters
from importer.sources.filling import cut, head_lines, make_section
from importer.sources.headers import TOP, guess_header
from importer.sources.lines import Details, Lines
from importer.sources.opening import exists, is_text, missing_file
from importer.sources.ranges import Bounds, area_on, find_area, parse_range, unknown_range
from importer.sources.sheets import pick_sheets
from importer.sources.styles import Style
from importer.sources.table import Cell, CellKind, TableSpec, letters_of


class CellFacts(msgspec.Struct, frozen=True):
    """A filled cell. `type` is one of text number date datetime time duration boolean error.

    value: dates, times and durations in ISO 8601, numbers as exact decimal text, texts as they stand in the
    file, not cleaned. A formula never calculated is an error whose `error` is `formula-without-value` and
    whose value is empty.
    """

    type: str
    value: str | bool
    format: str | None = None
    error: str | None = None
    formula: str | None = None
    indent: int | None = None


class RowFacts(msgspec.Struct, frozen=True):
    """A line with a filled cell; `cells` by letters."""

    sheet: str | None
    row: int
    cells: Mapping[str, CellFacts]


class NamedRange(msgspec.Struct, frozen=True):
    """An Excel table."""

    name: str
    range: str


class SheetFact(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet. `rows`, `columns`: number of the last filled one. A text file is one sheet without a name."""

    name: str | None
    state: str = "visible"
    rows: int = 0
    columns: int = 0
    header_row: int | None = None
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    tables: tuple[NamedRange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """Everything about a file. `kind` is one of xlsx xlsm xls xlsb ods csv; `encoding` … are None for workbooks.

    encoding_how: given, bom, valid, pattern, guess. delimiter_how: given, said (by the
    file's line `sep=`), guess, single.
    problems: what a plan would say about the file itself.
    """

    file: str
    kind: str
    encoding: str | None = None
    encoding_how: str | None = None
    delimiter: str | None = None
    delimiter_how: str | None = None
    sheets: tuple[SheetFact, ...] = ()
    rows: tuple[RowFacts, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def inspect(
    path: Path,
    *,
    shown: str | None = None,
    sheet: str | int | None = None,
    range: str | None = None,  # noqa: A002 - the option's own name
    header: str | int = "auto",
    encoding: str | None = None,
    delimiter: str | None = None,
    rows: int | None = None,
) -> FileFacts:
    """Return the facts of a file; its rows are those of the default sheet, or of `sheet`, at most `rows`.

    Raises:
        ConfigurationError: the file, sheet or range is missing or unreadable.
    """
    asked = _Asked(sheet, range, header, encoding, delimiter, rows)
    name = shown or str(path)
    if not exists(path):
        raise ConfigurationError(missing_file(path, name))
    return _text_facts(path, name, asked) if is_text(path) else _workbook_facts(path, name, asked)


class _Asked(msgspec.Struct, frozen=True):
    sheet: str | int | None = None
    range: str | None = None
    header: str | int = "auto"
    encoding: str | None = None
    delimiter: str | None = None
    rows: int | None = None


def _text_facts(path: Path, shown: str, asked: _Asked) -> FileFacts:
    bounds = parse_range(asked.range) if asked.range else Bounds()
    if bounds is None:
        raise unknown_range(asked.range or "", shown, None)
    text = open_text(path, shown, encoding=asked.encoding, delimiter=asked.delimiter)
    inside = cut(text.lines, bounds)
    header, problems = _judged(inside, asked, bounds)
    last, widest = 0, 0
    for line in text.lines.read():
        last, widest = line.number, max(widest, len(line.values))
    return FileFacts(
        file=shown,
        kind="csv",
        encoding=text.encoding.name,
        encoding_how=text.encoding.how,
        delimiter=text.delimiter,
        delimiter_how=text.delimiter_how,
        sheets=(SheetFact(name=None, rows=last, columns=widest, header_row=header),),
        rows=tuple(islice(_rows(inside, Details()), asked.rows)),
        problems=(*text.problems, *problems),
    )


def _workbook_facts(path: Path, shown: str, asked: _Asked) -> FileFacts:
    book = open_book(path, shown)
    area = find_area(book, asked.range, None) if asked.range else None
    owner = area.owner if area else None
    chosen = pick_sheets(book, owner if asked.sheet is None else asked.sheet, None)
    sheets: list[SheetFact] = []
    rows: list[RowFacts] = []
    problems: list[Problem] = []
    for part in book.sheets:
        grid = book.grid(part)
        bounds = area_on(area, part, asked.range or "", shown, None) if area and part in chosen else Bounds()
        inside = cut(grid.lines, bounds)
        header, found = _judged(inside, asked if part in chosen else _Asked(), bounds)
        sheets.append(_sheet_fact(book, grid, header))
        if part in chosen:
            problems.extend((*warnings_of(grid, bounds), *found))
            room = None if asked.rows is None else max(0, asked.rows - len(rows))
            details = Details() if room == 0 else grid.lines.details()
            rows.extend(islice(_rows(inside, details), room))
    return FileFacts(
        file=shown, kind=book.kind, sheets=tuple(sheets), rows=tuple(rows), problems=tuple(problems)
    )


def _judged(inside: Lines, asked: _Asked, bounds: Bounds) -> tuple[int | None, list[Problem]]:
    """Return the number of the header row, if one is asked for or looks so, and what a plan would say."""
    header: str | int = asked.header
    if header == "auto":
        guess = guess_header(head_lines(inside, bounds.top + TOP - 1))
        header = guess.number if guess else "none"
    spec = TableSpec(files=(), shown=(), header=header)
    try:
        section, problems = make_section(inside, spec, Bounds(), ())
    except ConfigurationError as error:
        if isinstance(asked.header, int):
            raise
        return None, [*error.problems]
    found = [*problems]
    for row in section.rows:
        found.extend(row.problems)
        found.extend(
            InvisibleCharacters(place=row.place(cell.column), found=cell.column)
            for cell in row.cells
            if cell.cut
        )
    return section.header_row, found


def _sheet_fact(book: Book, grid: Grid, header: int | None) -> SheetFact:
    merged = (
        f"{letters_of(merge.left)}{merge.top}:{letters_of(merge.right)}{merge.bottom}"
        for merge in grid.lines.merged
    )
    return SheetFact(
        name=grid.part.name,
        state=grid.part.state,
        rows=grid.rows,
        columns=grid.columns,
        header_row=header,
        merged=tuple(merged),
        hidden_rows=tuple(sorted(grid.lines.hidden)),
        hidden_columns=tuple(map(letters_of, grid.hidden_columns)),
        tables=tuple(NamedRange(name, text) for name, text in book.tables(grid.part).items()),
    )


def _rows(inside: Lines, details: Details) -> Iterator[RowFacts]:
    """Yield the lines that have a cell which is filled once cleaned; texts are shown as they stand."""
    cleaned = ColumnCells(0, cleaned=True, blank=frozenset())
    columns: dict[int, ColumnCells] = {}
    for line in inside.read():
        cells = {}
        for offset, raw in enumerate(line.values):
            if raw == "" or not cleaned.fills(raw):
                continue
            position = offset + inside.left
            if position not in columns:
                columns[position] = ColumnCells(position, cleaned=False, blank=frozenset())
            cells[letters_of(position)] = _fact(
                columns[position][raw],
                details.styles.get((line.number, position), Style()),
                details.formulas.get((line.number, position)),
            )
        if cells:
            yield RowFacts(inside.sheet, line.number, cells)


def _fact(cell: Cell, style: Style, formula: str | None) -> CellFacts:
    kind, value, error = str(cell.kind), cell.text, None
    if cell.kind is CellKind.ERROR:
        error = cell.text
    elif cell.kind is CellKind.FORMULA:
        kind, error = str(CellKind.ERROR), "formula-without-value"
    elif cell.kind is CellKind.NUMBER:
        value = f"{cell.value:f}"
    shown: str | bool = bool(cell.value) if cell.kind is CellKind.BOOLEAN else value
    return CellFacts(
        kind, shown, style.format, error, f"={formula}" if formula else None, style.indent or None
    )
