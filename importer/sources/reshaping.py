"""`fill_down` → `tree` → `unpivot`: what rows are made of the rows that stand in the file (recipe-language.md §4).

Each step gives a section again, whose rows are read anew on each iteration. A column that a section lacks changes nothing
here: whoever binds the columns reports it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from importer.sources.table import Cell, CellKind, Column, Row, Section, index_of

_BLANK = CellKind.BLANK
# Rows → rows.
Change = Callable[[Iterable[Row]], Iterator[Row]]


class Tree(msgspec.Struct, frozen=True):
    """Rows that form a tree by the values of `column`; `by` is indent, outline or number, `parent` the column to add."""

    column: str
    by: str
    parent: str


class Unpivot(msgspec.Struct, frozen=True):
    """Columns that become rows: those named, or with `span` those from the first to the last of two."""

    columns: tuple[str, ...]
    span: bool
    name: str
    value: str


class Reshaping(msgspec.Struct, frozen=True):
    """Everything that is to be done with the rows of a table, in the language's own order."""

    fill_down: tuple[str, ...] = ()
    tree: Tree | None = None
    unpivot: Unpivot | None = None


def reshape(section: Section, how: Reshaping) -> Section:
    """Return the section with its blanks filled, the column of a tree added, and columns turned into rows."""
    filled = [column.index for header in how.fill_down if (column := _only(section, header))]
    if filled:
        section = _with_rows(section, _filling(filled))
    if how.tree is not None:
        section = _with_tree(section, how.tree)
    return section if how.unpivot is None else _unpivoted(section, how.unpivot)


def span_of(section: Section, unpivot: Unpivot) -> tuple[Column, ...]:
    """Return the columns that `unpivot` turns into rows, from the left; empty where one it names is missing."""
    found = [_only(section, header) for header in unpivot.columns]
    named = [column for column in found if column is not None]
    if len(named) < len(found):
        return ()
    if not unpivot.span:
        return tuple(dict.fromkeys(named))
    first, last = sorted(column.index for column in named)
    return tuple(column for column in section.columns if first <= column.index <= last and _title(column))


class Reshaped(Collection[Row]):
    """Rows made of other rows, anew on each iteration."""

    def __init__(self, rows: Collection[Row], change: Change, count: int | None = None) -> None:
        """`count`: how many there are, where these are not as many as the rows they are made of."""
        self._rows, self._change, self._count = rows, change, count

    def __len__(self) -> int:
        """Return how many rows there are; nothing is read for it."""
        return len(self._rows) if self._count is None else self._count

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows in the file's order."""
        return self._change(self._rows)

    def __contains__(self, row: object) -> bool:
        """Whether a row is among these."""
        return any(row == own for own in self)


def _only(section: Section, header: str) -> Column | None:
    found = section.find(header)
    return found[0] if found else None


def _title(column: Column) -> str:
    return column.header or column.letters


def _with_rows(section: Section, change: Change) -> Section:
    return msgspec.structs.replace(section, rows=Reshaped(section.rows, change))


def _filling(indices: Sequence[int]) -> Change:
    def fill(rows: Iterable[Row]) -> Iterator[Row]:
        above: dict[int, Cell] = {}
        for row in rows:
            cells = None
            for index in indices:
                cell = row.cells[index]
                if cell.kind is not _BLANK:
                    above[index] = cell
                elif index in above:
                    cells = cells or [*row.cells]
                    cells[index] = above[index]
            yield row if cells is None else msgspec.structs.replace(row, cells=tuple(cells))

    return fill


def _with_tree(section: Section, tree: Tree) -> Section:
    column = _only(section, tree.column)
    if column is None:
        return section
    change = (
        _by_number(column) if tree.by == "number" else _by_level(column, _levels(section, column, tree.by))
    )
    added = Column(column.letters, tree.parent, len(section.columns))
    found = _with_rows(section, change)
    return msgspec.structs.replace(found, columns=(*section.columns, added))


def _levels(section: Section, column: Column, by: str) -> Callable[[Row], int]:
    """Return how deep a row stands: in row groups, or by the indent of its cell and the spaces before its text."""
    known: Mapping[int, int]
    if by == "outline":
        known = section.outlines()
        return lambda row: known.get(row.number, 0)
    known, index = section.indents(index_of(column.letters)), column.index
    return lambda row: known.get(row.number, 0) + row.cells[index].indent


def _by_level(column: Column, level_of: Callable[[Row], int]) -> Change:
    def add(rows: Iterable[Row]) -> Iterator[Row]:
        above: list[tuple[int, Cell]] = []
        for row in rows:
            cell = row.cells[column.index]
            if cell.kind is _BLANK:
                # Names no node of the tree; it belongs where the row above it does.
                yield _longer(row, above[-1][1] if above else _nothing(column))
                continue
            level = level_of(row)
            while above and above[-1][0] >= level:
                above.pop()
            yield _longer(row, above[-1][1] if above else _nothing(column))
            above.append((level, cell))

    return add


def _by_number(column: Column) -> Change:
    """`1.2.3` stands under `1.2` if that stands above it, else under `1`; where parts are missing nothing is guessed."""

    def add(rows: Iterable[Row]) -> Iterator[Row]:
        seen: dict[tuple[str, ...], Cell] = {}
        for row in rows:
            cell = row.cells[column.index]
            parts = tuple(part.strip() for part in cell.text.rstrip(" .)").split("."))
            above = next((seen[parts[:n]] for n in range(len(parts) - 1, 0, -1) if parts[:n] in seen), None)
            yield _longer(row, above or _nothing(column))
            if cell.kind is not _BLANK:
                seen[parts] = cell

    return add


def _nothing(column: Column) -> Cell:
    return Cell(None, column.letters, _BLANK, "")


def _longer(row: Row, *cells: Cell) -> Row:
    return msgspec.structs.replace(row, cells=(*row.cells, *cells))


def _unpivoted(section: Section, unpivot: Unpivot) -> Section:
    taken = span_of(section, unpivot)
    if not taken:
        return section
    turned = {column.index for column in taken}
    kept = [column for column in section.columns if column.index not in turned]
    names = [
        (column.index, Cell(_title(column), column.letters, CellKind.TEXT, _title(column)))
        for column in taken
    ]
    stay = [column.index for column in kept]

    def turn(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            cells = row.cells
            before = [cells[index] for index in stay]
            for index, name in names:
                if cells[index].kind is not _BLANK:
                    yield msgspec.structs.replace(row, cells=(*before, name, cells[index]))

    counts = [sum(row.cells[index].kind is not _BLANK for index in turned) for row in section.rows]
    columns = [msgspec.structs.replace(column, index=position) for position, column in enumerate(kept)]
    first = taken[0].letters
    columns += [
        Column(first, unpivot.name, len(kept), varies=True),
        Column(first, unpivot.value, len(kept) + 1, varies=True),
    ]
    return msgspec.structs.replace(
        section,
        columns=tuple(columns),
        rows=Reshaped(section.rows, turn, sum(counts)),
        outside=section.outside + counts.count(0),
    )
