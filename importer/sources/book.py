"""What every kind of workbook is to its readers: sheets, names, and per sheet lines with what lies behind them."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from importer.problems import ConfigurationError, Place
from importer.sources.file_problems import BrokenWorkbook
from importer.sources.lines import Details, Lines


class SheetPart(msgspec.Struct, frozen=True):
    """A sheet as the workbook lists it. `state` is one of visible, hidden, very_hidden; `part` is its reader's."""

    name: str
    state: str
    part: str


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet, read: its lines and its size (number of the last filled row and column, from 1).

    `notes`, `struck`: the addresses of cells with notes, and of those whose text is struck through, at least in part.
    """

    part: SheetPart
    lines: Lines
    rows: int
    columns: int
    hidden_columns: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()


class Book(Protocol):
    """A workbook of any format. `kind` is one of xlsx, xlsm, xls, xlsb, ods.

    All methods raise ConfigurationError when the file turns out to be damaged.
    """

    @property
    def shown(self) -> str:
        """Return the file's name for people."""
        ...

    @property
    def place(self) -> Place:
        """Return where the file's own problems are said to be."""
        ...

    @property
    def kind(self) -> str:
        """Return the format."""
        ...

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets with cells in the workbook's order; charts, dialogs and macros are left out."""
        ...

    @property
    def defined_names(self) -> Mapping[str, str]:
        """Return defined names → what they refer to: `Sheet1!$A$1:$B$9`."""
        ...

    def tables(self, sheet: SheetPart) -> Mapping[str, str]:
        """Return the tables on a sheet: name → range."""
        ...

    def grid(self, sheet: SheetPart) -> Grid:
        """Return a sheet, read."""
        ...

    def details(self, sheet: SheetPart) -> Details:
        """Return what stands behind a sheet's values."""
        ...


def broken(place: Place, shown: str, reason: str) -> ConfigurationError:
    """Return the error to raise when a workbook turns out to be damaged."""
    return ConfigurationError(BrokenWorkbook(place=place, found=shown, expected=reason))
