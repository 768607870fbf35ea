"""The way of one value from its row into a record (recipe-language.md §6.2).

column/value → clean → blank? `default`/`on_blank` : `apply` → `map` → convert to the property's type, or left to be looked up.
Complete for every field; `shortcuts` goes around it where a field is plain.
"""

from dataclasses import replace
from datetime import timedelta

import msgspec

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import ABSENT, BLANK, CLEAR, Asked, Blank, BoundField, Clear
from importer.planner.mapping.conversion import Converter, NotConvertible
from importer.planner.mapping.problems import (
    BlankValue,
    CellError,
    ExpressionValue,
    FormulaWithoutValue,
    UnmappedUnlike,
    UnmappedValue,
)
from importer.planner.mapping.record import FieldValue, Record
from importer.planner.mapping.value_tables import CompiledTable
from importer.problems import nearest
from importer.recipe.expressions import Compiled, ExpressionProblem, Scope
from importer.recipe.expressions.values import Value, plain, text_of
from importer.sources.table import Cell, CellKind, Row
from importer.text.cleaning import clean

_ERROR, _FORMULA = CellKind.ERROR, CellKind.FORMULA


class Reading(msgspec.Struct, frozen=True):
    """Something that is worked out from a row, and the positions of the cells it reads."""

    give: Compiled
    used: tuple[int, ...] = ()


class CompiledField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a section, made ready. `scope` is the section's: its row is set before a value is asked for.

    column: letters of the column read, where the value is one cell's. there: whether the file has what it reads.
    origin, apply: as one reading, because a cell that either needs must hold a value. convert: None where the
    value is looked up.
    """

    step: str
    bound: BoundField
    scope: Scope
    column: str | None
    there: bool
    clears: bool
    origin: Reading
    apply: Compiled | None
    table: CompiledTable | None
    table_used: tuple[int, ...]
    default: Reading | None
    convert: Converter | None
    where: tuple["CompiledField", ...]
    separator: str | None = None  # of a collection: what stands between its items
    cleans: bool = True  # texts that expressions give, as the table's cells are

    def value(self, record: Record, position: int) -> FieldValue:
        """Return what the record holds at the position of this field; what is wrong is told to the record."""
        try:
            found = self._raw(record.row)
            return self._blank(record, position, found) if isinstance(found, Blank) else found
        except NotConvertible as refused:
            # Places are made where they are needed: most cells are right.
            problem = refused.problem
            record.problems.append(
                problem if problem.place is not None else replace(problem, place=record.place(position))
            )
            return BLANK

    def _raw(self, row: Row) -> FieldValue:
        """Return the typed value, the text to look up, or a blank.

        Raises:
            NotConvertible: with the problem; without a place where it is the field's own cell.
        """
        if self.clears:
            return CLEAR
        if not self.there:
            return ABSENT
        check_cells(self.origin.used, row, self.step)
        try:
            value = self.origin.give(self.scope)
            if self.separator is not None:
                return self._several(value, row)
            if self.apply is not None or self.table is not None:
                value = self._changed(value, row)
            return self._typed(value, row)
        except ExpressionProblem as problem:
            raise self._no_value(problem) from None

    def _several(self, value: Value, row: Row) -> FieldValue:
        """Return the items of a collection, each mapped and typed on its own; none at all is a blank.

        Raises:
            ExpressionProblem: an item has no value.
            NotConvertible: with the problem.
        """
        if self.apply is not None and plain(value) is not None:
            self.scope.value = value
            value = self.apply(self.scope)
        found = []
        for text in text_of(value).split(self.separator):
            item: Value = clean(text)
            if item and self.table is not None:
                check_cells(self.table_used, row, self.step)
                item = self._mapped(self.table, item)
            typed = self._typed(item, row)
            if typed is not BLANK:
                found.append(typed)
        return tuple(found) if found else BLANK  # type: ignore[arg-type]

    def _changed(self, value: Value, row: Row) -> Value:
        """Return what `apply` and `map` make of a value; a blank skips them.

        Raises:
            ExpressionProblem: they have no value.
            NotConvertible: with the problem.
        """
        if self.apply is not None and plain(value) is not None:
            self.scope.value = value
            value = self.apply(self.scope)
        if self.table is not None and plain(value) is not None:
            check_cells(self.table_used, row, self.step)
            value = self._mapped(self.table, value)
        return value

    def _mapped(self, table: CompiledTable, value: Value) -> Value:
        give = table.look(value)
        if give is None:
            word = text_of(value)
            near = nearest(word, table.words)
            kind = UnmappedValue if near else UnmappedUnlike
            raise NotConvertible(
                kind(step=self.step, found=word, near=near, property=self.bound.property.name)
            )
        self.scope.value = value
        return give(self.scope)

    def _typed(self, value: Value, row: Row) -> FieldValue:
        """Return the value in the property's type, the text to be looked up, or a blank.

        Raises:
            ExpressionProblem: it is a list, or a number of months.
            NotConvertible: with the problem.
        """
        if type(value) is str:
            shown = clean(value) if self.cleans else value
            own: EdmValue = shown
        else:
            own, shown = _told(value)
        if own is None or (not shown and own == ""):
            return BLANK
        if self.convert is not None:
            return self.convert(own, shown)
        narrowed = tuple(inner._narrowing(row) for inner in self.where)  # noqa: SLF001 - a field of its own kind
        return Asked(shown if type(value) is Cell else own, narrowed)

    def _narrowing(self, row: Row) -> "EdmValue | Asked | Blank":
        found = self._raw(row)
        return BLANK if found is ABSENT or isinstance(found, Clear) else found

    def _blank(self, record: Record, position: int, found: Blank) -> FieldValue:
        """Return the blank. Where there is a default, `on_blank` waits until it is known whether the entity must be made."""
        rule = self.bound.rule
        default = self._default(record.row)
        if default is not None:
            record.defaults = {**record.defaults, position: default}
        elif found is BLANK and rule.on_blank == "skip":
            record.skipped = record.skipped or "on_blank"
        elif found is BLANK and rule.on_blank == "error":
            record.problems.append(
                BlankValue(place=record.place(position), step=self.step, property=self.bound.property.name)
            )
        return found

    def _default(self, row: Row) -> FieldValue:
        """Return what stands for a blank when the entity is made, or None."""
        if self.default is None:
            return None
        check_cells(self.default.used, row, self.step)
        try:
            found = self._typed(self.default.give(self.scope), row)
        except ExpressionProblem as problem:
            raise self._no_value(problem) from None
        return None if found is BLANK else found

    def _no_value(self, problem: ExpressionProblem) -> NotConvertible:
        return NotConvertible(
            ExpressionValue(step=self.step, property=self.bound.property.name, reason=problem.message())
        )


def check_cells(used: tuple[int, ...], row: Row, step: str) -> None:
    """Refuse cells that hold no value.

    Raises:
        NotConvertible: one of them is an error, or a formula that was never calculated.
    """
    cells = row.cells
    for position in used:
        cell = cells[position]
        kind = cell.kind
        if kind is _ERROR:
            raise NotConvertible(CellError(place=row.place(cell.column), step=step, found=cell.text))
        if kind is _FORMULA:
            raise NotConvertible(FormulaWithoutValue(place=row.place(cell.column), step=step))


def _told(value: Value) -> tuple[EdmValue, str]:
    """Return the value itself, and its text.

    Raises:
        ExpressionProblem: it is a list, or a number of months.
    """
    if type(value) is Cell:
        return value.value, value.text
    if isinstance(value, timedelta):
        return value, str(value)  # a number of days has no text, and needs none where a duration is wanted
    return value, text_of(value)  # type: ignore[return-value] # lists and months have no text
