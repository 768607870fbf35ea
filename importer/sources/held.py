"""A sheet whose cells are held one by one: for formats and sheets that no rectangle is made for.

It costs as much as there are cells, not as much as the rectangle around them: a cell in XFD1048576 costs one cell.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from importer.problems import ConfigurationError, FilePlace
from importer.sources.book import Grid, SheetPart
from importer.sources.cells import coded_cell
from importer.sources.file_problems import TooLarge
from importer.sources.lines import Details, Lines, Merge, Raw, RawLine
from importer.sources.moments import from_serial
from importer.sources.styles import Style
from importer.sources.table import letters_of

MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576
# 300,000 cells were seen to take up to 430 bytes each, with all that the sheet costs besides: so many stay below 1 GB.
_MAX_HELD = 2_000_000
_PLAIN = Style()


class HeldSheet:
    """Cells as a reader finds them, rows from 1, columns from 0; later ones replace earlier ones."""

    def __init__(self, shown: str, part: SheetPart, *, only_details: bool = False) -> None:
        """`only_details`: values are looked at and not kept."""
        self.hidden_rows: set[int] = set()
        self.hidden_columns: dict[int, None] = {}
        self.merged: list[Merge] = []
        self.notes: list[str] = []  # addresses
        self.outlines: dict[int, int] = {}
        self._shown, self._part, self._only_details = shown, part, only_details
        self._rows: dict[int, dict[int, Raw]] = {}
        self._styles: dict[tuple[int, int], Style] = {}
        self._formulas: dict[tuple[int, int], str] = {}
        self._struck: dict[str, None] = {}
        self._count = 0
        self._since_1904 = False

    def put(self, row: int, column: int, raw: Raw, style: Style = _PLAIN) -> None:
        """Hold a value; `""` is none. Numbers are already moments where their format makes them so.

        Raises:
            ValueError: no spreadsheet has such a cell.
            ConfigurationError: more cells than can be held.
        """
        if not (0 < row <= MAX_ROWS and 0 <= column < MAX_COLUMNS):
            raise ValueError(f"no cell in row {row}, column {column + 1} is possible")
        if raw == "":
            return
        self._count += 1
        if self._count > _MAX_HELD and not self._only_details:
            place = FilePlace(self._shown, self._part.name)
            cells = f"{_MAX_HELD:,}+".replace(",", " ")
            raise ConfigurationError(
                TooLarge(place=place, found=f"{self._shown} › {self._part.name}", expected=cells)
            )
        if style is not _PLAIN:
            self._styles[row, column] = style
            if style.struck:
                self.strike(row, column)
        if not self._only_details:
            self._rows.setdefault(row, {})[column] = raw

    def put_number(self, row: int, column: int, number: float, style: Style, *, since_1904: bool) -> None:
        """Hold a number: what its format makes of it (a date, a code), else itself."""
        self._since_1904 = since_1904
        raw: Raw = from_serial(number, style.format, since_1904=since_1904)
        if raw is number and style.is_code:
            raw = coded_cell(number, style.format or "", letters_of(column))
        self.put(row, column, raw, style)

    def strike(self, row: int, column: int) -> None:
        """Remember a text that is struck through, or part of it."""
        self._struck[f"{letters_of(column)}{row}"] = None

    def formula(self, row: int, column: int, text: str) -> None:
        """Hold a formula without its `=`."""
        self._formulas[row, column] = text

    @property
    def bottom(self) -> int:
        """Return the number of the last filled row."""
        return max(self._rows, default=0)

    def details(self) -> Details:
        """Return styles, formulas and outlines."""
        return Details(self._styles, self._formulas, self.outlines)

    def grid(self) -> Grid:
        """Return the sheet, read."""
        edges = [edge for cells in self._rows.values() for edge in (min(cells), max(cells))]
        left, right = (min(edges), max(edges) + 1) if edges else (0, 0)
        bottom = self.bottom
        read = partial(_lines, self._rows, left, right, bottom, self._merged_width(left, right))
        lines = Lines(
            book=self._shown,
            sheet=self._part.name,
            read=read,
            rough=read,
            left=left,
            hidden=frozenset(self.hidden_rows),
            since_1904=self._since_1904,
            merged=tuple(self.merged),
            details=self.details,
        )
        return Grid(
            part=self._part,
            lines=lines,
            rows=bottom,
            columns=right,
            hidden_columns=tuple(self.hidden_columns),
            notes=tuple(self.notes),
            struck=tuple(self._struck),
        )

    def _merged_width(self, left: int, right: int) -> int:
        """Return how long lines are at least, so that a vertical merge finds its cells."""
        tall = [merge.left + 1 for merge in self.merged if merge.bottom > merge.top]
        return min(max(tall, default=0), right) - left


# Wider lines are cut behind their last filled cell.
_FULL = 64


def _lines(
    rows: Mapping[int, Mapping[int, Raw]], left: int, right: int, bottom: int, least: int
) -> Iterator[RawLine]:
    width = right - left
    blank: list[Raw] = [""] * least
    for number in range(1, bottom + 1):
        cells = rows.get(number)
        if cells is None:  # there may be a million of them
            yield RawLine(number, blank[:])
            continue
        length = width if width <= _FULL else max(max(cells) + 1 - left, least)
        values: list[Raw] = [""] * length
        for column, raw in cells.items():
            values[column - left] = raw
        yield RawLine(number, values)
