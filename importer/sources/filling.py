"""Lines → rows: which lines are rows, what blanks and hidden rows mean, vertical merges filled.

The lines are walked twice: once to find the columns and count (nothing is kept), then whenever somebody
reads the rows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import partial
from operator import getitem, itemgetter

import msgspec

from importer.problems import CellPlace, ConfigurationError, FilePlace, Problem
from importer.sources.cells import ColumnCells
from importer.sources.file_problems import (
    EmptyTable,
    HeaderBeyond,
    HiddenRows,
    RaggedRow,
    RepeatedHeader,
    SecondTable,
)
from importer.sources.gaps import Gap
from importer.sources.headers import TOP, HeadLine, columns_of, find_header, join_headers
from importer.sources.lines import Lines, Merge, Raw, RawLine
from importer.sources.ranges import Bounds
from importer.sources.table import CellKind, Row, Section, TableSpec
from importer.text.folding import fold


def make_section(
    lines: Lines, spec: TableSpec, bounds: Bounds, needed: Sequence[Sequence[str]]
) -> tuple[Section, tuple[Problem, ...]]:
    """Return the rows inside `bounds` under their columns, and what is odd about them.

    Raises:
        ConfigurationError: nothing is filled, or the header row is not there.
    """
    inside = cut(lines, bounds)
    header = _header(inside, spec, bounds, needed)
    body = _Body(inside, spec, header, ragged=lines.sheet is None and not bounds.cuts_columns())
    survey = body.survey()
    if header is None and not survey.rows:
        place = spec.place_of("range") or spec.place_of("sheet") or FilePlace(lines.book, lines.sheet)
        raise ConfigurationError(EmptyTable(place=place, found=lines.shown))
    cells = header.cells if header else {}
    offsets = tuple(sorted(survey.used | {position - inside.left for position in cells}))
    section = Section(
        since_1904=lines.since_1904,
        book=lines.book,
        sheet=lines.sheet,
        columns=columns_of(cells, [offset + inside.left for offset in offsets]),
        header_row=header.number if header else None,
        rows=_Rows(body, survey.marks, offsets),
        outside=survey.outside,
        header_top=spec.header[0] if isinstance(spec.header, tuple) else None,
        outlines=partial(_outlines, lines),
        indents=partial(_indents, lines),
    )
    return section, tuple(survey.problems)


def _outlines(lines: Lines) -> Mapping[int, int]:
    return lines.details().outlines


def _indents(lines: Lines, column: int) -> Mapping[int, int]:
    styles = lines.details().styles
    return {row: style.indent for (row, at), style in styles.items() if at == column and style.indent}


def cut(lines: Lines, bounds: Bounds) -> Lines:
    """Return only what lies inside `bounds`."""
    if bounds == Bounds():
        return lines
    start = max(bounds.left - lines.left, 0)
    stop = None if bounds.right is None else max(bounds.right + 1 - lines.left, 0)

    def inside(read: Callable[[], Iterator[RawLine]]) -> Iterator[RawLine]:
        for line in read():
            if bounds.bottom is not None and line.number > bounds.bottom:
                return
            if line.number >= bounds.top:
                whole = not start and stop is None
                yield line if whole else RawLine(line.number, line.values[start:stop], line.problems)

    return msgspec.structs.replace(
        lines, read=partial(inside, lines.read), rough=partial(inside, lines.rough), left=lines.left + start
    )


def head_lines(inside: Lines, last: int) -> list[HeadLine]:
    """Return the lines up to row `last`, cleaned, with their filled cells; a vertical merge fills its cells."""
    columns: list[ColumnCells] = []
    found: list[HeadLine] = []
    for line in inside.read():
        if line.number > last:
            break
        _widen(columns, len(line.values), inside.left, cleaned=True, blank=frozenset())
        cells = {
            n + inside.left: column[raw]
            for n, (column, raw) in enumerate(zip(columns, line.values, strict=False))
        }
        filled = {position: cell for position, cell in cells.items() if cell.kind is not CellKind.BLANK}
        found.append(HeadLine(line.number, filled, len(line.values)))
    _spread(found, inside.merged)
    return found


def _spread(lines: Sequence[HeadLine], merged: Sequence[Merge]) -> None:
    by_number = {line.number: line.cells for line in lines}
    last = max(by_number, default=0)
    for merge in merged:
        cell = by_number.get(merge.top, {}).get(merge.left)
        if cell is not None:
            for number in range(merge.top + 1, min(merge.bottom, last) + 1):
                if number in by_number:
                    by_number[number].setdefault(merge.left, cell)


def _header(
    inside: Lines, spec: TableSpec, bounds: Bounds, needed: Sequence[Sequence[str]]
) -> HeadLine | None:
    if spec.header == "none":
        return None
    if isinstance(spec.header, str):
        return find_header(head_lines(inside, bounds.top + TOP - 1), needed)
    asked = spec.header if isinstance(spec.header, tuple) else (spec.header,)
    head = {line.number: line for line in head_lines(inside, asked[-1]) if line.cells}
    missing = [number for number in asked if number not in head]
    if missing:
        place = spec.place_of("header") or FilePlace(inside.book, inside.sheet)
        raise ConfigurationError(
            *(HeaderBeyond(place=place, found=str(number), table=inside.shown) for number in missing)
        )
    if len(asked) == 1:
        return head[asked[0]]
    return join_headers(head[asked[0]], head[asked[1]], inside.merged)


def _widen(
    columns: list[ColumnCells], width: int, left: int, *, cleaned: bool, blank: frozenset[str]
) -> None:
    new = range(len(columns) + left, width + left)
    columns.extend(ColumnCells(position, cleaned=cleaned, blank=blank) for position in new)


# How many blanks and unseen characters more or fewer a repeated header may have.
_SLACK = 8


class _Mark(IntEnum):
    """What a line below the header is; kept as one byte a line between the walks."""

    ROW = 0
    RAGGED = 1
    BLANK = 2
    HIDDEN = 3
    REPEATED = 4


# Reading a member of an enum costs as much as many a line.
_ROW, _RAGGED = _Mark.ROW, _Mark.RAGGED
_AFTER_ROWS = (bytes([_ROW]), bytes([_RAGGED]))


class _Survey(msgspec.Struct):
    rows: int
    outside: int
    used: set[int]
    marks: bytearray
    problems: list[Problem]


class _Body:
    """The lines below the header."""

    def __init__(self, lines: Lines, spec: TableSpec, header: HeadLine | None, *, ragged: bool) -> None:
        self.lines = lines
        self.first = header.number + 1 if header else 0
        self.width = header.width if header else 0
        self.columns: list[ColumnCells] = []
        self._spec = spec
        self._blank = frozenset(map(fold, spec.blank))
        self._skipped = lines.hidden if spec.hidden == "skip" else frozenset[int]()
        self._ragged = ragged and header is not None
        cells = header.cells if header else {}
        self._words = [(position - lines.left, cell.text) for position, cell in sorted(cells.items())]
        self._longest = max(self._words, key=lambda item: len(item[1]), default=(0, ""))

    def survey(self) -> _Survey:
        """Walk the lines once: what each is, and which columns hold anything."""
        lines = self.lines
        found = _Survey(0, 0, set(), bytearray(), [])
        # Columns under a header are used in any case.
        headed = {offset for offset, _ in self._words}
        unknown: list[int] = []
        hidden, width, first, concealed, mark_of = 0, 0, self.first, lines.hidden, self._mark
        note, gap = found.marks.append, None
        for line in lines.rough():
            number, values = line.number, line.values
            if number < first:
                found.outside += number < first - 1
                continue
            if len(values) > width:
                unknown.extend(n for n in range(width, len(values)) if n not in headed)
                width = len(values)
                self.widen(width)
            mark = mark_of(line)
            note(mark)
            if mark > _RAGGED:
                found.outside += 1
                if mark is _Mark.BLANK and headed and found.marks[-2:-1] in _AFTER_ROWS:
                    gap = Gap(self.columns)
                if mark is _Mark.REPEATED:
                    found.problems.append(RepeatedHeader(place=self._place(line), row=number))
                continue
            if number in concealed:
                hidden += 1
            if gap is not None and (gap := gap.after(line)) is not None and gap.header:
                found.problems.append(SecondTable(place=self._place(gap.header), row=gap.header.number))
                gap = None
            if unknown and (
                filled := {n for n in unknown if n < len(values) and self._is_filled(n, values[n])}
            ):
                found.used |= filled
                unknown = [n for n in unknown if n not in filled]
        found.rows = found.marks.count(_ROW) + found.marks.count(_RAGGED)
        if hidden:
            place = FilePlace(lines.book, lines.sheet)
            found.problems.insert(0, HiddenRows(place=place, count=hidden, table=lines.shown))
        return found

    def widen(self, width: int) -> None:
        """Have makers for `width` columns."""
        _widen(self.columns, width, self.lines.left, cleaned=self._spec.clean, blank=self._blank)

    def ragged(self, line: RawLine) -> tuple[Problem, ...]:
        """Return what is wrong with a line that does not fit the header."""
        return (
            RaggedRow(place=self._place(line), line=line.number, cells=len(line.values), columns=self.width),
        )

    def merges(self) -> dict[int, list[tuple[int, int]]]:
        """Return the vertical merges below the header: first row → (offset of the column, last row)."""
        found: dict[int, list[tuple[int, int]]] = {}
        for merge in self.lines.merged:
            if merge.top >= self.first and merge.bottom > merge.top and merge.left >= self.lines.left:
                found.setdefault(merge.top, []).append((merge.left - self.lines.left, merge.bottom))
        return found

    def _mark(self, line: RawLine) -> _Mark:
        if line.number in self._skipped:
            return _Mark.HIDDEN
        if line.problems:
            return _ROW
        values = line.values
        columns = self.columns
        # Nearly every row is filled at its beginning.
        if not values or values[0] == "" or not columns[0].fills(values[0]):
            if values.count("") == len(values):  # there may be a million of them
                return _Mark.BLANK
            for offset, raw in enumerate(values):
                if raw != "" and columns[offset].fills(raw):
                    break
            else:
                return _Mark.BLANK
        if self._words and self._repeats(values):
            return _Mark.REPEATED
        if self._ragged and len(values) != self.width and not self._fits(values):
            return _RAGGED
        return _ROW

    def _is_filled(self, offset: int, raw: Raw) -> bool:
        return raw != "" and self.columns[offset].fills(raw)

    def _repeats(self, values: list[Raw]) -> bool:
        # Nearly every row ends here: the longest word of the header is compared first, and its length
        # before it.
        offset, word = self._longest
        raw = values[offset] if offset < len(values) else ""
        if type(raw) is not str or abs(len(raw) - len(word)) > _SLACK or fold(raw) != fold(word):
            return False
        filled = [(n, self.columns[n][raw].text) for n, raw in enumerate(values) if self._is_filled(n, raw)]
        return [(n, fold(text)) for n, text in filled] == [(n, fold(text)) for n, text in self._words]

    def _fits(self, values: list[Raw]) -> bool:
        """Whether a line of another length than the header's differs in blanks only."""
        filled = max(n for n, raw in enumerate(values) if self._is_filled(n, raw)) + 1
        return filled <= self.width and len(values) > self._words[-1][0]

    def _place(self, line: RawLine) -> CellPlace:
        return CellPlace(self.lines.book, self.lines.sheet, None, line.number)


class _Rows(Collection[Row]):
    """The rows, read anew on each iteration."""

    def __init__(self, body: _Body, marks: bytearray, offsets: tuple[int, ...]) -> None:
        self._body, self._marks, self._offsets = body, marks, offsets
        self._count = marks.count(_ROW) + marks.count(_RAGGED)
        self._width = max(offsets, default=-1) + 1
        body.widen(self._width)

    def __len__(self) -> int:
        """Return how many rows there are; nothing is read for it."""
        return self._count

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows in the file's order."""
        book, sheet, width = self._body.lines.book, self._body.lines.sheet, self._width
        columns = [self._body.columns[offset] for offset in self._offsets]
        pick = _picker(self._offsets)
        for line, mark in self._filled():
            values = line.values
            if len(values) < width:
                values = [*values, *[""] * (width - len(values))]
            problems = line.problems if mark == _ROW else self._body.ragged(line)
            # One `columns[n][values[n]]` per cell; in a loop of our own it would cost three times as much.
            cells = tuple(map(getitem, columns, pick(values) if pick else values))
            yield Row(book, sheet, line.number, cells, problems)

    def __contains__(self, row: object) -> bool:
        """Whether a row is among these."""
        return any(row == own for own in self)

    def _filled(self) -> Iterator[tuple[RawLine, int]]:
        """Yield the lines that are rows, the cells of vertical merges filled."""
        first, marks, tops = self._body.first, self._marks, self._body.merges()
        active: dict[int, tuple[int, Raw]] = {}
        position = 0
        for line in self._body.lines.read():
            if line.number < first:
                continue
            mark = marks[position]
            position += 1
            if tops and line.number in tops:
                values = line.values
                active.update((n, (end, values[n])) for n, end in tops[line.number] if n < len(values))
            if mark <= _RAGGED:
                if active:
                    self._spread(line, active)
                yield line, mark

    def _spread(self, line: RawLine, active: dict[int, tuple[int, Raw]]) -> None:
        for offset, (bottom, raw) in [*active.items()]:
            if line.number > bottom:
                del active[offset]
            elif offset < len(line.values) and not self._body.columns[offset].fills(line.values[offset]):
                line.values[offset] = raw


def _picker(offsets: tuple[int, ...]) -> Callable[[list[Raw]], Sequence[Raw]] | None:
    """Return what picks the used columns out of a line, or None where they are simply its first ones."""
    if offsets == tuple(range(len(offsets))):
        return None
    if len(offsets) == 1:  # `itemgetter` of one gives no tuple
        only = offsets[0]
        return lambda values: values[only : only + 1]
    return itemgetter(*offsets)
