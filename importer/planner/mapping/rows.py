"""One row → its record, or why it is none: conditions, fields, rows without a match value."""

from collections.abc import Iterator, Sequence

import msgspec

from importer.plan import Fate
from importer.planner.binding.bound import ABSENT, BLANK, CLEAR, BoundStep
from importer.planner.mapping.conversion import NotConvertible
from importer.planner.mapping.fields import Reading, check_cells
from importer.planner.mapping.problems import BlankMatch, ConditionProblem, TotalRow
from importer.planner.mapping.record import NO_DEFAULTS, LeftOut, Record
from importer.planner.mapping.shortcuts import Take
from importer.problems import Problem
from importer.recipe.expressions import ExpressionProblem, Scope
from importer.recipe.expressions.values import is_true
from importer.sources.table import Cell, CellKind, Row, Section
from importer.text.cleaning import clean
from importer.text.folding import fold

_TOTALS = ("итого", "всего", "total", "subtotal", "grand total", "промежуточный итог", "общий итог", "сумма")
_OUTSIDE = LeftOut(None)
_NOT_FOR_STEP = LeftOut(Fate.NOT_FOR_STEP, "when")


class Mapper(msgspec.Struct, kw_only=True):
    """Maps the rows of one section. `match` are the positions that tell entities apart; `number` is the next record's."""

    step: BoundStep
    section: Section
    scope: Scope
    table_when: Reading | None
    step_when: Reading | None
    take: Sequence[Take]
    letters: tuple[str | None, ...]
    match: tuple[int, ...]
    number: int
    # Position of the cell that is split into rows, and what stands between its items.
    split: tuple[int, str] | None = None
    # Fields whose cell comes from another column in every row: position, and the cell's.
    varying: tuple[tuple[int, int], ...] = ()

    def map(self, row: Row) -> Record | LeftOut:
        """Return what one row becomes."""
        problems = [*row.problems]
        if self.table_when is not None:
            self.scope.row, self.scope.number = row.cells, row.number
            if not self._holds(self.table_when, row, problems):
                return _OUTSIDE
        return self._mapped(row, problems)

    def map_split(self, row: Row) -> Iterator[tuple[Row, Record | LeftOut]]:
        """Yield the rows that one row is split into, and what each becomes; the table's `when` sees the whole row."""
        problems = [*row.problems]
        self.scope.row, self.scope.number = row.cells, row.number
        if self.table_when is not None and not self._holds(self.table_when, row, problems):
            yield row, _OUTSIDE
            return
        for piece in split_row(row, self.split):
            yield piece, self._mapped(piece, [*problems])

    def _mapped(self, row: Row, problems: list[Problem]) -> Record | LeftOut:
        cells = row.cells
        scope = self.scope
        scope.row, scope.number = cells, row.number
        if self.step_when is not None and not self._holds(self.step_when, row, problems):
            return _NOT_FOR_STEP
        letters = self._letters(cells) if self.varying else self.letters
        record = Record(self.number, self.step, row, [], letters, problems, NO_DEFAULTS)
        values = record.values = [take(cells, record) for take in self.take]
        for position in self.match:
            value = values[position]
            if value is not BLANK and value is not ABSENT and value is not CLEAR:
                break
        else:
            total = self._unmatched(record) if self.match else None
            if total is not None:
                return total
        self.number += 1
        return record

    def _letters(self, cells: tuple[Cell, ...]) -> tuple[str | None, ...]:
        found = list(self.letters)
        for position, index in self.varying:
            found[position] = cells[index].column
        return tuple(found)

    def _holds(self, condition: Reading, row: Row, problems: list[Problem]) -> bool:
        """Return what a condition says; a row about which it cannot say anything is kept, and blocked."""
        try:
            check_cells(condition.used, row, self.step.name)
            return is_true(condition.give(self.scope))
        except NotConvertible as refused:
            problems.append(refused.problem)
        except ExpressionProblem as problem:
            problems.append(
                ConditionProblem(place=row.place(), step=self.step.name, reason=problem.message())
            )
        return True

    def _unmatched(self, record: Record) -> LeftOut | None:
        """Leave out a row that nothing is recognised by and that reads like a total; block any other."""
        cell = _total(record.row)
        if cell is not None:
            return LeftOut(Fate.SKIP, "total-row", self._total_row(record.row, cell))
        if record.usable:
            names = ", ".join(self.step.match_text)
            first = self.match[0] if self.match else None
            record.problems.append(BlankMatch(place=record.place(first), step=self.step.name, expected=names))
        return None

    def _total_row(self, row: Row, cell: Cell) -> TotalRow:
        columns = self.section.columns
        header = next((c.header for c in columns if c.letters == cell.column and c.header), None)
        name = f'row["{header}"]' if header and not header.isidentifier() else f"row.{header or cell.column}"
        return TotalRow(
            place=row.place(cell.column), step=self.step.name, found=cell.text, row=row.number, expected=name
        )


def split_row(row: Row, how: tuple[int, str] | None) -> tuple[Row, ...]:
    """Return a row per item of a cell, blank items left out; a row whose cell has none, or holds an error, stays as it is."""
    if how is None:
        return (row,)
    index, separator = how
    cell = row.cells[index]
    if cell.kind is CellKind.ERROR or cell.kind is CellKind.FORMULA:
        return (row,)
    items = [text for item in cell.text.split(separator) if (text := clean(item))]
    if len(items) < 2 and items == [cell.text]:
        return (row,)
    made = (Cell(text, cell.column, CellKind.TEXT, text) for text in items)
    pieces = tuple(
        msgspec.structs.replace(row, cells=(*row.cells[:index], item, *row.cells[index + 1 :]))
        for item in made
    )
    if pieces:
        return pieces
    nothing = Cell(None, cell.column, CellKind.BLANK, "")
    return (msgspec.structs.replace(row, cells=(*row.cells[:index], nothing, *row.cells[index + 1 :])),)


def _total(row: Row) -> Cell | None:
    """Return the first filled cell when it reads like a total."""
    first = next((cell for cell in row.cells if cell.kind is not CellKind.BLANK), None)
    if first is None or first.kind is not CellKind.TEXT:
        return None
    text = fold(first.text)
    return (
        first if any(text == word or text.startswith((f"{word} ", f"{word}:")) for word in _TOTALS) else None
    )
