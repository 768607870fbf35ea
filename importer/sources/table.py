"""What a file becomes: rows of cells, each with its address and kind."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from importer.problems import CellPlace, Place, Problem
from importer.text.folding import fold

CellValue: TypeAlias = "str | bool | int | Decimal | date | datetime | time | timedelta | None"


class CellKind(StrEnum):
    """What a cell holds. `formula`: one never calculated; `error`: its value is `#N/A` or the like."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    BOOLEAN = "boolean"
    ERROR = "error"
    FORMULA = "formula"


class Cell(Struct, frozen=True, gc=False):
    """One value with its column. `text` counts where text is wanted (recipe-language.md §4, last paragraph).

    `value`: numbers of workbooks are exact Decimals, cells of text files always text, None is blank. `text`
    of a number is its displayed form when the format is made of zeros only (codes keep their leading zeros;
    `format` is then that format), else the shortest exact decimal; of dates ISO 8601. `indent` is how many
    spaces stand before a text, as some programs write trees. `cut`: invisible characters were dropped from it.

    There are millions of cells and rows: structs are made six times faster than frozen dataclasses, and the
    garbage collector need not know of them, as they hold no circles.
    """

    value: CellValue
    column: str
    kind: CellKind
    text: str
    format: str | None = None
    indent: int = 0
    cut: bool = False


class Row(Struct, frozen=True, gc=False):
    """One row; `number` is the spreadsheet's, or the line on which a record of a text file begins.

    `problems` are of the row as a whole (ragged, NUL byte): such a row is blocked.
    """

    book: str
    sheet: str | None
    number: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...] = ()

    def place(self, column: str | None = None) -> CellPlace:
        """Return the address of a cell of this row, or of the row."""
        return CellPlace(self.book, self.sheet, column, self.number)


class Column(msgspec.Struct, frozen=True):
    """A column of a table; `index` is its position in `Row.cells`. `header` is None under `header: none`.

    `varies`: its cells come from several columns of the file; `letters` are those of the first.
    """

    letters: str
    header: str | None
    index: int
    varies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """Which part of which files is the table, and how it is read; complete (recipe-language.md §4)."""

    files: tuple[Path, ...]
    shown: tuple[str, ...]
    sheet: str | int | None = None
    range: str | None = None
    header: str | int | tuple[int, int] = "auto"
    encoding: str | None = None
    delimiter: str | None = None
    blank: tuple[str, ...] = ()
    clean: bool = True
    hidden: str = "include"
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, key: str) -> Place | None:
        """Return where the recipe says `key`, or the table."""
        return self.places.get(key, self.place)


def _no_indents(_: int) -> Mapping[int, int]:
    return {}


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one sheet of one file, under their own columns.

    `rows` may be iterated any number of times and is read anew each time, so that a large file costs little
    memory. `outside` counts the lines that are no rows: above the header, wholly blank, repeated headers,
    hidden ones skipped. `since_1904`: a number that is a day counts from 1904, not from
    1900. `header_row` is the lower one of two, `header_top` then the upper one.

    `outlines` reads how deep rows are nested in row groups, `indents` how far the cells of a column (from 0) are
    indented by their style: row → level, each read anew when it is asked for.
    """

    book: str
    sheet: str | None
    columns: tuple[Column, ...]
    header_row: int | None
    rows: Collection[Row]
    outside: int = 0
    since_1904: bool = False
    header_top: int | None = None
    outlines: Callable[[], Mapping[int, int]] = dict
    indents: Callable[[int], Mapping[int, int]] = _no_indents

    def find(self, header: str) -> tuple[Column, ...]:
        """Return the columns that `header` names: none, one, or several equal ones (`duplicate-header`).

        Compared by fold; `Отдел (2)` is the second of several equal ones. Under `header: none` columns are
        letters.
        """
        if self.header_row is None:
            asked, letters = fold(header), header.strip().upper()
            made = tuple(
                item for item in self.columns if item.header is not None and fold(item.header) == asked
            )
            return made or tuple(column for column in self.columns if column.letters == letters)
        found = self._headed(header)
        if found or not (numbered := numbered_header(header)):
            return found
        base, number = numbered
        equal = self._headed(base)
        return (equal[number - 1],) if len(equal) > 1 and 1 <= number <= len(equal) else ()

    def _headed(self, header: str) -> tuple[Column, ...]:
        asked = fold(header)
        return tuple(
            column for column in self.columns if column.header is not None and fold(column.header) == asked
        )


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a step reads: sections in the order of files and sheets, and what is odd about the files."""

    spec: TableSpec
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return sum(len(section.rows) for section in self.sections)

    @property
    def outside(self) -> int:
        """Return how many lines are no rows."""
        return sum(section.outside for section in self.sections)


@lru_cache(maxsize=4096)
def letters_of(index: int) -> str:
    """Return the spreadsheet's letters of a column counted from 0: `A`, `Z`, `AA`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters: str) -> int:
    """Return the number of a column, counted from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def numbered_header(header: str) -> tuple[str, int] | None:
    """Return ("Отдел", 2) for `Отдел (2)`, which names one of several equal headers; else None."""
    base, bracket, rest = header.rstrip().rpartition("(")
    number = rest.removesuffix(")")
    if bracket and rest != number and number.isascii() and number.isdigit() and len(number) < 4:
        return base.rstrip(), int(number)
    return None
