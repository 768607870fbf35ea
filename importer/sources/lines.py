"""What both kinds of files are before they are a table: numbered lines of raw values."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

from importer.problems import Problem
from importer.sources.styles import Style
from importer.sources.table import Cell

# As calamine or csv gives it; `""` is blank. A `Cell` stands where the bare value would not say everything:
# an error, a formula never calculated, a number under a format of zeros.
Raw: TypeAlias = "str | bool | int | float | date | datetime | time | timedelta | Cell"


class RawLine(Struct, frozen=True, gc=False):
    """One line. `number` is the spreadsheet's, or the line of a text file on which the record begins."""

    number: int
    values: list[Raw]
    problems: tuple[Problem, ...] = ()


class Merge(NamedTuple):
    """A merged range: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Details(Struct, frozen=True):
    """What stands behind the values: row from 1, column from 0 → style, formula without its `=`.

    `outlines`: row → how deep the row groups around it are nested, from 1; rows outside of groups are left out.
    """

    styles: Mapping[tuple[int, int], Style] = {}
    formulas: Mapping[tuple[int, int], str] = {}
    outlines: Mapping[int, int] = {}


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of one sheet, or of a text file (`sheet` None).

    `read` may be called any number of times. `rough` does the same more cheaply: numbers and dates stand
    there without what their format adds, which does not matter where only blanks and texts are asked for.

    `left` is the column, from 0, of the first value of every line. A workbook's lines are of one length, but
    may end where the rest is blank; those of a text file are as long as they are written. `details` reads the
    sheet once more.
    """

    book: str
    sheet: str | None
    read: Callable[[], Iterator[RawLine]]
    rough: Callable[[], Iterator[RawLine]]
    left: int = 0
    hidden: frozenset[int] = frozenset()
    merged: tuple[Merge, ...] = ()
    details: Callable[[], Details] = Details

    @property
    def shown(self) -> str:
        """Return the table as messages name it: `book.xlsx › Sheet`."""
        return f"{self.book} › {self.sheet}" if self.sheet else self.book
